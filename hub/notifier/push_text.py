"""What a notification says on a locked screen: what has happened and what is asked, never who or
where. The zone's name is the nearest it comes to a place."""

from dataclasses import dataclass

from hub.notifier.channel import Send
from hub.text import Catalogue, catalogue
from routing.alarm import Alarm
from routing.lifecycle import Phase
from routing.marks import Mark
from routing.proofs.book import ChannelTest
from routing.reasons import ReasonCode
from routing.tasks.life import TaskKind
from routing.tasks.value import Task

_WHY = {
    ReasonCode.HANDOVER_ASKED: "push.handover",
    ReasonCode.HELP_ASKED: "push.help",
    ReasonCode.PEOPLE_NEEDED: "push.help",
    ReasonCode.OWNER_ASKED: "push.owner_asked",
    ReasonCode.STILL_THERE: "push.owner_asked",
    ReasonCode.OWNER_TOLD_AGAIN: "push.owner_told",
}
ASKED_ASIDE = frozenset(
    {ReasonCode.HANDOVER_ASKED, ReasonCode.HELP_ASKED, ReasonCode.PEOPLE_NEEDED}
)
"""Why somebody is asked although the alarm has an owner."""


@dataclass(frozen=True, slots=True)
class Said:
    """The text of a notification."""

    title: str
    body: str


def is_asked(send: Send) -> bool:
    """Whether yes or no is an answer to this send."""
    page, about = send.owed.page, send.alarm
    if page.informed:
        return False
    if isinstance(about, Alarm):
        return about.phase is Phase.LOOKING or page.why.code in ASKED_ASIDE
    return isinstance(about, Task)


def is_exercise(send: Send) -> bool:
    """Whether it is about a device registered for exercise."""
    return isinstance(send.alarm, Alarm) and Mark.EXERCISE in send.alarm.marks


def is_again(send: Send) -> bool:
    """Whether the person may have been called to the same before."""
    about = send.alarm
    return isinstance(about, Alarm) and (about.activations > 1 or about.round > 1)


def said(send: Send) -> Said:
    """Return title and text in the person's language."""
    text, about = catalogue(send.language), send.alarm
    if isinstance(about, ChannelTest):
        return Said(text("push.test.title"), text("push.test.body"))
    lines = (send.place, _asks(send, text), _repeats(send, text))
    title = _titled(send, _what(about, text), text)
    return Said(title, " · ".join(line for line in lines if line))


def _titled(send: Send, title: str, text: Catalogue) -> str:
    if send.owed.page.informed:
        title = text("push.informed", what=title)
    return text("push.exercise", what=title) if is_exercise(send) else title


def _what(about: Alarm | Task, text: Catalogue) -> str:
    return text(f"task.kind.{about.kind}" if isinstance(about, Task) else f"kind.{about.kind}")


def _asks(send: Send, text: Catalogue) -> str | None:
    code = send.owed.page.why.code
    if isinstance(send.alarm, Alarm) and code in _WHY:
        return text(_WHY[code])
    if not is_asked(send):
        return None
    if isinstance(send.alarm, Task):
        return text("push.duty" if send.alarm.kind is TaskKind.DUTY else "push.task")
    return text("push.called")


def _repeats(send: Send, text: Catalogue) -> str | None:
    about = send.alarm
    if not isinstance(about, Alarm):
        return None
    if about.activations > 1:
        return text("push.repeats", count=about.activations)
    return text("push.again") if about.round > 1 else None
