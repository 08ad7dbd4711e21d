"""SCAIP units against the real listener on loopback sockets: UDP, TCP and TLS."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from adapters.bridge.crash import Crash
from adapters.bridge.hub_link import OnOutcome
from adapters.bridge.kept import Kept
from adapters.bridge.settings import Address, TlsAddress, WireListener
from adapters.bridge.sockets import WireRunner
from adapters.scaip import Credential, RequireAuth, ScaipConfig, ScaipSession
from adapters.session import Outcome, Speak
from routing.event import Event, Position
from simulators.devicelog import DeviceLog
from simulators.faults import Faults
from simulators.mobile_unit import MobileUnit
from simulators.pendant import UnitTimes
from simulators.sip.client import Receiver, SipTimers
from simulators.sip.digest import Credentials
from tests.bridge.authority import Authority
from tests.simulators.until import until

LOCAL = Address("127.0.0.1", 0)
NOW = 1_795_348_800_000_000
TRANSPORTS = ("udp", "tcp", "tls")
QUICK = UnitTimes(
    answer_wait_s=2.0,
    hold_min_s=0.01,
    hold_max_s=0.03,
    again_wait_s=0.01,
    give_up_s=10.0,
    sip=SipTimers(t1_s=0.05, t2_s=0.2),
)


@dataclass
class Hub:
    """Takes events, and says how each press is spoken with."""

    outcomes: list[Outcome] = field(default_factory=list)
    """Of the first events; the others are durable."""
    events: list[Event] = field(default_factory=list)

    def emit(self, _adapter: str, event: Event, on_outcome: OnOutcome) -> None:
        self.events.append(event)
        outcome = self.outcomes.pop(0) if self.outcomes else Outcome.DURABLE
        on_outcome(event.id, outcome, Speak("+47 75 00 00 00"))

    def kinds(self) -> list[str]:
        return [event.type.value for event in self.events]


@asynccontextmanager
async def playing(
    transport: str, folder: Path, hub: Hub, faults: Faults | None = None
) -> AsyncIterator[tuple[MobileUnit, DeviceLog]]:
    authority = Authority.make(folder)
    config = ScaipConfig(
        secret=b"0123456789abcdef",
        require_auth=RequireAuth.ALL,
        credentials={"26317": Credential(password="sim-secret")}.get,
        tls=("127.0.0.1", 5061),
    )
    tls = TlsAddress(LOCAL, authority.issue())
    made = ScaipSession(config)
    listener = WireListener("alarm", lambda _: made, LOCAL, LOCAL, tls=tls)
    kept, log = Kept(folder, "alarm"), DeviceLog()
    runner = WireRunner(listener, kept, hub.emit, lambda: NOW, Crash())
    port = int(str((await runner.start())[transport][1]))
    unit = MobileUnit(
        Credentials("26317", "sim-secret"),
        [Receiver("127.0.0.1", port, transport, trust=authority.file)],
        seed=1,
        log=log,
        faults=faults or Faults(),
        times=QUICK,
        caller="gsm:",
    )
    try:
        yield unit, log
    finally:
        await unit.stop()
        runner.stop()
        kept.close()


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_an_alarm_and_what_follows_it(transport: str, tmp_path: Path) -> None:
    hub = Hub()
    async with playing(transport, tmp_path, hub) as (unit, log):
        await unit.start()
        answers = [await unit.press(), await unit.moved(67.28, 14.405, "Garden")]
        answers += [await unit.reset(), await unit.test()]
        assert [answer.detail for answer in answers] == ["snu 0"] * 4
        spoken = [entry.detail for entry in log.entries if entry.what == "voice"]
        assert spoken[0] == "gsm:+4775000000"
    told = [event for event in hub.events if event.type != "device.alive"]
    assert [one.type for one in told] == [
        "help.pressed",
        "help.pressed",
        "help.cancelled",
        "device.tested",
    ]
    assert told[0].id == told[1].id
    assert told[1].data.position == Position(lat=67.28, lon=14.405)
    assert told[1].data.location_text == "Garden"


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_busy_and_not_treated_are_told_and_the_next_try_is_taken(
    transport: str, tmp_path: Path
) -> None:
    hub = Hub([Outcome.FAILED, Outcome.BUSY])
    async with playing(transport, tmp_path, hub) as (unit, log):
        assert (await unit.press()).accepted
        told = [entry.detail for entry in log.entries if entry.what == "elsewhere"]
        assert told == ["snu 5", "snu 6"]
    assert len({event.id for event in hub.events}) == 1


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_a_lost_answer_is_one_press(transport: str, tmp_path: Path) -> None:
    hub = Hub()
    faults = Faults(lose_answer=0.4, repeat=0.3)
    async with playing(transport, tmp_path, hub, faults) as (unit, _):
        assert (await unit.press()).accepted
    presses = {event.id for event in hub.events if event.type == "help.pressed"}
    assert len(presses) == 1


async def test_the_interval_is_set_where_the_unit_allows_it(tmp_path: Path) -> None:
    hub = Hub()
    async with playing("tls", tmp_path, hub) as (unit, _):
        assert (await unit.heartbeat_settable()).accepted
        assert unit._heartbeat_s == 300
    assert hub.kinds() == ["device.alive"]


async def test_a_unit_with_a_wrong_authority_says_nothing(tmp_path: Path) -> None:
    hub = Hub()
    other = tmp_path / "other"
    other.mkdir()
    async with playing("tls", tmp_path, hub) as (unit, log):
        told = unit._clients[0].receiver
        distrusting = MobileUnit(
            Credentials("26317", "sim-secret"),
            [Receiver(told.host, told.port, "tls", trust=Authority.make(other, "Other").file)],
            seed=2,
            log=log,
            times=QUICK,
        )
        await distrusting.start()
        await until(lambda: any("verify failed" in entry.detail for entry in log.entries))
        await distrusting.stop()
    assert hub.events == []
