"""Nurse-call systems against the real listeners on a loopback socket."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from adapters.bridge.crash import Crash
from adapters.bridge.hub_link import OnOutcome
from adapters.bridge.kept import Kept
from adapters.bridge.settings import Address, WireListener
from adapters.bridge.sockets import WireRunner
from adapters.espa444 import Espa444Config, Espa444Session
from adapters.espax import EspaXConfig, EspaXSession
from adapters.session import Outcome, WireSession
from routing.event import Event
from routing.instant import SECOND, Instant
from routing.kinds import Kind
from routing.lifecycle import Phase
from routing.to_device import AlarmProgress
from simulators.devicelog import DeviceLog
from simulators.espa444_station import ControlStation, StationTimes
from simulators.espax_system import NurseCallSystem, SystemLogin, SystemTimes
from simulators.faults import Faults
from tests.simulators.until import until

START = 1_795_348_800 * SECOND
TEXTS = [
    {"contains": "presence off", "means": "presence_left"},
    {"contains": "presence", "means": "presence"},
]
STORY = ["call", "presence_on", "assistance", "emergency", "presence_off", "reset"]
HEARD = [
    ("call.raised", "call"),
    ("presence.entered", None),
    ("call.raised", "assistance"),
    ("call.raised", "emergency"),
    ("presence.left", None),
    ("call.cleared", None),
]
QUICK_STATION = StationTimes(
    select_s=0.3, block_s=0.5, resend_s=0.01, give_up_s=10, poll_s=0.05, reconnect_s=0.01
)
QUICK_SYSTEM = SystemTimes(resend_s=0.2, give_up_s=10, heartbeat_s=0.05, reconnect_s=0.01)


@dataclass
class Hub:
    """Takes events and confirms as it is told; what is lost comes again."""

    confirms: Callable[[int], Outcome | None] = lambda _: Outcome.DURABLE
    events: list[Event] = field(default_factory=list)
    at: Instant = START
    runner: WireRunner | None = None
    port: int = 0

    def emit(self, _adapter: str, event: Event, on_outcome: OnOutcome) -> None:
        self.events.append(event)
        outcome = self.confirms(len(self.told))
        if outcome is not None:
            on_outcome(event.id, outcome)

    @property
    def told(self) -> list[Event]:
        """Everything but signs of life."""
        return [event for event in self.events if event.type is not Kind.DEVICE_ALIVE]

    def progress(self, event: Event, phase: Phase) -> None:
        assert self.runner is not None
        self.runner.told(AlarmProgress(event=event.id, subject=event.subject, phase=phase))


def espa444() -> WireSession:
    said = {"id": "ward", "texts": TEXTS, "status_back": True}
    return Espa444Session(Espa444Config.model_validate(said))


def espax() -> WireSession:
    numbers = count(1)
    config = EspaXConfig.model_validate({"id": "ward", "texts": TEXTS})
    return EspaXSession(config, {"panel": "secret"}, lambda: f"S{next(numbers)}", {})


@asynccontextmanager
async def listening(make: Callable[[], WireSession], hub: Hub, folder: Path) -> AsyncIterator[Hub]:
    kept = Kept(folder, "ward")
    listener = WireListener("ward", lambda _: make(), None, Address("127.0.0.1", 0))
    hub.runner = WireRunner(listener, kept, hub.emit, lambda: hub.at, Crash())
    try:
        bound = await hub.runner.start()
        hub.port = int(str(bound["tcp"][1]))
        yield hub
    finally:
        hub.runner.stop()
        kept.close()


@asynccontextmanager
async def station(hub: Hub, faults: Faults | None = None) -> AsyncIterator[ControlStation]:
    one = ControlStation(
        "127.0.0.1",
        hub.port,
        seed=7,
        log=DeviceLog(),
        faults=faults or Faults(),
        times=QUICK_STATION,
    )
    await one.start()
    try:
        yield one
    finally:
        await one.stop()


@asynccontextmanager
async def system(hub: Hub, faults: Faults | None = None) -> AsyncIterator[NurseCallSystem]:
    login = SystemLogin("127.0.0.1", hub.port, "Panel", "secret")
    one = NurseCallSystem(
        login, seed=7, log=DeviceLog(), faults=faults or Faults(), times=QUICK_SYSTEM
    )
    await one.start()
    try:
        yield one
    finally:
        await one.stop()


MAKES: dict[str, tuple[Callable[[], WireSession], Callable[..., Any]]] = {
    "espa444": (espa444, station),
    "espax": (espax, system),
}


@pytest.mark.parametrize("protocol", MAKES)
async def test_every_action_is_heard_and_answered(protocol: str, tmp_path: Path) -> None:
    make, device = MAKES[protocol]
    async with listening(make, Hub(), tmp_path) as hub, device(hub) as panel:
        for action in STORY:
            assert (await getattr(panel, action)("12")).accepted
    told = [(str(e.type), e.data.level and str(e.data.level)) for e in hub.told]
    assert told == HEARD
    assert {event.subject.rpartition("/")[2] for event in hub.told} == {"12"}


@pytest.mark.parametrize("protocol", MAKES)
async def test_a_lost_answer_is_one_call(protocol: str, tmp_path: Path) -> None:
    make, device = MAKES[protocol]
    faults = Faults(lose_answer=1)
    async with listening(make, Hub(), tmp_path) as hub, device(hub, faults) as panel:

        async def heal() -> None:
            await until(lambda: len(hub.told) >= 1)
            faults.lose_answer = 0

        answer, _ = await asyncio.gather(panel.call("12"), heal())
    assert answer.accepted
    assert len({event.id for event in hub.told}) == 1


@pytest.mark.parametrize("protocol", MAKES)
async def test_a_call_that_is_not_stored_is_sent_again(protocol: str, tmp_path: Path) -> None:
    make, device = MAKES[protocol]
    hub = Hub(lambda number: Outcome.DURABLE if number > 2 else Outcome.BUSY)
    async with listening(make, hub, tmp_path), device(hub) as panel:
        assert (await panel.call("12")).accepted
    assert [str(event.type) for event in hub.told] == ["call.raised"] * 3
    assert len({event.id for event in hub.told}) == 1


async def test_the_panel_shows_acceptance_and_end_over_espa444(tmp_path: Path) -> None:
    async with listening(espa444, Hub(), tmp_path) as hub, station(hub) as panel:
        await panel.call("12")
        hub.progress(hub.told[0], Phase.ACCEPTED)
        await until(lambda: panel.shown["12"] == "accepted")
        hub.progress(hub.told[0], Phase.CLOSED)
        await until(lambda: panel.shown["12"] == "ended")


async def test_the_panel_shows_acceptance_and_end_over_espax(tmp_path: Path) -> None:
    async with listening(espax, Hub(), tmp_path) as hub, system(hub) as panel:
        await panel.call("12")
        await until(lambda: panel.shown.get("12") == "Active")
        hub.progress(hub.told[0], Phase.ACCEPTED)
        await until(lambda: panel.shown["12"] == "Accepted")
        panel.lose_network()
        hub.progress(hub.told[0], Phase.CLOSED)
        await until(lambda: panel.shown["12"] == "Ended")


async def test_a_call_is_heard_behind_noise(tmp_path: Path) -> None:
    async with listening(espa444, Hub(), tmp_path) as hub, station(hub) as panel:
        await panel.call("12")
        panel.noise()
        assert (await panel.call("14")).accepted
    assert [str(event.type) for event in hub.told] == [
        "call.raised",
        "frame.undecodable",
        "call.raised",
    ]


async def test_a_line_that_falls_silent_calls_again_when_it_is_back(tmp_path: Path) -> None:
    async with listening(espa444, Hub(), tmp_path) as hub, station(hub) as panel:
        await panel.call("12")
        panel.fall_silent()
        panel.speak_again()
        assert (await panel.call("14")).accepted
    assert [event.subject for event in hub.told] == ["espa444:ward/12", "espa444:ward/14"]
