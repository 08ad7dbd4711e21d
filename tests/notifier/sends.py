"""Sends about invented alarms, for tests of channels."""

from dataclasses import replace

from msgspec.structs import replace as changed

from hub.notifier.channel import Send
from hub.text import Language
from routing.alarm import Alarm
from routing.fact_base import Page
from routing.instant import MINUTE, SECOND, Instant, from_rfc3339
from routing.kinds import Category, Kind, Severity
from routing.lifecycle import Phase
from routing.marks import Mark
from routing.proofs.book import ChannelTest
from routing.reasons import ReasonCode, because
from routing.state import Owed
from routing.tasks.life import TaskKind
from routing.tasks.value import Task

NOW: Instant = from_rfc3339("2026-11-23T12:00:00Z")
ALARM = Alarm(
    id="fjordby-a1",
    kind=Kind.HELP_PRESSED,
    category=Category.HELP,
    severity=Severity.HIGH,
    subject="scaip:26317",
    device="pendant-1",
    resident="olga",
    unit="east",
    policy="home",
    raised_at=NOW,
    received_at=NOW,
    due_at=NOW + 2 * MINUTE,
)
TASK = Task(
    id="fjordby-t1",
    kind=TaskKind.VISIT,
    resident="olga",
    unit="east",
    policy="home",
    severity=Severity.MEDIUM,
    made_at=NOW,
    start=NOW,
    end=NOW + 60 * MINUTE,
    due_at=NOW + 10 * MINUTE,
)
WHERE = {
    ReasonCode.HANDOVER_ASKED: "o1",
    ReasonCode.HELP_ASKED: "h1.r1.s0",
    ReasonCode.PEOPLE_NEEDED: "h1.r1.s0",
    ReasonCode.OWNER_ASKED: "ask1",
}
"""Where in an alarm's life a call is made, as the core names it in the send."""


def send_of(
    about: Alarm | Task | ChannelTest = ALARM,
    *,
    person: str = "kari",
    why: ReasonCode = ReasonCode.ON_DUTY,
    informed: bool = False,
    language: Language = "nb",
    place: str | None = "Øst",
) -> Send:
    """Return a send to the person's push channel."""
    where = WHERE.get(why, "1.0")
    page = Page(f"{about.id}:{where}:{person}:push-1", person, "push-1", because(why), informed)
    return Send(Owed(about.id, page), about, {}, language, place)


def the_test(person: str = "kari") -> ChannelTest:
    """Return a test of the person's push channel."""
    id = "test-0123456789abcdef"
    page = Page(f"{id}:t:{person}:push-1", person, "push-1", because(ReasonCode.CHANNEL_TEST))
    return ChannelTest(id, person, "push-1", person, NOW, NOW + 120 * SECOND, (page,))


EXERCISE = changed(ALARM, marks=(Mark.EXERCISE,))
REPEATED = changed(ALARM, activations=3)
SECOND_ROUND = changed(ALARM, round=2)
OWNED = changed(ALARM, phase=Phase.ACCEPTED, owner="ola")
LOW = changed(ALARM, severity=Severity.LOW)
CRITICAL = changed(ALARM, severity=Severity.CRITICAL)


def again(send: Send, number: int) -> Send:
    """Return another send about the same alarm to the same person."""
    page = changed(send.owed.page, send=f"{send.owed.alarm}:{number}.0:kari:push-1")
    return replace(send, owed=Owed(send.owed.alarm, page))
