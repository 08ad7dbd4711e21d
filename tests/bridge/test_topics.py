"""A topic session on a real device-side broker: acknowledged when durable, and not before."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import paho.mqtt.client as paho
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from adapters.bridge.crash import Crash
from adapters.bridge.hub_link import OnOutcome
from adapters.bridge.settings import TopicListener
from adapters.bridge.topics import TopicRunner
from adapters.session import Outcome
from routing.event import Event
from tests.bridge.rig import MUNICIPALITY, WITHIN_S, Broker, Clock, until
from tests.bridge.sessions import TopicLines

pytestmark = pytest.mark.broker


class Rig:
    """A listener under test: what it offered to the hub, and the hub's answers by hand."""

    def __init__(self, broker: Broker) -> None:
        self.offered: list[tuple[str, Event, OnOutcome]] = []
        self.devices = paho.Client(CallbackAPIVersion.VERSION2, "devices")
        self.devices.connect("127.0.0.1", broker.port)
        self.devices.loop_start()

    def emit(self, adapter: str, event: Event, on_outcome: OnOutcome) -> None:
        self.offered.append((adapter, event, on_outcome))

    def publish(self, payload: str, qos: int = 1) -> None:
        self.devices.publish("home/door", payload, qos).wait_for_publish(WITHIN_S)

    def numbers(self) -> list[int]:
        return [int(event.id, 16) for _, event, _ in self.offered]

    def answer(self, number: int, outcome: Outcome) -> None:
        """Answer the oldest offer of the event."""
        place = self.numbers().index(number)
        _, event, on_outcome = self.offered.pop(place)
        on_outcome(event.id, outcome)


Open = Callable[..., AbstractAsyncContextManager[Rig]]


@pytest.fixture
def listening(broker: Broker, clock: Clock) -> Open:
    """Return a context manager that runs the listener once; the broker remembers in between."""

    @asynccontextmanager
    async def opened(in_flight: int = 1000) -> AsyncIterator[Rig]:
        rig = Rig(broker)
        listener = TopicListener(
            "zigbee", TopicLines(), broker.endpoint, retry_pause_s=0.01, in_flight=in_flight
        )
        runner = TopicRunner(MUNICIPALITY, listener, rig.emit, clock, Crash())
        task = asyncio.create_task(runner.run())
        yield rig
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        rig.devices.disconnect()
        rig.devices.loop_stop()

    return opened


async def subscribed(rig: Rig) -> None:
    """Wait until what devices publish arrives, and nothing of it is under way any more."""
    while 1 not in rig.numbers():
        rig.publish("press 1", qos=0)
        await asyncio.sleep(0.02)
    rig.publish("press 0", qos=0)

    def came_last() -> bool:
        while 1 in rig.numbers():
            rig.answer(1, Outcome.DURABLE)
        return rig.numbers() == [0]

    await until(came_last)
    rig.answer(0, Outcome.DURABLE)


async def test_what_is_not_durable_is_delivered_again(listening: Open) -> None:
    async with listening() as rig:
        await subscribed(rig)
        rig.publish("press 2")
        rig.publish("press 3\nmotion 4")
        rig.publish("press 5")
        await until(lambda: rig.numbers() == [2, 3, 4, 5])
        rig.answer(2, Outcome.DURABLE)
        rig.answer(3, Outcome.DURABLE)
        rig.answer(5, Outcome.FAILED)
    async with listening() as rig:
        await until(lambda: set(rig.numbers()) >= {3, 4, 5})
        assert 2 not in rig.numbers()
        for number in (3, 4, 5):
            rig.answer(number, Outcome.DURABLE)
    async with listening() as rig:
        rig.publish("press 6")
        await until(rig.numbers)
        assert rig.numbers() == [6]


async def test_a_failed_event_is_offered_again_under_its_id(listening: Open) -> None:
    async with listening() as rig:
        await subscribed(rig)
        for qos in (0, 1):
            rig.publish("press 2\npress 3", qos)
            await until(lambda: rig.numbers() == [2, 3])
            rig.answer(2, Outcome.BUSY)
            for _ in range(3):
                rig.answer(3, Outcome.FAILED)
                await until(rig.numbers)
            assert rig.numbers() == [3]
            rig.answer(3, Outcome.DURABLE)


async def test_chatter_is_acknowledged(listening: Open) -> None:
    async with listening() as rig:
        await subscribed(rig)
        rig.publish("")
        rig.publish("press 2")
        await until(rig.numbers)
    async with listening() as rig:
        await until(rig.numbers)
        assert rig.numbers() == [2]


async def test_a_full_listener_stops_reading_and_loses_nothing(listening: Open) -> None:
    async with listening(in_flight=5) as rig:
        await subscribed(rig)
        for number in range(2, 16):
            rig.publish(f"press {number}")
        await until(lambda: len(rig.offered) >= 4)
        seen: list[int] = []
        while len(seen) < 14:
            await until(rig.numbers)
            assert len(rig.offered) <= 10
            seen.append(rig.numbers()[0])
            rig.answer(seen[-1], Outcome.DURABLE)
        assert sorted(seen) == list(range(2, 16))


async def test_an_id_from_before_a_reconnect_is_never_acknowledged(
    listening: Open, broker: Broker
) -> None:
    async with listening() as rig:
        await subscribed(rig)
        rig.publish("press 2")
        await until(rig.numbers)
        broker.stop()
        old = list(rig.offered)
        rig.offered.clear()
        await broker.start()
        await until(rig.numbers)  # delivered again on the new connection
        for _, event, on_outcome in old:
            on_outcome(event.id, Outcome.DURABLE)
    async with listening() as rig:
        await until(rig.numbers)
        assert rig.numbers()[0] == 2
