"""The way to the hub: outcomes, bounds and lanes, without a broker and with one."""

import asyncio
import os
import resource
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack, asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from adapters.bridge.hub_link import HubLink
from adapters.bridge.settings import Endpoint, LinkLimits
from adapters.session import Outcome, Speak
from routing.event import Event
from routing.kinds import Kind
from tests.bridge.rig import MUNICIPALITY, Broker, Hub, nats, press, until


class Waiter:
    """Hears outcomes, and notes them by event number."""

    def __init__(self) -> None:
        self.heard: list[tuple[int, str]] = []

    def hear(self, event_id: str, outcome: Outcome, speak: Speak | None = None, /) -> None:
        self.heard.append((int(event_id, 16), outcome.value))


@asynccontextmanager
async def running(endpoint: Endpoint, limits: LinkLimits) -> AsyncIterator[HubLink]:
    link = HubLink(endpoint, MUNICIPALITY, ["alarm"], limits, "varde-test")
    task = asyncio.create_task(link.run())
    yield link
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


@pytest.fixture
def nobody(free_port: Callable[[], int]) -> Endpoint:
    """An address where no broker is."""
    return Endpoint("127.0.0.1", free_port())


async def test_without_a_confirm_the_outcome_is_failed(nobody: Endpoint) -> None:
    async with running(nobody, LinkLimits(confirm_wait_s=0.05)) as link:
        waiter = Waiter()
        heard = waiter.heard
        link.emit("alarm", press(1), waiter.hear)
        assert heard == []
        await until(lambda: heard)
        assert heard == [(1, "failed")]


async def test_a_full_lane_fails_at_once_and_leaves_the_other_its_place(nobody: Endpoint) -> None:
    limits = LinkLimits(help_outstanding=2, telemetry_outstanding=1, confirm_wait_s=60)
    async with running(nobody, limits) as link:
        waiter = Waiter()
        heard = waiter.heard
        link.emit("alarm", press(1, Kind.MOTION_DETECTED), waiter.hear)
        link.emit("alarm", press(2, Kind.MOTION_DETECTED), waiter.hear)
        link.emit("alarm", press(3), waiter.hear)
        link.emit("alarm", press(4), waiter.hear)
        assert heard == []  # never from inside emit
        await until(lambda: heard)
        assert heard == [(2, "failed")]
        link.emit("alarm", press(5), waiter.hear)
        await until(lambda: len(heard) == 2)
        assert heard == [(2, "failed"), (5, "failed")]


@pytest.mark.broker
async def test_a_flood_of_telemetry_goes_to_the_broker_a_few_at_a_time(
    broker: Broker, hub: Hub
) -> None:
    seen: list[int] = []
    hub.answer = lambda event: seen.append(int(event["id"], 16))
    async with running(broker.endpoint, LinkLimits(telemetry_at_broker=3)) as link:
        waiter = Waiter()
        for number in range(1, 11):
            link.emit("alarm", press(number, Kind.BATTERY_LOW), waiter.hear)
        link.emit("alarm", press(99), waiter.hear)
        await until(lambda: 99 in seen and len(seen) == 4)
        assert sorted(seen) == [1, 2, 3, 99]
        hub.answer = lambda event: "durable"
        for number in (1, 2, 3):
            hub.confirm("alarm", f"{number:032x}", "durable")
        await until(lambda: len(waiter.heard) == 10)
        assert sorted(waiter.heard) == [(number, "durable") for number in range(1, 11)]


def motion(number: int, subject: str) -> Event:
    return press(number, Kind.MOTION_DETECTED).model_copy(update={"subject": subject})


