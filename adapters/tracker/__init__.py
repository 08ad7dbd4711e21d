"""What trackers over TCP have in common, whatever frames they speak.

    octets -> Cutter -> frames -> the protocol's Dialogue -> events, and the answer they earn
                     -> unreadable stretches -> counted, told at most once a minute

A protocol brings the `Shape` of its frames and the `Dialogue` that reads them; `Connection` holds
the conversation, `Telling` makes the events.
"""

from adapters.tracker.config import ClockListener, TrackerListener
from adapters.tracker.connection import Connection, Dialogue, Reading
from adapters.tracker.cutter import Cutter, Shape, Unreadable
from adapters.tracker.owners import Owners
from adapters.tracker.telling import Frame, Saying, Telling, digest

__all__ = [
    "ClockListener",
    "Connection",
    "Cutter",
    "Dialogue",
    "Frame",
    "Owners",
    "Reading",
    "Saying",
    "Shape",
    "Telling",
    "TrackerListener",
    "Unreadable",
    "digest",
]
