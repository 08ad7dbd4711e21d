"""Device events: what rings, what joins an open alarm, and what is only written down."""

import pytest

from routing.instant import HOUR, SECOND, Instant, from_rfc3339
from routing.kinds import Kind, Severity
from routing.lifecycle import Action
from routing.municipality import Device, RaiseRule
from tests.routing.story import START, Story, town


def test_the_same_event_five_times_is_one() -> None:
    story = Story()
    assert len(story.press(event="a" * 32)) == 3
    for _ in range(4):
        assert story.press(event="a" * 32) == []
    assert story.state.alarms[story.alarm].activations == 1


def test_a_new_press_merges_and_those_called_hear_it_again() -> None:
    story = Story()
    story.press()
    story.sent("anna")
    story.sent("berit")
    assert story.press() == ["heard help.pressed", "again 2 HIGH: anna@webhook-1 berit@webhook-1"]
    assert story.wait(60) == ["step 1.1 90s: carl@webhook-1 (nobody_accepted_in_time)"]


def test_a_press_after_acceptance_tells_the_owner_and_starts_no_chain() -> None:
    story = Story()
    story.press()
    story.accept("anna")
    story.at += 25 * SECOND
    assert story.press() == ["heard help.pressed", "again 2 HIGH: anna@webhook-1"]
    (record,) = [r for r in story.journal if "AlarmRepeated" in type(r.fact).__name__]
    assert [p.why.code for p in record.fact.pages] == ["owner_told_again"]  # type: ignore[union-attr]


def test_a_page_that_still_waits_is_not_doubled() -> None:
    story = Story()
    story.press()
    story.sent("anna")
    assert story.press() == ["heard help.pressed", "again 2 HIGH: anna@webhook-1"]
    assert story.owed == ["anna@webhook-1", "berit@webhook-1"]


def test_who_refused_is_not_told_of_the_repeat() -> None:
    story = Story()
    story.press()
    story.sent("anna")
    story.sent("berit")
    story.do("anna", Action.REFUSE)
    assert story.press() == ["heard help.pressed", "again 2 HIGH: berit@webhook-1"]


def test_a_fall_and_a_press_of_one_resident_are_one_alarm_of_the_highest_severity() -> None:
    story = Story()
    story.hear(Kind.FALL_DETECTED, "scaip:2")
    assert story.press("scaip:1")[1].startswith("again 2 CRITICAL")
    alarm = story.state.alarms[story.alarm]
    assert (alarm.severity, alarm.kind) == (Severity.CRITICAL, Kind.FALL_DETECTED)


def test_a_fall_after_a_press_raises_the_severity() -> None:
    story = Story()
    story.press("scaip:1")
    assert story.hear(Kind.FALL_DETECTED, "scaip:2")[1].startswith("again 2 CRITICAL")
    alarm = story.state.alarms[story.alarm]
    assert (alarm.severity, alarm.kind) == (Severity.CRITICAL, Kind.FALL_DETECTED)


def test_two_residents_are_two_alarms_and_so_are_help_and_fire() -> None:
    story = Story()
    story.press("scaip:1")
    assert story.press("scaip:3")[1] == "raised help.pressed HIGH (kind_raises)"
    assert story.hear(Kind.SMOKE_DETECTED)[1] == "raised smoke.detected CRITICAL (kind_raises)"
    assert len(story.state.alarms) == 3


def test_after_the_close_a_press_is_a_new_alarm() -> None:
    story = Story()
    story.press()
    story.accept("anna")
    story.close("anna")
    assert story.press()[1] == "raised help.pressed HIGH (kind_raises)"


def test_closing_a_risen_alarm_frees_its_trouble_too() -> None:
    story = Story()
    story.press()
    story.hear(Kind.FALL_DETECTED)
    story.accept("anna")
    story.close("anna")
    assert story.state.open_by_trouble == {}


def test_a_flapping_technical_fault_is_counted_and_not_rung() -> None:
    story = Story()
    assert story.hear(Kind.MAINS_LOST)[1] == "raised mains.lost TECHNICAL (kind_raises)"
    story.sent("anna")
    story.sent("berit")
    for number in range(2, 12):
        assert story.hear(Kind.MAINS_LOST) == ["heard mains.lost", f"again {number} TECHNICAL:"]
    assert story.owed == []


def test_two_technical_faults_of_one_device_are_two() -> None:
    story = Story()
    story.hear(Kind.MAINS_LOST)
    assert story.hear(Kind.BATTERY_LOW)[1] == "raised battery.low TECHNICAL (kind_raises)"


def test_an_unknown_device_that_presses_is_critical() -> None:
    story = Story()
    assert story.press("scaip:unheard-of") == [
        "heard help.pressed",
        "raised help.pressed CRITICAL (device_not_registered)",
        "step 1.0 60s: anna@webhook-1 berit@webhook-1 (chain_started)",
    ]


@pytest.mark.parametrize(
    ("kind", "raised"),
    [
        (Kind.SMOKE_DETECTED, "raised smoke.detected CRITICAL (device_not_registered)"),
        (Kind.MEDICATION_MISSED, "raised medication.missed CRITICAL (device_not_registered)"),
        (Kind.BATTERY_LOW, "raised battery.low TECHNICAL (device_not_registered)"),
        (Kind.FRAME_UNDECODABLE, "raised frame.undecodable TECHNICAL (device_not_registered)"),
        (Kind.DOOR_OPENED, "raised device.unknown TECHNICAL (device_not_registered)"),
        (Kind.HELP_CANCELLED, "raised device.unknown TECHNICAL (device_not_registered)"),
    ],
)
def test_whatever_an_unknown_device_says_reaches_a_person(kind: Kind, raised: str) -> None:
    assert Story().hear(kind, "scaip:unheard-of")[1] == raised


