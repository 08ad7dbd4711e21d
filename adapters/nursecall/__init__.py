"""What nurse-call protocols share: what a panel's message means, and how it becomes events.

A room is a subject of its own (`espa444:<listener>/<room>`), registered as a device of a unit, so
that a ward's room needs no resident. The line itself is the subject `espa444:<listener>`.
"""

from adapters.nursecall.config import Means, NurseCallListener, TextRule
from adapters.nursecall.line import Line
from adapters.nursecall.meaning import Meaning, meaning_of
from adapters.nursecall.repeats import Repeats
from adapters.nursecall.saying import Said, Sayings

__all__ = [
    "Line",
    "Meaning",
    "Means",
    "NurseCallListener",
    "Repeats",
    "Said",
    "Sayings",
    "TextRule",
    "meaning_of",
]