@pytest.mark.broker
async def test_a_device_that_floods_waits_behind_itself(broker: Broker, hub: Hub) -> None:
    seen: list[int] = []
    hub.answer = lambda event: seen.append(int(event["id"], 16))

    def answered(event: dict[str, Any]) -> str:
        seen.append(int(event["id"], 16))
        return "durable"

    async with running(broker.endpoint, LinkLimits(telemetry_at_broker=1)) as link:
        waiter = Waiter()
        for number in range(1, 9):
            link.emit("alarm", motion(number, "fake:flood"), waiter.hear)
        link.emit("alarm", motion(50, "fake:other"), waiter.hear)
        link.emit("alarm", motion(51, "fake:other"), waiter.hear)
        await until(lambda: seen)
        hub.answer = answered
        hub.confirm("alarm", f"{1:032x}", "durable")
        await until(lambda: len(waiter.heard) == 10)
    assert seen == [1, 2, 50, 3, 51, 4, 5, 6, 7, 8]


async def test_in_a_full_lane_the_newest_of_the_device_with_the_most_gives_way(
    nobody: Endpoint,
) -> None:
    limits = LinkLimits(telemetry_outstanding=5, telemetry_at_broker=1, confirm_wait_s=60)
    async with running(nobody, limits) as link:
        waiter = Waiter()
        for number in range(1, 7):
            link.emit("alarm", motion(number, "fake:flood"), waiter.hear)
        link.emit("alarm", motion(50, "fake:other"), waiter.hear)
        await until(lambda: len(waiter.heard) == 2)
        assert waiter.heard == [(6, "failed"), (5, "failed")]


@pytest.mark.broker
async def test_what_was_not_confirmed_is_published_again_when_the_broker_is_back(
    broker: Broker, hub: Hub
) -> None:
    hub.answer = lambda event: None
    async with running(broker.endpoint, LinkLimits()) as link:
        waiter = Waiter()
        link.emit("alarm", press(1), waiter.hear)
        await until(lambda: hub.ids() == [press(1).id])
        hub.answer = lambda event: "durable"
        broker.stop()
        await broker.start()
        await until(lambda: waiter.heard)
    assert waiter.heard == [(1, "durable")]


@pytest.mark.broker
async def test_each_kind_goes_out_on_its_lane_and_is_confirmed(broker: Broker, hub: Hub) -> None:
    outcomes = {1: "durable", 2: "busy", 3: "failed", 4: "perhaps"}
    hub.answer = lambda event: outcomes[int(event["id"], 16)]
    async with running(broker.endpoint, LinkLimits()) as link:
        waiter = Waiter()
        heard = waiter.heard
        link.emit("alarm", press(1), waiter.hear)
        link.emit("alarm", press(2), waiter.hear)
        link.emit("alarm", press(3, Kind.BATTERY_LOW), waiter.hear)
        link.emit("alarm", press(4), waiter.hear)
        await until(lambda: len(heard) == 4)
    assert sorted(heard) == [(1, "durable"), (2, "busy"), (3, "failed"), (4, "failed")]
    assert sorted((topic, event["type"]) for topic, event in hub.heard) == [
        ("varde/v1/nordvik/event/help/alarm", "help.pressed"),
        ("varde/v1/nordvik/event/help/alarm", "help.pressed"),
        ("varde/v1/nordvik/event/help/alarm", "help.pressed"),
        ("varde/v1/nordvik/event/telemetry/alarm", "battery.low"),
    ]


@pytest.mark.broker
async def test_through_what_one_speaks_comes_with_the_confirm(broker: Broker, hub: Hub) -> None:
    hub.answer = lambda _: None
    heard: list[tuple[str, Outcome, Speak | None]] = []

    def hear(event_id: str, outcome: Outcome, speak: Speak | None = None, /) -> None:
        heard.append((event_id, outcome, speak))

    async with running(broker.endpoint, LinkLimits()) as link:
        link.emit("alarm", press(1), hear)
        await until(lambda: len(hub.heard) == 1)
        said = b'{"outcome":"durable","speak":{"number":"+47 75 00 00 00"}}'
        hub.client.publish(f"varde/v1/nordvik/confirm/alarm/{press(1).id}", said)
        await until(lambda: heard)
    assert heard == [(press(1).id, Outcome.DURABLE, Speak("+47 75 00 00 00"))]


