"""The notifier: a slow receiver delays nobody, severe first, retries under one id, then the end."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import pytest
from msgspec.structs import replace

from hub.notifier.channel import Attempt, Result, Send
from hub.notifier.notifier import ATTEMPTS, PLACES, Notifier
from routing.alarm import Alarm
from routing.facts import Page, SendEnded
from routing.kinds import Category, Kind, Severity
from routing.reasons import ReasonCode, because
from routing.state import Owed

ALARM = Alarm(
    id="a1",
    kind=Kind.HELP_PRESSED,
    category=Category.HELP,
    severity=Severity.HIGH,
    subject="scaip:1",
    device="pendant",
    resident="rolf",
    unit=None,
    policy="p",
    raised_at=0,
    received_at=0,
)
GOOD, AGAIN, DEAD = (
    Attempt(Result.DELIVERED, "http-200"),
    Attempt(Result.AGAIN, "http-503"),
    Attempt(Result.FAILED, "http-410"),
)


def owed(person: str, alarm: str = "a1", channel: str = "webhook-1") -> Owed:
    why = because(ReasonCode.IN_TEAM, team="home")
    return Owed(alarm, Page(f"{alarm}:r1.s0:{person}:{channel}", person, channel, why))


@dataclass
class Fake:
    """A channel whose receivers answer as they were told, or not before they are let go."""

    answers: dict[str, list[Attempt]] = field(default_factory=lambda: defaultdict(list))
    held: dict[str, asyncio.Event] = field(default_factory=dict)
    tried: list[str] = field(default_factory=list)
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    def hold(self, person: str) -> asyncio.Event:
        return self.held.setdefault(person, asyncio.Event())

    async def attempt(self, send: Send) -> Attempt:
        person = send.owed.page.person
        self.tried.append(send.owed.page.send)
        self.changed.set()
        if person in self.held:
            await self.held[person].wait()
        planned = self.answers[person]
        return planned.pop(0) if planned else GOOD


@dataclass
class Rig:
    """A notifier over the fake channel, and the ends that it told."""

    severities: dict[str, Severity] = field(default_factory=dict)
    strange: set[str] = field(default_factory=set)
    """Alarms of devices that nobody has registered."""
    fake: Fake = field(default_factory=Fake)
    ended: list[SendEnded] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._changed = asyncio.Event()
        self.notifier = Notifier({"webhook": self.fake}, self._describe, self._end, lambda: 0.5)

    def _describe(self, one: Owed) -> Send | None:
        if one.alarm == "left":
            return None
        severity = self.severities.get(one.alarm, Severity.HIGH)
        alarm = replace(ALARM, id=one.alarm, severity=severity)
        if one.alarm in self.strange:
            alarm = replace(alarm, device=None, resident=None)
        return Send(one, alarm, {"url": "http://x"})

    def _end(self, ended: SendEnded) -> None:
        self.ended.append(ended)
        self._changed.set()

    async def ends(self, number: int) -> list[tuple[str, bool, str]]:
        """Wait for so many ends; return person, delivered, code of each."""
        async with asyncio.timeout(30):
            while len(self.ended) < number:
                self._changed.clear()
                await self._changed.wait()
        return [(one.person, one.delivered, one.code) for one in self.ended]

    async def tries(self, number: int) -> None:
        """Wait until the channel has been tried so often."""
        async with asyncio.timeout(30):
            while len(self.fake.tried) < number:
                self.fake.changed.clear()
                await self.fake.changed.wait()


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Let the notifier's pauses take no time; return how long they would have been."""
    taken: list[float] = []
    real: Callable[[float], Awaitable[None]] = asyncio.sleep

    async def pause(seconds: float) -> None:
        taken.append(seconds)
        await real(0)

    monkeypatch.setattr(asyncio, "sleep", pause)
    return taken


