"""Simulated panels against the real listener on loopback sockets, UDP and TCP, plain and sealed."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

import pytest

from adapters.bridge.crash import Crash
from adapters.bridge.hub_link import OnOutcome
from adapters.bridge.kept import Kept
from adapters.bridge.settings import Address, WireListener
from adapters.bridge.sockets import WireRunner
from adapters.session import Outcome
from adapters.sia_dc09 import SiaDc09Config, SiaDc09Session
from routing.event import Event
from simulators.devicelog import DeviceLog
from simulators.faults import Faults
from simulators.sia_dc09 import AlarmPanel, Format, PanelLine, PanelTimes

NOW_S = 1_795_348_800
"""2026-11-22T12:00:00Z"""
KEY = b"0123456789abcdef"
QUICK = PanelTimes(resend_s=0.1, give_up_s=10.0, alive_s=60)
Transport = Literal["udp", "tcp"]


@dataclass
class Hub:
    """A listener on both transports, and a hub that confirms each event as it is told."""

    keys: Mapping[str, bytes] = field(default_factory=dict)
    outcome: Callable[[int], Outcome | None] = lambda _count: Outcome.DURABLE
    told: list[Event] = field(default_factory=list)
    ports: dict[str, int] = field(default_factory=dict)
    log: DeviceLog = field(default_factory=DeviceLog)

    def emit(self, _listener: str, event: Event, done: OnOutcome) -> None:
        self.told.append(event)
        outcome = self.outcome(len(self.told))
        if outcome is not None:
            asyncio.get_running_loop().call_soon(done, event.id, outcome)

    def session(self, _kept: object) -> SiaDc09Session:
        def keys(account: str) -> list[bytes]:
            return [self.keys[account]] if account in self.keys else []

        return SiaDc09Session(SiaDc09Config(id="arc"), keys, bytes)

    def panel(
        self, transport: Transport, *, faults: Faults | None = None, **line: object
    ) -> AlarmPanel:
        where = PanelLine("127.0.0.1", self.ports[transport], transport)
        return AlarmPanel(
            "12AB",
            replace(where, **line),  # type: ignore[arg-type]
            seed=7,
            log=self.log,
            faults=faults or Faults(),
            times=QUICK,
            clock=lambda: NOW_S,
        )

    def kinds(self) -> list[str]:
        return [str(event.type) for event in self.told]


@asynccontextmanager
async def listening(hub: Hub, tmp_path: Path) -> AsyncIterator[Hub]:
    local, kept = Address("127.0.0.1", 0), Kept(tmp_path, "arc")
    listener = WireListener("arc", hub.session, udp=local, tcp=local)
    runner = WireRunner(listener, kept, hub.emit, lambda: NOW_S * 1_000_000, Crash())
    bound = await runner.start()
    hub.ports = {name: int(str(address[1])) for name, address in bound.items()}
    yield hub
    runner.stop()
    kept.close()


@pytest.mark.parametrize("transport", ["udp", "tcp"])
@pytest.mark.parametrize("format", ["SIA-DCS", "ADM-CID"])
async def test_every_action_is_heard_and_accepted(
    transport: Transport, format: Format, tmp_path: Path
) -> None:
    expected = {
        "medical": "help.pressed",
        "emergency": "help.pressed",
        "panic": "help.pressed",
        "fire": "smoke.detected",
        "fire_over": "smoke.cleared",
        "water": "water.detected",
        "burglary": "help.automatic",
        "tamper": "tamper.detected",
        "mains_lost": "mains.lost",
        "mains_back": "mains.restored",
        "battery_low": "battery.low",
        "battery_ok": "battery.ok",
        "test": "device.tested",
    }
    async with listening(Hub(), tmp_path) as hub:
        panel = hub.panel(transport, format=format)
        answers = [await panel.report(action) for action in expected]
        answers.append(await panel.alive())
    assert [answer.detail for answer in answers] == ["ACK"] * 14
    assert hub.kinds() == [*expected.values(), "device.alive"]
    assert {event.subject for event in hub.told} == {"sia-dc09:12AB"}


@pytest.mark.parametrize("transport", ["udp", "tcp"])
async def test_a_panel_that_hears_nothing_sends_again_under_one_event(
    transport: Transport, tmp_path: Path
) -> None:
    hub = Hub(outcome=lambda count: Outcome.DURABLE if count == 3 else None)
    async with listening(hub, tmp_path):
        answer = await hub.panel(transport).report("medical")
    assert answer.accepted
    assert hub.kinds() == ["help.pressed"] * 3
    assert len({event.id for event in hub.told}) == 1


async def test_repeats_and_lost_answers_are_one_event(tmp_path: Path) -> None:
    async with listening(Hub(), tmp_path) as hub:
        panel = hub.panel("udp", faults=Faults(repeat=0.5, lose_answer=0.5))
        answers = [await panel.report("emergency", zone) for zone in range(1, 11)]
    assert all(answer.accepted for answer in answers)
    assert len(hub.told) > 10
    assert len({event.id for event in hub.told}) == 10


@pytest.mark.parametrize("transport", ["udp", "tcp"])
async def test_a_sealed_panel_with_a_wrong_clock_sets_it_and_is_accepted(
    transport: Transport, tmp_path: Path
) -> None:
    async with listening(Hub(keys={"12AB": KEY}), tmp_path) as hub:
        panel = hub.panel(transport, key=KEY, clock_off_s=-3600)
        first = await panel.report("medical", more=("battery_low",))
        second = await panel.alive()
    assert (first.accepted, second.accepted) == (True, True)
    assert hub.kinds() == [
        "help.pressed",
        "clock.wrong",
        "help.pressed",
        "battery.low",
        "device.alive",
    ]
    assert hub.told[0].id == hub.told[2].id


async def test_a_sealed_panel_whose_key_is_unknown_is_visible_and_never_accepted(
    tmp_path: Path,
) -> None:
    async with listening(Hub(), tmp_path) as hub:
        panel = hub.panel("udp", key=KEY)
        panel._times = PanelTimes(resend_s=0.05, give_up_s=0.2)
        answer = await panel.report("medical")
    assert not answer.accepted
    assert hub.kinds() == ["frame.undecodable"]


async def test_the_link_test_goes_on_by_itself(tmp_path: Path) -> None:
    heard = asyncio.Event()

    def second_sign_of_life(count: int) -> Outcome:
        if count == 2:
            heard.set()
        return Outcome.DURABLE

    async with listening(Hub(outcome=second_sign_of_life), tmp_path) as hub:
        panel = hub.panel("udp")
        panel._times = PanelTimes(resend_s=0.5, give_up_s=5, alive_s=0.01)
        await panel.start()
        async with asyncio.timeout(30):
            await heard.wait()
        await panel.stop()
    assert set(hub.kinds()) == {"device.alive"}
