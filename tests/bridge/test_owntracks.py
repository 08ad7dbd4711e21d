"""A phone with OwnTracks through a real device-side broker to the listener."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from adapters.bridge.crash import Crash
from adapters.bridge.hub_link import OnOutcome
from adapters.bridge.settings import TopicListener
from adapters.bridge.topics import TopicRunner
from adapters.owntracks import OwntracksConfig, OwntracksSession
from adapters.session import Outcome
from routing.event import Event
from simulators.devicelog import DeviceLog
from simulators.door import DeviceBroker
from simulators.owntracks_phone import OwntracksPhone
from tests.bridge.rig import MUNICIPALITY, Broker, Clock, until

pytestmark = pytest.mark.broker


class Hub:
    """Takes events and confirms each."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def emit(self, _adapter: str, event: Event, on_outcome: OnOutcome) -> None:
        self.events.append(event)
        on_outcome(event.id, Outcome.DURABLE)

    def kinds(self) -> list[str]:
        return [str(event.type) for event in self.events]


@asynccontextmanager
async def listening(broker: Broker, clock: Clock) -> AsyncIterator[Hub]:
    hub = Hub()
    session = OwntracksSession(OwntracksConfig(id="phones"))
    listener = TopicListener("phones", session, broker.endpoint, retry_pause_s=0.01)
    runner = TopicRunner(MUNICIPALITY, listener, hub.emit, clock, Crash())
    task = asyncio.create_task(runner.run())
    yield hub
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def phone_of(broker: Broker, clock: Clock, seed: int = 1) -> OwntracksPhone:
    return OwntracksPhone(
        "kari",
        "phone",
        DeviceBroker("127.0.0.1", broker.port),
        route=((60.1, 5.1), (60.2, 5.2)),
        seed=seed,
        log=DeviceLog(),
        clock=lambda: clock.at / 1e6,
    )


def told(hub: Hub, kind: str) -> Callable[[], bool]:
    return lambda: kind in hub.kinds()


async def heard(hub: Hub, phone: OwntracksPhone) -> None:
    """Wait until what the phone publishes arrives."""
    while "position.reported" not in hub.kinds():
        assert (await phone.publish()).accepted
        await asyncio.sleep(0.02)
    hub.events.clear()


async def test_what_a_phone_does_is_told(broker: Broker, clock: Clock) -> None:
    phone = phone_of(broker, clock)
    await phone.start()
    async with listening(broker, clock) as hub:
        await heard(hub, phone)
        for action, kind in (
            (phone.leave_zone, "zone.left"),
            (phone.enter_zone, "zone.entered"),
            (phone.report, "position.reported"),
        ):
            assert (await action()).accepted
            await until(told(hub, kind))
        assert {event.subject for event in hub.events} == {"owntracks:kari/phone"}
        await phone.vanish()
        await until(lambda: "link.lost" in hub.kinds())
        again = phone_of(broker, clock, seed=2)
        await again.start()
        clock.at += 1_000_000
        assert (await again.battery_low()).accepted
        await until(lambda: "link.restored" in hub.kinds())
        assert hub.events[-1].data.battery_pct in (9, None)
        await again.stop()


async def test_what_the_broker_had_kept_is_history(broker: Broker, clock: Clock) -> None:
    phone = phone_of(broker, clock)
    await phone.start()
    assert (await phone.report()).accepted
    async with listening(broker, clock) as hub:
        await until(lambda: hub.events)
        assert [(str(one.type), one.history) for one in hub.events] == [("position.reported", True)]
    await phone.stop()
