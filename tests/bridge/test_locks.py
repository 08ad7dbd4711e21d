"""Simulated locks on a real broker: told by the bridge, and what they do told to the hub."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

import pytest

from adapters.bridge.crash import Crash
from adapters.bridge.hub_link import OnOutcome
from adapters.bridge.settings import TopicListener
from adapters.bridge.topics import TopicRunner
from adapters.nuki import NukiConfig, NukiSession
from adapters.session import Outcome, TopicSession
from adapters.zigbee2mqtt import Zigbee2mqttConfig, Zigbee2mqttSession
from routing.event import Event
from routing.to_device import DeviceAction, DeviceCommand
from simulators.devicelog import DeviceLog
from simulators.gateway import DeviceBroker
from simulators.nuki import UNLOCKED, LockTroubles, NukiLock
from simulators.zigbee_lock import ZigbeeLock
from tests.bridge.rig import Broker, Clock, until

pytestmark = pytest.mark.broker
LATER = 10**18
Lock = NukiLock | ZigbeeLock


@dataclass
class Wire:
    """A listener that hears a simulated lock; everything it offers is durable at once."""

    runner: TopicRunner
    subject: str
    events: list[Event]
    log: DeviceLog
    numbers: int = 0
    told: list[str] = field(default_factory=list)

    def tell(self, action: DeviceAction = DeviceAction.UNLOCK) -> str:
        self.numbers += 1
        id = f"{self.numbers:032x}"
        command = DeviceCommand(id=id, subject=self.subject, action=action, expires_at=LATER)
        assert self.runner.told(command)
        self.told.append(id)
        return id

    def kinds(self) -> list[str]:
        return [str(event.type) for event in self.events]

    def ends(self, id: str) -> list[tuple[str, str | None]]:
        found = (e for e in self.events if e.data.reference == id)
        return [(str(event.type), event.data.code) for event in found]

    def commands(self) -> int:
        return sum(entry.what == "heard" for entry in self.log.entries)


@contextlib.asynccontextmanager
async def wired(
    broker: Broker, clock: Clock, session: TopicSession, lock: Lock, log: DeviceLog
) -> AsyncIterator[Wire]:
    events: list[Event] = []

    def emit(_adapter: str, event: Event, outcome: OnOutcome) -> None:
        events.append(event)
        outcome(event.id, Outcome.DURABLE)

    listener = TopicListener("front", session, broker.endpoint, retry_pause_s=0.01)
    runner = TopicRunner("client", listener, emit, clock, Crash())
    task = asyncio.ensure_future(runner.run())
    wire = Wire(runner, lock.name, events, log)
    probe = DeviceCommand(id="0", subject=lock.name, action=DeviceAction.LOCK, expires_at=0)
    await until(lambda: runner.told(probe))
    await lock.start()
    try:
        yield wire
    finally:
        await lock.stop()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def has_turned(lock: Lock) -> bool:
    """Whether the door is open by now, told or not."""
    return lock.state == UNLOCKED if isinstance(lock, NukiLock) else lock.lock_state == "unlocked"


Build = Callable[[LockTroubles], contextlib.AbstractAsyncContextManager[tuple[Wire, Lock]]]


@pytest.fixture(params=["nuki", "zigbee2mqtt"])
def lock(request: pytest.FixtureRequest, broker: Broker, clock: Clock) -> Build:
    """Return what wires a lock of each sort up."""

    @contextlib.asynccontextmanager
    async def build(troubles: LockTroubles) -> AsyncIterator[tuple[Wire, Lock]]:
        log, where = DeviceLog(), DeviceBroker("127.0.0.1", broker.port)
        made: Lock
        session: TopicSession
        if request.param == "nuki":
            made = NukiLock("2BB28570", where, seed=1, log=log, troubles=troubles)
            session = NukiSession(NukiConfig(id="front"))
        else:
            made = ZigbeeLock("hall/lock", where, seed=1, log=log, troubles=troubles)
            session = Zigbee2mqttSession(Zigbee2mqttConfig(id="front"))
        async with wired(broker, clock, session, made, log) as wire:
            await until(lambda: "lock.locked" in wire.kinds())
            yield wire, made

    return build


async def test_it_opens_and_locks_and_says_so(lock: Build) -> None:
    async with lock(LockTroubles(moves_s=0.02)) as (wire, _):
        first = wire.tell()
        await until(lambda: wire.ends(first))
        second = wire.tell(DeviceAction.LOCK)
        await until(lambda: wire.ends(second))
        assert [kind for kind, _ in wire.ends(first)] == ["lock.unlocked"]
        assert [kind for kind, _ in wire.ends(second)] == ["lock.locked"]
        assert wire.commands() == 2


async def test_a_jammed_lock_says_that_it_failed(lock: Build) -> None:
    async with lock(LockTroubles(moves_s=0.02, jammed=True)) as (wire, _):
        id = wire.tell()
        await until(lambda: wire.ends(id))
        assert [kind for kind, _ in wire.ends(id)] == ["lock.failed"]


async def test_a_slow_lock_is_told_once_and_another_command_is_refused(lock: Build) -> None:
    async with lock(LockTroubles(moves_s=0.3)) as (wire, _):
        first = wire.tell()
        second = wire.tell(DeviceAction.LOCK)
        assert wire.ends(second) == [("lock.failed", "command=busy")]
        await until(lambda: wire.ends(first))
        assert wire.commands() == 1


async def test_a_lock_whose_answer_is_lost_ends_nothing(lock: Build) -> None:
    async with lock(LockTroubles(moves_s=0.0)) as (wire, made):
        made.troubles.answers_lost = True
        id = wire.tell()
        await until(lambda: has_turned(made))
        made.troubles.answers_lost = False
        made.battery_low()
        await until(lambda: "battery.low" in wire.kinds())
        if isinstance(made, NukiLock):
            assert wire.ends(id) == []


async def test_somebody_at_the_door_meanwhile_is_told_as_such(lock: Build) -> None:
    async with lock(LockTroubles(moves_s=0.02)) as (wire, made):
        if isinstance(made, NukiLock):
            await made.turn(unlock=True)
        else:
            await made.keypad(3, unlock=True)
        await until(lambda: "lock.unlocked" in wire.kinds())
        (event,) = (event for event in wire.events if event.type == "lock.unlocked")
        assert event.data.part in {"button", "keypad"}


async def test_a_lock_that_lost_its_power_is_not_told(broker: Broker, clock: Clock) -> None:
    log, where = DeviceLog(), DeviceBroker("127.0.0.1", broker.port)
    made = NukiLock("2BB28570", where, seed=1, log=log)
    session = NukiSession(NukiConfig(id="front"))
    async with wired(broker, clock, session, made, log) as wire:
        await until(lambda: "lock.locked" in wire.kinds())
        await made.power_cut()
        await until(lambda: "link.lost" in wire.kinds())
        id = wire.tell()
        assert wire.ends(id) == [("lock.failed", "connected=false")]
        await made.start()
        await until(lambda: "link.restored" in wire.kinds())
        assert wire.commands() == 0


async def test_a_gateway_that_does_not_reach_its_lock_says_so(broker: Broker, clock: Clock) -> None:
    log, where = DeviceLog(), DeviceBroker("127.0.0.1", broker.port)
    made = ZigbeeLock("hall", where, seed=1, log=log, troubles=LockTroubles(moves_s=0.0))
    made.out_of_reach = True
    session = Zigbee2mqttSession(Zigbee2mqttConfig(id="front"))
    async with wired(broker, clock, session, made, log) as wire:
        await until(lambda: "lock.locked" in wire.kinds())
        id = wire.tell()
        await until(lambda: wire.ends(id))
        assert wire.ends(id) == [("lock.failed", "command=not_reached")]
