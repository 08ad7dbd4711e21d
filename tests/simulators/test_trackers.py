"""GT06 and Teltonika trackers against the real listener on a loopback socket."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from adapters.bridge.crash import Crash
from adapters.bridge.hub_link import OnOutcome
from adapters.bridge.kept import Kept
from adapters.bridge.settings import Address, WireListener
from adapters.bridge.sockets import WireRunner
from adapters.gt06 import Gt06Config, gt06_session
from adapters.h02 import H02Config, h02_session
from adapters.session import Outcome, WireSession
from adapters.setracker import SetrackerConfig, setracker_session
from adapters.teltonika import TeltonikaConfig, teltonika_session
from routing.event import Event
from routing.instant import Instant
from simulators.devicelog import DeviceLog
from simulators.faults import Faults
from simulators.gt06_tracker import Gt06Tracker
from simulators.h02_tracker import H02Tracker
from simulators.setracker_watch import SetrackerWatch
from simulators.teltonika_tracker import TeltonikaTracker
from simulators.tracker import Tracker, TrackerTimes
from tests.simulators.until import until

IMEI = "353419036066061"
NOW_S = 1_795_348_800
ROUTE = ((60.1, 5.1), (60.2, 5.2), (60.3, 5.3))
QUICK = TrackerTimes(
    resend_s=0.1, give_up_s=5.0, reconnect_min_s=0.01, reconnect_max_s=0.02, step_s=60
)
SESSIONS: dict[str, Callable[[], WireSession]] = {
    "gt06": lambda: gt06_session(Gt06Config(id="gps")),
    "teltonika": lambda: teltonika_session(TeltonikaConfig(id="gps")),
    "setracker": lambda: setracker_session(SetrackerConfig(id="gps")),
    "h02": lambda: h02_session(H02Config(id="gps")),
}
TRACKERS: dict[str, type[Tracker]] = {
    "gt06": Gt06Tracker,
    "teltonika": TeltonikaTracker,
    "setracker": SetrackerWatch,
    "h02": H02Tracker,
}


@dataclass
class Hub:
    """Takes events and confirms as it is told."""

    confirms: Callable[[int], Outcome | None]
    events: list[Event] = field(default_factory=list)
    port: int = 0

    def emit(self, _adapter: str, event: Event, on_outcome: OnOutcome) -> None:
        self.events.append(event)
        outcome = self.confirms(len(self.events))
        if outcome is not None:
            on_outcome(event.id, outcome)

    def kinds(self) -> list[str]:
        return [str(event.type) for event in self.events]


def now() -> Instant:
    return NOW_S * 1_000_000


@asynccontextmanager
async def playing(
    protocol: str,
    folder: Path,
    confirms: Callable[[int], Outcome | None] = lambda _: Outcome.DURABLE,
    faults: Faults | None = None,
) -> AsyncIterator[tuple[Hub, Any]]:
    hub, log = Hub(confirms), DeviceLog()
    kept = Kept(folder, "gps")
    listener = WireListener("gps", lambda _: SESSIONS[protocol](), None, Address("127.0.0.1", 0))
    runner = WireRunner(listener, kept, hub.emit, now, Crash())
    hub.port = int(str((await runner.start())["tcp"][1]))
    device = TRACKERS[protocol](
        IMEI,
        "127.0.0.1",
        hub.port,
        route=ROUTE,
        seed=1,
        log=log,
        faults=faults or Faults(),
        times=QUICK,
        clock=lambda: float(NOW_S),
    )
    await device.start()
    try:
        yield hub, device
    finally:
        await device.stop()
        runner.stop()
        kept.close()


@pytest.fixture(params=["gt06", "teltonika"])
def protocol(request: pytest.FixtureRequest) -> str:
    return str(request.param)


async def test_the_listener_understands_and_answers_each_action(
    protocol: str, tmp_path: Path
) -> None:
    async with playing(protocol, tmp_path) as (hub, device):
        for action, kind in (
            (device.sos, "help.pressed"),
            (device.fall, "fall.detected"),
            (device.leave_zone, "zone.left"),
            (device.enter_zone, "zone.entered"),
            (device.battery_low, "battery.low"),
            (device.report, "position.reported"),
        ):
            hub.events.clear()
            assert (await action()).accepted
            assert kind in hub.kinds()
            assert {event.subject for event in hub.events} == {f"{protocol}:{IMEI}"}
        assert not {"frame.undecodable", "code.unknown", "clock.wrong"} & set(hub.kinds())


async def test_a_press_says_where_and_when(protocol: str, tmp_path: Path) -> None:
    async with playing(protocol, tmp_path) as (hub, device):
        await device.sos()
        press = next(event for event in hub.events if event.type == "help.pressed")
        assert press.time == "2026-11-22T12:00:00Z"
        assert press.data.position is not None
        assert (press.data.position.lat, press.data.position.lon) == pytest.approx((60.1, 5.1))


async def test_a_press_is_sent_again_until_it_is_durable_and_stays_one_event(
    protocol: str, tmp_path: Path
) -> None:
    def late(number: int) -> Outcome | None:
        return Outcome.DURABLE if number > 12 else None

    async with playing(protocol, tmp_path, late) as (hub, device):
        assert (await device.sos()).accepted
        presses = [event.id for event in hub.events if event.type == "help.pressed"]
        assert len(presses) >= 2
        assert len(set(presses)) == 1


async def test_lost_answers_and_repeats_end_in_an_answer(protocol: str, tmp_path: Path) -> None:
    faults = Faults(repeat=0.3, lose_answer=0.3)
    async with playing(protocol, tmp_path, faults=faults) as (hub, device):
        answers = [await device.sos() for _ in range(4)]
        assert all(answer.accepted for answer in answers)
        assert "help.pressed" in hub.kinds()


async def test_what_was_kept_out_of_coverage_is_sent_afterwards(
    protocol: str, tmp_path: Path
) -> None:
    async with playing(protocol, tmp_path) as (hub, device):
        await device.report()
        # The walk has sent its first position as well.
        await until(lambda: hub.kinds().count("position.reported") == 2)
        device.lose_network()
        device.keep()
        device.keep()
        device.find_network()
        hub.events.clear()
        await device.upload()
        assert hub.kinds().count("position.reported") == 2


async def test_a_gt06_tracker_says_that_it_lives_and_that_it_is_switched_off(
    tmp_path: Path,
) -> None:
    async with playing("gt06", tmp_path) as (hub, device):
        assert (await device.heartbeat()).accepted
        assert (await device.power_off()).accepted
        assert hub.kinds()[0] == "device.alive"
        assert "link.lost" in hub.kinds()


async def test_a_kept_press_of_a_teltonika_tracker_comes_with_the_positions(
    tmp_path: Path,
) -> None:
    async with playing("teltonika", tmp_path) as (hub, device):
        device.lose_network()
        device.keep()
        device.keep(sos=True)
        device.find_network()
        assert (await device.upload()).accepted
        assert "help.pressed" in hub.kinds()
        assert (await device.unplug()).accepted
        assert "mains.lost" in hub.kinds()


async def test_a_half_open_connection_gives_way_to_the_new_one(
    protocol: str, tmp_path: Path
) -> None:
    async with playing(protocol, tmp_path) as (_, device):
        await device.report()
        log = DeviceLog()
        again = TRACKERS[protocol](
            IMEI,
            "127.0.0.1",
            device._address[1],
            route=ROUTE,
            seed=2,
            log=log,
            times=TrackerTimes(),
            clock=lambda: float(NOW_S),
        )
        await again.start()
        try:
            assert (await again.report()).accepted
            await until(
                lambda: "the connection ended" in [one.detail for one in device._log.entries]
            )
        finally:
            await again.stop()
