"""Sends of these tests: Olga's pendant in the zone Øst, as the notifier gives them to a channel."""

from typing import Any

from msgspec.structs import replace

from hub.notifier.channel import Send
from hub.text import Language
from routing.alarm import Alarm
from routing.fact_base import Page
from routing.kinds import Category, Kind, Severity
from routing.owed import About
from routing.proofs.book import ChannelTest
from routing.reasons import ReasonCode, because
from routing.state import Owed
from routing.tasks.life import TaskKind
from routing.tasks.value import Task

KEY = b"the thirty-two octets of a key.."
URL = "https://varde.example.org"
ALARM = Alarm(
    id="fjordby-a1",
    kind=Kind.HELP_PRESSED,
    category=Category.HELP,
    severity=Severity.HIGH,
    subject="scaip:26317",
    device="pendant-1",
    resident="olga",
    unit="east",
    policy="p",
    raised_at=0,
    received_at=0,
)
TASK = Task(
    id="task-1",
    kind=TaskKind.CHANGE_BATTERY,
    policy="p",
    severity=Severity.LOW,
    made_at=0,
    start=0,
    end=1,
    due_at=None,
    resident="olga",
    unit="east",
)


def page(
    about: About, where: str = "r1.s0", channel: str = "sms-1", *, informed: bool = False
) -> Page:
    why = because(ReasonCode.IN_TEAM, team="day")
    return Page(f"{about.id}:{where}:kari:{channel}", "kari", channel, why, informed=informed)


def send(
    about: About = ALARM,
    where: str = "r1.s0",
    *,
    language: Language = "nb",
    place: str | None = "Øst",
    address: dict[str, str] | None = None,
    informed: bool = False,
    **changes: Any,
) -> Send:
    """Return a send about Olga's alarm as it is after the changes."""
    one: Any = replace(about, **changes) if changes else about
    where_to = {"number": "+4790000001"} if address is None else address
    owed = Owed(one.id, page(one, where, informed=informed))
    return Send(owed, one, where_to, language, place)


def test_send() -> Send:
    """Return the send of a test of Kari's SMS."""
    one = ChannelTest("test-9", "kari", "sms-1", "kari", 0, 1, ())
    return Send(Owed(one.id, page(one, "t")), one, {"number": "+4790000001"}, "nb", None)


test_send.__test__ = False  # type: ignore[attr-defined]  # pytest would take it for a test