def test_old_help_rings_and_says_its_age() -> None:
    story = Story()
    heard = story.hear(Kind.HELP_PRESSED, occurred_at=START - 8 * HOUR, history=True)
    assert heard[1] == "raised help.pressed HIGH (old_help_still_rings)"
    raised = story.journal[-2].fact
    assert raised.reason.params == {"age_s": 28_800}  # type: ignore[union-attr]
    assert story.state.alarms[story.alarm].history


@pytest.mark.parametrize("kind", [Kind.BATTERY_LOW, Kind.MAINS_LOST, Kind.SMOKE_DETECTED])
def test_other_old_news_is_noted_and_rings_nobody(kind: Kind) -> None:
    story = Story()
    heard = story.hear(kind, occurred_at=START - 8 * HOUR, history=True)
    assert heard == [f"heard {kind}", "noted (old_message_only_noted)"]


def test_an_observation_alone_raises_nothing() -> None:
    assert Story().hear(Kind.DOOR_OPENED) == ["heard door.opened", "noted (observation_only)"]


def test_a_cancel_is_written_on_the_alarm_and_hides_nothing() -> None:
    story = Story()
    story.press()
    assert story.hear(Kind.HELP_CANCELLED) == [
        "heard help.cancelled",
        "written help.cancelled (cancel_never_hides)",
    ]
    assert story.owed == ["anna@webhook-1", "berit@webhook-1"]
    assert story.wait(60) == ["step 1.1 90s: carl@webhook-1 (nobody_accepted_in_time)"]


def test_a_restoration_is_written_on_the_alarm_and_closes_nothing() -> None:
    story = Story()
    story.hear(Kind.MAINS_LOST)
    assert story.hear(Kind.MAINS_RESTORED)[1] == "written mains.restored (trouble_passed)"
    assert story.state.alarms[story.alarm].phase == "looking"
    assert story.hear(Kind.BATTERY_OK)[1] == "noted (observation_only)"


def test_a_late_restoration_of_a_closed_alarm_is_only_noted() -> None:
    story = Story()
    story.hear(Kind.MAINS_LOST)
    story.accept("anna")
    story.close("anna")
    assert story.hear(Kind.MAINS_RESTORED)[1] == "noted (observation_only)"


@pytest.mark.parametrize("clock", [0, START + 3 * HOUR, START - 56 * 365 * 24 * HOUR])
def test_a_wrong_device_clock_drives_no_timer(clock: Instant) -> None:
    story = Story()
    assert story.hear(Kind.HELP_PRESSED, occurred_at=clock)[2].startswith("step 1.0 60s")
    assert story.wait(59) == []
    assert story.wait(1)[0].startswith("step 1.1 90s")


NIGHT_DOOR = Device(
    id="door",
    subject="zigbee2mqtt:gang/dor",
    resident="rolf",
    raises=(RaiseRule(Kind.DOOR_OPENED, 23 * 60, 6 * 60, Severity.HIGH),),
)


@pytest.mark.parametrize(
    ("utc", "rings"),
    [
        ("2026-11-23T21:59:59Z", False),  # 22:59:59 in Oslo
        ("2026-11-23T22:00:00Z", True),  # 23:00
        ("2026-11-23T23:00:00Z", True),  # 00:00
        ("2026-11-24T02:10:00Z", True),  # 03:10
        ("2026-11-24T04:59:59Z", True),  # 05:59:59
        ("2026-11-24T05:00:00Z", False),  # 06:00
        ("2026-11-24T13:00:00Z", False),  # 14:00
        ("2026-07-01T21:00:00Z", True),  # 23:00 in summer time
        ("2026-07-01T04:00:00Z", False),  # 06:00 in summer time
        ("2026-10-25T00:30:00Z", True),  # 02:30, the first time
        ("2026-10-25T01:30:00Z", True),  # 02:30, the second time
    ],
)
def test_a_door_rings_in_its_window_which_crosses_midnight(utc: str, rings: bool) -> None:
    story = Story(town(NIGHT_DOOR), at=from_rfc3339(utc))
    heard = story.hear(Kind.DOOR_OPENED, NIGHT_DOOR.subject)
    expected = "raised door.opened HIGH (rule_raises)" if rings else "noted (observation_only)"
    assert heard[1] == expected


def test_two_rules_for_the_same_moment_give_the_higher_severity() -> None:
    rules = (
        RaiseRule(Kind.DOOR_OPENED, severity=Severity.LOW),
        RaiseRule(Kind.DOOR_OPENED, severity=Severity.HIGH),
        RaiseRule(Kind.DOOR_CLOSED, severity=Severity.CRITICAL),
    )
    door = Device(id="door", subject="zigbee2mqtt:dor", resident="rolf", raises=rules)
    heard = Story(town(door)).hear(Kind.DOOR_OPENED, "zigbee2mqtt:dor")
    assert heard[1] == "raised door.opened HIGH (rule_raises)"


def test_an_event_id_is_remembered_for_an_hour_and_longer_while_its_alarm_lives() -> None:
    story = Story()
    story.press(event="a" * 32)
    story.accept("anna")
    story.at += 2 * HOUR
    story.hear(Kind.DOOR_OPENED)
    assert "a" * 32 not in story.state.events
    assert story.press(event="a" * 32) == []