async def test_a_slow_receiver_delays_nobody_else() -> None:
    rig = Rig()
    rig.fake.hold("slow")
    rig.notifier.settle("a1", [owed("slow"), owed("anna"), owed("berit")])
    assert await rig.ends(2) == [("anna", True, "http-200"), ("berit", True, "http-200")]
    assert rig.notifier.under_way() == 1
    rig.fake.held["slow"].set()
    assert (await rig.ends(3))[2] == ("slow", True, "http-200")
    assert rig.notifier.under_way() == 0


async def test_a_flood_to_one_receiver_does_not_hold_back_another() -> None:
    rig = Rig()
    rig.fake.hold("anna")
    for number in range(20 * PLACES):
        rig.notifier.settle(f"f{number}", [owed("anna", f"f{number}")])
    rig.notifier.settle("a1", [owed("berit")])
    assert await rig.ends(1) == [("berit", True, "http-200")]
    await rig.notifier.close()


async def test_a_flood_of_unknown_devices_leaves_a_place_for_a_residents_press() -> None:
    flood = {f"x{number}" for number in range(200)}
    rig = Rig(severities=dict.fromkeys(flood, Severity.CRITICAL), strange=flood)
    rig.fake.hold("anna")
    for name in sorted(flood):
        rig.notifier.settle(name, [owed("anna", name)])
    await rig.tries(12)
    rig.notifier.settle("press", [owed("anna", "press")])
    await rig.tries(13)
    assert rig.fake.tried[-1] == "press:r1.s0:anna:webhook-1"
    await asyncio.sleep(0)
    assert len(rig.fake.tried) == 13, "the others of the flood wait for their own places"
    rig.fake.held["anna"].set()
    await rig.ends(201)
    assert rig.notifier.under_way() == 0


async def test_a_residents_press_goes_before_unknown_devices_that_wait() -> None:
    flood = {f"x{number}" for number in range(20)}
    known = {f"k{number}" for number in range(4)}
    rig = Rig(severities=dict.fromkeys(flood, Severity.CRITICAL), strange=flood)
    rig.fake.hold("anna")
    for name in (*sorted(known), *sorted(flood)):
        rig.notifier.settle(name, [owed("anna", name)])
    await rig.tries(16)
    rig.notifier.settle("press", [owed("anna", "press")])
    rig.fake.held["anna"].set()
    await rig.ends(25)
    assert rig.fake.tried[16] == "press:r1.s0:anna:webhook-1"


async def test_the_most_severe_goes_first_when_places_are_taken() -> None:
    names = [f"t{n}" for n in range(PLACES)] + ["low", "critical", "high"]
    rig = Rig(dict.fromkeys(names, Severity.TECHNICAL))
    rig.severities |= {
        "low": Severity.LOW,
        "critical": Severity.CRITICAL,
        "high": Severity.HIGH,
    }
    gate = rig.fake.hold("anna")
    for alarm in names:
        rig.notifier.settle(alarm, [owed("anna", alarm)])
    await rig.tries(PLACES)
    assert len(rig.fake.tried) == PLACES
    gate.set()
    await rig.ends(PLACES + 3)
    assert [send.split(":")[0] for send in rig.fake.tried[PLACES:]] == ["critical", "high", "low"]


async def test_what_is_no_longer_owed_is_stopped_and_has_no_end() -> None:
    rig = Rig()
    rig.fake.hold("anna")
    rig.notifier.settle("a1", [owed("anna"), owed("berit")])
    await rig.ends(1)
    rig.notifier.settle("a1", [])
    assert rig.notifier.under_way() == 0
    rig.fake.held["anna"].set()
    rig.notifier.settle("a2", [owed("carl", "a2")])
    assert [person for person, *_ in await rig.ends(2)] == ["berit", "carl"]


async def test_what_waits_for_a_place_and_is_no_longer_owed_is_never_tried() -> None:
    rig = Rig()
    gate = rig.fake.hold("anna")
    for number in range(PLACES + 1):
        rig.notifier.settle(f"f{number}", [owed("anna", f"f{number}")])
    await rig.tries(PLACES)
    rig.notifier.settle(f"f{PLACES}", [])
    gate.set()
    await rig.ends(PLACES)
    assert f"f{PLACES}:r1.s0:anna:webhook-1" not in rig.fake.tried
    assert rig.notifier.under_way() == 0