@pytest.mark.broker
async def test_a_confirm_answers_everybody_who_waits_for_it(broker: Broker, hub: Hub) -> None:
    hub.answer = lambda _: None
    async with running(broker.endpoint, LinkLimits()) as link:
        first, second = Waiter(), Waiter()
        link.emit("alarm", press(1), first.hear)
        await until(lambda: len(hub.heard) == 1)
        link.emit("alarm", press(1), second.hear)
        link.emit("alarm", press(1), first.hear)
        await until(lambda: len(hub.heard) >= 2)  # a repeat asks the hub again
        hub.confirm("other", press(1).id, "failed")  # not ours
        hub.confirm("alarm", press(2).id, "failed")  # nobody waits
        hub.confirm("alarm", press(1).id, "durable")
        await until(lambda: first.heard and second.heard)
    assert first.heard == [(1, "durable")]
    assert second.heard == [(1, "durable")]


@pytest.mark.broker
async def test_telemetry_that_nobody_confirms_does_not_delay_a_press(
    broker: Broker, hub: Hub
) -> None:
    hub.answer = lambda event: "durable" if event["type"] == "help.pressed" else None
    async with running(broker.endpoint, LinkLimits(telemetry_outstanding=500)) as link:
        waiter = Waiter()
        heard = waiter.heard
        for number in range(2, 700):
            link.emit("alarm", press(number, Kind.MOTION_DETECTED), waiter.hear)
        link.emit("alarm", press(1), waiter.hear)
        await until(lambda: (1, "durable") in heard)
        assert sum(outcome == "failed" for _, outcome in heard) == 198


@pytest.mark.broker
async def test_an_event_of_an_outage_arrives_once_the_broker_is_back(
    broker: Broker, hub: Hub
) -> None:
    async with running(broker.endpoint, LinkLimits(confirm_wait_s=60)) as link:
        waiter = Waiter()
        heard = waiter.heard
        link.emit("alarm", press(1), waiter.hear)
        await until(lambda: heard == [(1, "durable")])
        broker.stop()
        for _ in range(3):  # the device sends again; it is queued once
            link.emit("alarm", press(2), waiter.hear)
        await asyncio.sleep(0)
        assert heard == [(1, "durable")]
        await broker.start()
        await until(lambda: len(heard) == 2)
    assert heard == [(1, "durable"), (2, "durable")]
    assert hub.ids().count(press(2).id) == 1


@pytest.mark.broker
async def test_the_broker_is_reached_again_with_a_thousand_connected_devices(
    broker: Broker, hub: Hub
) -> None:
    allowed, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(allowed, 1500), most))
    with ExitStack() as devices:
        for _ in range(1100):
            devices.enter_context(open(os.devnull))  # noqa: ASYNC230 - takes a descriptor, no time
        async with running(broker.endpoint, LinkLimits()) as link:
            waiter = Waiter()
            link.emit("alarm", press(1), waiter.hear)
            await until(lambda: waiter.heard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, most))
    assert waiter.heard == [(1, "durable")]


@pytest.mark.broker
async def test_a_login_is_used_and_a_refusal_is_said(
    tmp_path: Path, free_port: Callable[[], int], caplog: pytest.LogCaptureFixture
) -> None:
    if not nats():
        pytest.skip("nats-server is not installed")
    caplog.set_level("INFO")
    broker = Broker("nats", free_port(), tmp_path)
    broker.extra = 'authorization { users: [ { user: "adapters", password: "made-up" } ] }'
    broker.process = broker.spawn()
    try:
        right = replace(broker.endpoint, username="adapters", password="made-up")
        async with running(right, LinkLimits()):
            await until(lambda: "connected" in caplog.text)
        async with running(replace(right, password="wrong"), LinkLimits()):
            await until(lambda: "refuses us" in caplog.text)
    finally:
        broker.stop()
    assert "made-up" not in caplog.text
    assert "wrong" not in caplog.text
