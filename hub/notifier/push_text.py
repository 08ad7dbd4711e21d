"""What a notification says on a locked screen: what has happened and what is asked, never who or
where. The zone's name is the nearest it comes to a place."""

from dataclasses import dataclass

from hub.notifier.asks import Ask, asks
from hub.notifier.channel import Send
from hub.text import Catalogue, catalogue
from routing.alarm import Alarm
from routing.marks import Mark
from routing.proofs.book import ChannelTest
from routing.reasons import ReasonCode
from routing.tasks.life import TaskKind
from routing.tasks.value import Task

_BY_ASK = {
    Ask.TAKE: "push.called",
    Ask.TAKE_OVER: "push.handover",
    Ask.JOIN: "push.help",
    Ask.STILL: "push.owner_asked",
}
_TOLD = {
    ReasonCode.STILL_THERE: "push.owner_asked",
    ReasonCode.OWNER_TOLD_AGAIN: "push.owner_told",
}
"""What the owner is told says more than that there is something."""
ANSWERED = frozenset({Ask.TAKE, Ask.TAKE_OVER, Ask.JOIN, Ask.TASK})
"""What yes or no is an answer to."""


@dataclass(frozen=True, slots=True)
class Said:
    """The text of a notification."""

    title: str
    body: str


def is_asked(send: Send) -> bool:
    """Whether yes or no is an answer to this send."""
    return asks(send.owed.page, send.alarm) in ANSWERED


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
    asked, code = asks(send.owed.page, send.alarm), send.owed.page.why.code
    if isinstance(send.alarm, Task) and asked is Ask.TASK:
        return text("push.duty" if send.alarm.kind is TaskKind.DUTY else "push.task")
    msgid = _BY_ASK.get(asked) or _TOLD.get(code)
    return None if msgid is None else text(msgid)


def _repeats(send: Send, text: Catalogue) -> str | None:
    about = send.alarm
    if not isinstance(about, Alarm):
        return None
    if about.activations > 1:
        return text("push.repeats", count=about.activations)
    return text("push.again") if about.round > 1 else None
