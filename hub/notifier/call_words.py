"""What a call by SMS, telephone or ntfy says: what rings and in which zone; never who or where."""

from hub.notifier.channel import Send
from hub.text import Catalogue, catalogue
from routing.alarm import Alarm
from routing.marks import Mark
from routing.proofs.book import ChannelTest
from routing.tasks.value import Task


def text_of(send: Send) -> Catalogue:
    """Return the catalogue in the person's language."""
    return catalogue(send.language)


def what(send: Send, place: str | None) -> str:
    """Return what it is about, `Alarmknapp trykket, Øst`; of a test nothing is said."""
    about, text = send.alarm, text_of(send)
    if isinstance(about, ChannelTest):
        return ""
    kind = text(f"task.kind.{about.kind}" if isinstance(about, Task) else f"kind.{about.kind}")
    return f"{kind}, {place}" if place else kind


def is_exercise(send: Send) -> bool:
    """Whether it is training: said first, in every channel."""
    return isinstance(send.alarm, Alarm) and Mark.EXERCISE in send.alarm.marks


def exercise(send: Send) -> str:
    """Return what stands before the text of an exercise, nothing otherwise."""
    return text_of(send)("call.exercise") + " " if is_exercise(send) else ""
