"""The fall radar, whose documents contradict each other: no reading of them hides a fall."""

import pytest

from routing.instant import HOUR, MINUTE
from routing.kinds import Kind
from tests.adapters.lorawan.network import Network


def alarm(number: int, kind: int, status: int, region: int = 0xFF) -> str:
    return "06fb" + number.to_bytes(2, "little").hex() + f"{kind:02x}{status:02x}{region:02x}"


@pytest.mark.parametrize("status", [0, 1, 2, 3, 4, 9, 255])
def test_every_alarm_of_type_0_is_a_fall_whatever_its_status(status: int) -> None:
    events = Network("vs373").up(alarm(7, 0, status))
    assert events[0].type is Kind.FALL_DETECTED
    assert events[0].data.reference == "alarm=7"


def test_the_end_of_a_fall_that_was_not_heard_is_a_fall_and_its_cancel() -> None:
    kinds = [kind for kind, _ in Network("vs373").told(alarm(7, 0, 2))]
    assert kinds == ["fall.detected", "help.cancelled"]


def test_one_fall_is_one_event_until_it_has_ended() -> None:
    network = Network("vs373")
    (fall,) = network.up(alarm(7, 0, 1))
    network.at += 30 * MINUTE
    (again,) = network.up(alarm(7, 0, 4))
    ended = network.up(alarm(7, 0, 2))
    assert again.id == fall.id
    assert [(event.type, event.id == fall.id) for event in ended] == [
        (Kind.FALL_DETECTED, True),
        (Kind.HELP_CANCELLED, False),
    ]
    assert network.told(alarm(7, 0, 3)) == [("help.cancelled", "alarm=fall status=ignored")]
    (later,) = network.up(alarm(7, 0, 1))
    assert later.id != fall.id


@pytest.mark.parametrize("restart", ["ff0bff", "fffe01"])
def test_a_number_after_a_restart_is_another_fall(restart: str) -> None:
    network = Network("vs373")
    (fall,) = network.up(alarm(1, 0, 1))
    network.up(restart)
    (after,) = network.up(alarm(1, 0, 1))
    assert after.id != fall.id


def test_a_number_an_hour_later_is_another_fall() -> None:
    network = Network("vs373")
    (fall,) = network.up(alarm(1, 0, 1))
    network.at += HOUR
    (later,) = network.up(alarm(1, 0, 1))
    assert later.id != fall.id


def test_a_fall_told_as_state_and_as_alarm_in_one_frame_is_one() -> None:
    network = Network("vs373")
    assert network.told("03f8040000000000" + alarm(7, 0, 1)) == [
        ("fall.detected", "alarm=fall status=triggered")
    ]
    assert network.told("03f8040000000000") == [("device.alive", "detection=fall target=normal")]


@pytest.mark.parametrize(
    ("octets", "told"),
    [
        ("03f8000000000000", [("motion.detected", "target=normal")]),
        ("03f8000100000000", [("device.alive", "detection=normal target=motionless")]),
        ("03f8010000000000", [("device.alive", "detection=vacant target=normal")]),
        ("03f8030000000000", [("bed.left", "detection=out_of_bed")]),
        ("03f8000200000000", [("help.automatic", "target=abnormal")]),
        ("03f8070000000000", [("code.unknown", "detection=7")]),
        (alarm(1, 1, 1), [("inactivity.detected", "alarm=motionless status=triggered")]),
        (alarm(1, 2, 0), [("inactivity.detected", "alarm=dwell status=0")]),
        (alarm(1, 3, 1, 2), [("bed.left", "alarm=out_of_bed status=triggered")]),
        (alarm(1, 3, 2, 2), [("bed.returned", "alarm=out_of_bed status=deactivated")]),
        (alarm(0xFFFF, 4, 1), [("motion.detected", "alarm=occupied status=triggered")]),
        (alarm(1, 8, 1), [("help.automatic", "alarm=lying status=triggered")]),
        (alarm(1, 2, 2), [("help.cancelled", "alarm=dwell status=deactivated")]),
        (alarm(1, 9, 1), [("code.unknown", "alarm=9 status=triggered")]),
        (alarm(1, 9, 2), [("code.unknown", "alarm=9 status=deactivated")]),
    ],
)
def test_what_a_radar_says(octets: str, told: list[tuple[str, str]]) -> None:
    assert Network("vs373").told(octets) == told


def test_an_alarm_that_was_stored_is_history_with_its_time() -> None:
    (event,) = Network("vs373").up("20ce" + "80f1ff6a" + alarm(3, 0, 1)[4:])
    assert (event.type, event.history) == (Kind.FALL_DETECTED, True)
    assert event.time == "2026-11-20T07:06:40Z"
