"""A phone with the Traccar client against the real HTTP server."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, Literal

import pytest

from adapters.bridge.crash import Crash
from adapters.bridge.hub_link import OnOutcome
from adapters.bridge.requests import RequestRunner
from adapters.bridge.settings import Address, HttpLimits, RequestListener
from adapters.osmand import PROTOCOL, OsmandConfig, OsmandSession
from adapters.session import Outcome
from routing.event import Event
from routing.instant import Instant
from simulators.devicelog import DeviceLog
from simulators.faults import Faults
from simulators.osmand_phone import OsmandPhone, PhoneTimes

NOW_S = 1_795_348_800
QUICK = PhoneTimes(timeout_s=2.0, again_s=0.02, give_up_s=5.0)
KEY = "a-key-of-the-listener"


def now() -> Instant:
    return NOW_S * 1_000_000


class Hub:
    """Takes events and confirms as it is told."""

    def __init__(self, confirms: Callable[[int], Outcome]) -> None:
        self.confirms = confirms
        self.events: list[Event] = []

    def emit(self, _adapter: str, event: Event, on_outcome: OnOutcome) -> None:
        self.events.append(event)
        on_outcome(event.id, self.confirms(len(self.events)))

    def kinds(self) -> list[str]:
        return [str(event.type) for event in self.events]


@asynccontextmanager
async def playing(
    form: Literal["fields", "json"],
    *,
    confirms: Callable[[int], Outcome] = lambda _: Outcome.DURABLE,
    faults: Faults | None = None,
    key: str = KEY,
    clock: Callable[[], float] = lambda: float(NOW_S),
) -> AsyncIterator[tuple[Hub, OsmandPhone]]:
    hub = Hub(confirms)
    session = OsmandSession(OsmandConfig(id="phones"), KEY)
    listener = RequestListener("phones", session, PROTOCOL.methods)
    runner = RequestRunner([listener], HttpLimits(), hub.emit, now, Crash())
    url = await runner.start(Address("127.0.0.1", 0))
    phone = OsmandPhone(
        "100042",
        f"{url}/webhook/phones/{key}",
        route=((60.1, 5.1), (60.2, 5.2)),
        seed=1,
        log=DeviceLog(),
        form=form,
        faults=faults or Faults(),
        times=QUICK,
        clock=clock,
    )
    await phone.start()
    try:
        yield hub, phone
    finally:
        await phone.stop()
        await runner.stop()


@pytest.fixture(params=["fields", "json"])
def form(request: pytest.FixtureRequest) -> Any:
    return request.param


async def test_the_listener_understands_and_answers_each_action(form: Any) -> None:
    async with playing(form) as (hub, phone):
        for action, kind in (
            (phone.sos, "help.pressed"),
            (phone.fall, "fall.detected"),
            (phone.leave_zone, "zone.left"),
            (phone.enter_zone, "zone.entered"),
            (phone.battery_low, "battery.low"),
            (phone.report, "position.reported"),
        ):
            hub.events.clear()
            assert (await action()).accepted
            told = [kind] if action == phone.report else [kind, "position.reported"]
            assert hub.kinds() == told
            assert {event.subject for event in hub.events} == {"osmand:100042"}
            assert {event.time for event in hub.events} == {"2026-11-22T12:00:00Z"}


async def test_a_press_is_sent_again_until_it_is_durable_and_stays_one_event(form: Any) -> None:
    def late(number: int) -> Outcome:
        return Outcome.DURABLE if number > 4 else Outcome.FAILED

    async with playing(form, confirms=late) as (hub, phone):
        assert (await phone.sos()).accepted
        presses = [event.id for event in hub.events if event.type == "help.pressed"]
        assert len(presses) == 3
        assert len(set(presses)) == 1


async def test_lost_answers_end_in_an_answer(form: Any) -> None:
    async with playing(form, faults=Faults(lose_answer=0.5)) as (hub, phone):
        assert all([(await phone.sos()).accepted for _ in range(4)])
        assert len({event.id for event in hub.events if event.type == "help.pressed"}) == 1


async def test_what_was_kept_offline_is_history_and_the_old_press_too(form: Any) -> None:
    times = iter([NOW_S - 3600, NOW_S - 3000])
    async with playing(form, clock=lambda: float(next(times))) as (hub, phone):
        phone.keep(sos=True)
        phone.keep()
        assert all(answer.accepted for answer in await phone.upload())
        assert [(str(event.type), event.history) for event in hub.events] == [
            ("help.pressed", True),
            ("position.reported", True),
            ("position.reported", True),
        ]


async def test_a_stranger_without_the_key_reaches_nobody(form: Any) -> None:
    async with playing(form, key="guessed") as (hub, phone):
        phone._times = PhoneTimes(again_s=0.01, give_up_s=0.05)
        answer = await phone.sos()
        assert (answer.accepted, answer.detail) == (False, "gave up: HTTP 404")
        assert hub.events == []
