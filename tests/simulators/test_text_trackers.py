"""SeTracker watches and H02 trackers against the real listener on a loopback socket, and what they
put on the wire against frames from outside."""

from collections.abc import Callable
from pathlib import Path

import pytest

from adapters.session import Outcome
from simulators.devicelog import DeviceLog
from simulators.faults import Faults
from simulators.h02_tracker import POWER_CUT_BIT, SOS_BIT, H02Tracker
from simulators.setracker_watch import REMOVED, SetrackerWatch
from simulators.tracker import Tracker
from tests.simulators.test_trackers import IMEI, NOW_S, Hub, playing
from tests.simulators.until import until

ACTIONS = {
    "setracker": {
        "sos": "help.pressed",
        "fall": "fall.detected",
        "remove": "tamper.detected",
        "leave_zone": "zone.left",
        "enter_zone": "zone.entered",
        "battery_low": "battery.low",
        "heartbeat": "device.alive",
        "report": "position.reported",
    },
    "h02": {
        "sos": "help.pressed",
        "leave_zone": "zone.left",
        "enter_zone": "zone.entered",
        "unplug": "mains.lost",
        "heartbeat": "device.alive",
        "report": "position.reported",
    },
}


@pytest.fixture(params=["setracker", "h02"])
def protocol(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def told(hub: Hub, kind: str) -> Callable[[], bool]:
    return lambda: kind in hub.kinds()


def alone(kind: type[Tracker], number: str, lat: float, lon: float) -> Tracker:
    return kind(
        number,
        "127.0.0.1",
        1,
        route=((lat, lon), (lat, lon)),
        seed=1,
        log=DeviceLog(),
        clock=lambda: float(NOW_S),
    )


def test_an_h02_frame_is_octet_for_octet_the_documented_one() -> None:
    tracker = alone(H02Tracker, "353588020068342", 32.950254, -6.917311)
    assert isinstance(tracker, H02Tracker)
    assert tracker._placed(SOS_BIT) == (
        "*HQ,353588020068342,V1,120000,A,3257.0152,N,00655.0387,W,001.70,090,221126,FFFBFFFF,"
        "242,1,10001,43981#"
    )
    assert tracker._placed(POWER_CUT_BIT).split(",")[12] == "FFF7FFFF"


def test_a_setracker_frame_is_octet_for_octet_the_documented_one() -> None:
    watch = alone(SetrackerWatch, "8800000015", 22.571707, 113.861397)
    assert isinstance(watch, SetrackerWatch)
    assert watch._greeting() == b"[3G*8800000015*0009*LK,0,0,78]"
    assert watch._placed("AL", REMOVED) == (
        "AL,221126,120000,A,22.571707,N,113.861397,E,3.20,90.0,12.0,7,80,78,1200,0,00100000,"
        "1,0,242,1,10001,43981,20"
    )


async def test_the_listener_understands_and_answers_each_action(
    protocol: str, tmp_path: Path
) -> None:
    async with playing(protocol, tmp_path) as (hub, device):
        await until(lambda: "position.reported" in hub.kinds())
        for action, kind in ACTIONS[protocol].items():
            hub.events.clear()
            assert (await getattr(device, action)()).accepted
            await until(told(hub, kind))
            assert {event.subject for event in hub.events} == {f"{protocol}:{IMEI}"}
            assert not {"frame.undecodable", "code.unknown", "clock.wrong"} & set(hub.kinds())


async def test_a_press_says_where_and_when(protocol: str, tmp_path: Path) -> None:
    async with playing(protocol, tmp_path) as (hub, device):
        await device.sos()
        press = next(event for event in hub.events if event.type == "help.pressed")
        assert (press.time, press.history) == ("2026-11-22T12:00:00Z", False)
        assert press.data.position is not None
        assert (press.data.position.lat, press.data.position.lon) == pytest.approx((60.1, 5.1))


async def test_a_press_is_sent_again_until_it_is_durable_and_stays_one_event(
    protocol: str, tmp_path: Path
) -> None:
    def late(number: int) -> Outcome | None:
        return Outcome.DURABLE if number < 3 or number > 8 else None

    async with playing(protocol, tmp_path, late) as (hub, device):
        await until(lambda: "position.reported" in hub.kinds())
        assert (await device.sos()).accepted
        presses = [event.id for event in hub.events if event.type == "help.pressed"]
        assert len(presses) >= 3
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
        await until(lambda: "position.reported" in hub.kinds())
        device.lose_network()
        device.keep()
        device.keep(sos=True)
        device.find_network()
        hub.events.clear()
        assert all(answer.accepted for answer in await device.upload())
        await until(lambda: hub.kinds().count("position.reported") == 2)
        assert "help.pressed" in hub.kinds()
