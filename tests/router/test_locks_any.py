"""Any interleaving of taps, deliveries, crashes and hands at the door: one command at a time, none
begun late, none begun twice by one adapter, and an end for each.

The core and the Nuki session are the production ones; the broker may deliver again and late, hub
and adapter may lose their memory at any point.
"""

from collections import Counter
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.nuki import NukiConfig, NukiSession
from adapters.session import Emit, Publish
from hub.router import parse
from routing.event import Event
from routing.facts import EventRecorded
from routing.inputs import TimeReached
from routing.instant import SECOND, Instant
from routing.kinds import Kind
from routing.lifecycle import Action
from routing.locks.facts import LockAsked, LockEnded
from routing.locks.told import Told, told_at_boot, told_of
from routing.municipality import Device
from routing.pass_time import next_due
from routing.snapshot import restore, take
from routing.to_device import DeviceCommand
from tests.routing.story import Story, town

ID = "2BB28570"
BUSY_S, LIFE_S = 15, 30


class World(Story):
    """Rolf's home, a lock with a motor, a broker, and somebody who has the alarm."""

    def __init__(self) -> None:
        self.queue: list[Told] = []
        super().__init__(town(Device(id="lock", subject=f"nuki:{ID}", resident="rolf")))
        self.session = NukiSession(NukiConfig(id="front"))
        self.lives = 0
        self.begun: list[tuple[int, str]] = []
        """(life of the adapter, command) as the lock was told."""
        self.press()
        (self.case,) = self.state.alarms
        self.says("state", "1")
        self.accept("anna")

    @property
    def alarm(self) -> str:
        return self.case

    def feed(self, input: Any) -> list[str]:
        before = len(self.journal)
        lines = super().feed(input)
        self.queue += told_of(self.state, [record.fact for record in self.journal[before:]])
        return lines

    def hears(self, events: list[Event]) -> None:
        for event in events:
            task = parse.event("front", event.to_json(), self.at).task
            if isinstance(task, EventRecorded):
                self.feed(task)

    def says(self, what: str, payload: str) -> None:
        self.hears(
            list(self.session.message(f"nuki/{ID}/{what}", payload.encode(), False, self.at))
        )

    def deliver(self, told: Told) -> None:
        if not isinstance(told.message, DeviceCommand):
            return
        for output in self.session.told(told.message, self.at):
            if isinstance(output, Emit):
                self.hears([output.event])
            elif isinstance(output, Publish):
                assert self.at < told.message.expires_at
                assert not output.retain
                self.begun.append((self.lives, told.message.id))

    def pass_s(self, seconds: int) -> None:
        end = self.at + seconds * SECOND
        while (due := next_due(self.state)) is not None and due <= end:
            self.at = max(self.at, due)
            self.feed(TimeReached())
        self.at = end

    def step(self, deed: str, number: int) -> None:
        match deed:
            case "unlock" | "lock":
                person = ("anna", "anna", "berit", "carl")[number % 4]
                self.do(person, Action(deed), made_ago_s=number)
            case "deliver" if self.queue:
                self.deliver(self.queue.pop(number % len(self.queue)))
            case "again" if self.queue:
                self.deliver(self.queue[number % len(self.queue)])
            case "state":
                self.says("state", ("1", "2", "3", "4", "254")[number % 5])
            case "response":
                self.says("commandResponse", ("0", "69")[number % 2])
            case "hand":
                self.says("lockActionEvent", f"{1 + number % 2},2,0,0,0")
            case "wait":
                self.pass_s(number)
            case "hub dies":
                restored = restore(take(self.state))
                assert restored == self.state
                self.state = restored
                self.queue += told_at_boot(self.state, self.at)
            case "adapter dies":
                self.session = NukiSession(NukiConfig(id="front"))
                self.lives += 1
            case "close":
                self.close("anna")
            case "reopen":
                self.do("anna", Action.REOPEN)
                self.accept("anna")

    def facts_of(self, kind: type[Any]) -> list[Any]:
        return [record.fact for record in self.journal if isinstance(record.fact, kind)]


TAPS = ("unlock", "unlock", "lock", "close", "reopen")
ROAD = ("deliver", "deliver", "again", "state", "response", "hand")
TROUBLE = ("wait", "wait", "hub dies", "adapter dies")
DEEDS = st.sampled_from((*TAPS, *ROAD, *TROUBLE))


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(DEEDS, st.integers(0, 40)), max_size=40))
def test_any_interleaving(deeds: list[tuple[str, int]]) -> None:
    world = World()
    for deed, number in deeds:
        world.step(deed, number)
    world.pass_s(LIFE_S)
    asked: list[LockAsked] = world.facts_of(LockAsked)
    ended: list[LockEnded] = world.facts_of(LockEnded)
    assert {one.person for one in asked} <= {"anna"}
    assert max(Counter(world.begun).values(), default=1) == 1
    assert {command for _, command in world.begun} <= {one.command for one in asked}
    every = {
        one.command: [str(e.outcome) for e in ended if e.command == one.command] for one in asked
    }
    for ends in every.values():
        assert ends in (["ok"], ["failed"], ["unknown"], ["unknown", "ok"], ["unknown", "failed"])
    assert at_once(world) <= 1
    assert world.state.locks.busy == {}


def at_once(world: World) -> int:
    """Return how many commands were under way together at most, told from the facts alone."""
    open_now: set[str] = set()
    most = 0
    for record in world.journal:
        if isinstance(record.fact, LockAsked):
            open_now.add(record.fact.command)
        elif isinstance(record.fact, LockEnded):
            open_now.discard(record.fact.command)
        most = max(most, len(open_now))
    return most


def test_the_world_opens_a_door_when_nothing_is_wrong() -> None:
    world = World()
    for deed, number in [("unlock", 0), ("deliver", 0), ("state", 1), ("state", 2)]:
        world.step(deed, number)
    assert [str(one.outcome) for one in world.facts_of(LockEnded)] == ["ok"]
    assert len(world.begun) == 1
    assert Kind.LOCK_UNLOCKED in {one.kind for one in world.facts_of(EventRecorded)}


def test_a_told_command_is_given_up_by_the_clock() -> None:
    world = World()
    world.step("unlock", 0)
    expires: Instant = world.facts_of(LockAsked)[0].expires_at
    assert expires - world.at == BUSY_S * SECOND
    world.pass_s(BUSY_S)
    world.step("deliver", 0)
    assert world.begun == []
    assert [str(one.outcome) for one in world.facts_of(LockEnded)] == ["failed"]