async def test_what_is_under_way_is_not_started_again() -> None:
    rig = Rig()
    rig.fake.hold("anna")
    for _ in range(3):
        rig.notifier.settle("a1", [owed("anna")])
    rig.fake.held["anna"].set()
    await rig.ends(1)
    assert rig.fake.tried == ["a1:r1.s0:anna:webhook-1"]


async def test_what_is_owed_again_after_a_stop_is_started_again() -> None:
    rig = Rig()
    rig.fake.hold("anna")
    rig.notifier.settle("a1", [owed("anna")])
    rig.notifier.settle("a1", [])
    rig.notifier.settle("a1", [owed("anna")])
    rig.fake.held["anna"].set()
    assert await rig.ends(1) == [("anna", True, "http-200")]


async def test_retries_keep_the_id_and_wait_longer_each_time(pauses: list[float]) -> None:
    rig = Rig()
    rig.fake.answers["anna"] = [AGAIN, AGAIN, GOOD]
    rig.notifier.settle("a1", [owed("anna")])
    assert await rig.ends(1) == [("anna", True, "http-200")]
    assert rig.fake.tried == ["a1:r1.s0:anna:webhook-1"] * 3
    assert pauses == [0.5, 1.0]


async def test_attempts_are_bounded_and_the_end_is_a_failure(pauses: list[float]) -> None:
    rig = Rig()
    rig.fake.answers["anna"] = [AGAIN] * 99
    rig.notifier.settle("a1", [owed("anna")])
    assert await rig.ends(1) == [("anna", False, "http-503")]
    assert len(rig.fake.tried) == ATTEMPTS == 4
    assert pauses == [0.5, 1.0, 2.0]


async def test_a_receiver_that_says_when_is_believed_up_to_ten_seconds(
    pauses: list[float],
) -> None:
    rig = Rig()
    rig.fake.answers["anna"] = [
        Attempt(Result.AGAIN, "http-429", 3.0),
        Attempt(Result.AGAIN, "http-429", 86_400.0),
        GOOD,
    ]
    rig.notifier.settle("a1", [owed("anna")])
    await rig.ends(1)
    assert pauses == [3.0, 10.0]


async def test_what_will_never_work_is_tried_once() -> None:
    rig = Rig()
    rig.fake.answers["anna"] = [DEAD]
    rig.notifier.settle("a1", [owed("anna")])
    assert await rig.ends(1) == [("anna", False, "http-410")]
    assert len(rig.fake.tried) == 1


async def test_a_persons_second_channel_is_a_receiver_of_its_own() -> None:
    rig = Rig()
    rig.fake.answers["anna"] = [DEAD, GOOD]
    rig.notifier.settle("a1", [owed("anna")])
    await rig.ends(1)
    rig.notifier.settle("a1", [owed("anna", channel="webhook-2")])
    await rig.ends(2)
    assert [(one.channel, one.delivered) for one in rig.ended] == [
        ("webhook-1", False),
        ("webhook-2", True),
    ]


async def test_a_channel_nobody_has_made_is_a_failure_and_not_a_crash() -> None:
    rig = Rig()
    rig.notifier.settle("a1", [owed("anna", channel="pigeon-1")])
    assert await rig.ends(1) == [("anna", False, "no-channel")]


async def test_an_alarm_that_has_left_sends_nothing() -> None:
    rig = Rig()
    rig.notifier.settle("left", [owed("anna", "left")])
    assert rig.notifier.under_way() == 0


async def test_closing_ends_nothing_so_that_it_is_owed_again() -> None:
    rig = Rig()
    rig.fake.hold("anna")
    rig.notifier.settle("a1", [owed("anna")])
    await rig.tries(1)
    await rig.notifier.close()
    assert rig.ended == []
