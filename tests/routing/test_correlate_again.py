"""Repeats, their throttle, borders, tests and exercises: what an open alarm makes of more of the
same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.instant import MINUTE, SECOND, from_rfc3339
from routing.kinds import Kind, Severity
from routing.lifecycle import Phase
from routing.marks import Mark
from routing.municipality import Device, Municipality, Person, Policy, Resident, Role, Step, Target
from routing.plans import Correlation, Pause
from tests.routing.story import START, Story, on_duty, town


def test_scenario_1_the_first_repeat_rings_the_owner_at_once() -> None:
    story = Story()
    story.press()
    story.accept("anna")
    story.at += 25 * SECOND
    assert story.press() == ["heard help.pressed", "again 2 HIGH: anna@webhook-1"]


def test_thirty_presses_ring_the_owner_at_most_every_two_minutes_with_their_count() -> None:
    story = Story()
    story.press()
    story.accept("anna")
    rang: list[tuple[int, str]] = []
    for number in range(30):
        story.at = START + (number + 1) * 10 * SECOND
        told = [*story.wait(0), *story.press()]
        rang += [((story.at - START) // SECOND, line) for line in told if "anna@" in line]
        if any("anna@" in line for line in told):
            story.sent("anna")
    assert [at_s for at_s, _ in rang] == [10, 130, 250]
    assert story.state.alarms[story.alarm].activations == 31


def test_what_was_held_back_is_told_when_the_two_minutes_are_over() -> None:
    story = Story()
    story.press()
    story.accept("anna")
    story.press()
    story.sent("anna")
    story.at += 30 * SECOND
    assert story.press() == ["heard help.pressed", "again 3 HIGH:", "watch.set"]
    assert story.press() == ["heard help.pressed", "again 4 HIGH:"]
    assert story.wait(89) == []
    assert story.wait(1) == ["watch.ended", "paged anna@webhook-1 (owner_told_again)"]
    (page,) = [one.page for one in story.state.owed.values()]
    assert page.why.params == {"activation": 4}


def test_nothing_is_told_of_an_alarm_that_was_closed_meanwhile() -> None:
    story = Story()
    story.press()
    story.accept("anna")
    story.press()
    story.press()
    story.close("anna")
    assert story.wait(120) == ["watch.ended"]


def test_a_new_kind_rings_the_owner_at_once() -> None:
    story = Story()
    story.press()
    story.accept("anna")
    story.press()
    story.sent("anna")
    story.at += SECOND
    assert story.hear(Kind.HELP_AUTOMATIC)[1] == "again 3 HIGH: anna@webhook-1"


def test_an_alarm_that_nobody_has_accepted_rings_at_every_press() -> None:
    story = Story()
    story.press()
    for number in (2, 3, 4):
        story.sent("anna")
        story.sent("berit")
        assert story.press()[1] == f"again {number} HIGH: anna@webhook-1 berit@webhook-1"


def test_how_often_is_configuration() -> None:
    numbers = Correlation(repeat_s=20)
    one = Municipality(
        id="simby", timezone="Europe/Oslo", default_policy="plain", correlation=numbers
    )
    story = Story(town(one))
    story.press()
    story.accept("anna")
    story.press()
    story.sent("anna")
    story.at += 20 * SECOND
    assert story.press()[1] == "again 3 HIGH: anna@webhook-1"


HELP = (Kind.HELP_PRESSED, Kind.HELP_AUTOMATIC, Kind.FALL_DETECTED, Kind.EPILEPSY_DETECTED)


@given(st.lists(st.sampled_from(HELP), min_size=2, max_size=8), st.booleans())
def test_severity_only_rises(kinds: list[Kind], accepted: bool) -> None:
    story = Story()
    before = Severity.TECHNICAL
    for kind in kinds:
        story.hear(kind)
        alarm = story.state.alarms[story.alarm]
        assert alarm.severity >= before
        before = alarm.severity
        if accepted and alarm.phase is Phase.LOOKING:
            story.accept("anna")
    critical = {Kind.FALL_DETECTED, Kind.EPILEPSY_DETECTED}.intersection(kinds)
    assert before is (Severity.CRITICAL if critical else Severity.HIGH)


TRACKER = Device(id="tracker", subject="ev07b:1", resident="rolf")


def test_scenario_16_who_is_back_stays_visible_as_returned() -> None:
    story = Story(town(TRACKER))
    story.hear(Kind.ZONE_LEFT, "ev07b:1")
    story.at += 6 * MINUTE
    assert story.hear(Kind.ZONE_ENTERED, "ev07b:1") == [
        "heard zone.entered",
        "written zone.entered (trouble_passed)",
        "alarm.marked",
    ]
    alarm = story.state.alarms[story.alarm]
    assert (alarm.phase, alarm.severity, alarm.marks) == ("looking", Severity.HIGH, ("returned",))
    story.hear(Kind.ZONE_LEFT, "ev07b:1")
    assert story.state.alarms[story.alarm].marks == ()


def test_coming_back_lowers_only_where_the_device_says_so() -> None:
    lowers = Device(id="tracker", subject="ev07b:1", resident="rolf", zone_return_lowers=True)
    story = Story(town(lowers))
    story.hear(Kind.ZONE_LEFT, "ev07b:1")
    story.hear(Kind.ZONE_ENTERED, "ev07b:1")
    alarm = story.state.alarms[story.alarm]
    assert (alarm.phase, alarm.severity) == ("looking", Severity.LOW)
    story.hear(Kind.ZONE_LEFT, "ev07b:1")
    assert story.state.alarms[story.alarm].severity is Severity.HIGH


def test_scenario_17_twelve_crossings_in_ten_minutes_are_one_alarm_and_one_ring() -> None:
    story = Story(town(TRACKER))
    lines: list[str] = []
    for number in range(12):
        kind = Kind.ZONE_ENTERED if number % 2 else Kind.ZONE_LEFT
        lines += story.hear(kind, "ev07b:1")
        story.at += 50 * SECOND
    assert len(story.state.alarms) == 1
    assert sum(line.startswith("raised") for line in lines) == 1
    assert [line for line in lines if line.startswith("again") and "@" in line] == []
    assert story.state.alarms[story.alarm].activations == 6


def test_leaving_again_long_after_the_last_crossing_rings() -> None:
    story = Story(town(TRACKER))
    story.hear(Kind.ZONE_LEFT, "ev07b:1")
    story.sent("anna")
    story.sent("berit")
    story.hear(Kind.ZONE_ENTERED, "ev07b:1")
    story.at += 601 * SECOND
    assert story.hear(Kind.ZONE_LEFT, "ev07b:1")[1].startswith("again 2")
    assert "anna@webhook-1" in story.owed


def test_scenario_27_a_test_alarm_is_recorded_and_calls_nobody() -> None:
    story = Story()
    assert story.hear(Kind.DEVICE_TESTED) == ["heard device.tested", "noted (test_recorded)"]
    assert story.state.alarms == {}


@pytest.mark.parametrize("subject", ["scaip:1", "scaip:2"])
def test_scenario_27_a_test_during_an_alarm_at_that_address_is_real(subject: str) -> None:
    story = Story()
    story.press("scaip:1")
    story.sent("anna")
    story.sent("berit")
    heard = story.hear(Kind.DEVICE_TESTED, subject)
    assert heard[1] == "again 2 HIGH: anna@webhook-1 berit@webhook-1"
    assert story.hear(Kind.DEVICE_TESTED, "scaip:3")[1] == "noted (test_recorded)"


def test_a_test_while_it_burns_raises_help() -> None:
    story = Story()
    story.hear(Kind.SMOKE_DETECTED)
    assert story.hear(Kind.DEVICE_TESTED)[1] == "raised help.pressed HIGH (test_counts_as_real)"


def test_a_technical_alarm_makes_no_test_real() -> None:
    story = Story()
    story.hear(Kind.BATTERY_LOW)
    assert story.hear(Kind.DEVICE_TESTED)[1] == "noted (test_recorded)"


RELATIVE = Person(id="rita", roles=(Role.RELATIVE,), channels=("webhook-1",))
WITH_RELATIVE = Policy(
    id="plain",
    steps=(Step((Target("relative", "responsible"), Target("on_duty", "home")), 60),),
    fallback=(Target("person", "lea"),),
)


def test_an_exercise_device_reaches_no_resident_and_no_relative() -> None:
    trainer = Device(id="trainer", subject="scaip:7", resident="rolf", exercise=True)
    home = Resident(id="rolf", unit="north", relatives={"rita": "responsible"})
    story = Story(town(trainer, home, RELATIVE, WITH_RELATIVE))
    story.press("scaip:7")
    exercise = story.state.alarms[story.alarm]
    assert (exercise.marks, exercise.resident) == ((Mark.EXERCISE,), None)
    assert story.owed == ["anna@webhook-1", "berit@webhook-1"]
    lines = story.press("scaip:1")
    assert lines[1] == "raised help.pressed HIGH (kind_raises)"
    assert lines[-1] == "alarm.settled"
    assert "rita@webhook-1" in story.owed
    ended = story.state.alarms[exercise.id]
    assert (ended.phase, ended.outcome) == (Phase.CLOSED, "test")
    assert story.state.memory.exercises == {}


def test_an_exercise_goes_on_while_real_alarms_need_others() -> None:
    trainer = Device(id="trainer", subject="scaip:7", unit="north", exercise=True)
    story = Story(town(trainer, on_duty("anna")))
    story.press("scaip:7")
    story.accept("carl")
    assert story.press("scaip:1")[-1].startswith("step 1.0")
    assert len(story.state.memory.exercises) == 1
    assert story.wait(60)[-1] == "alarm.settled"


PAUSED_UNTIL = from_rfc3339("2026-11-30T08:00:00Z")


def paused() -> Story:
    home = Resident(
        id="rolf",
        unit="north",
        relatives={"rita": "responsible"},
        pause=Pause(PAUSED_UNTIL, "hospital"),
    )
    return Story(town(home, RELATIVE, WITH_RELATIVE))


def test_scenario_23_a_press_in_a_pause_reaches_a_person_and_no_relative() -> None:
    story = paused()
    assert story.press()[:2] == ["heard help.pressed", "raised help.pressed HIGH (kind_raises)"]
    assert story.owed == ["anna@webhook-1", "berit@webhook-1"]
    assert story.state.alarms[story.alarm].marks == (Mark.RELATIVES_NOT_TOLD,)


@pytest.mark.parametrize("kind", [Kind.INACTIVITY_DETECTED, Kind.MEDICATION_MISSED])
def test_scenario_23_what_is_not_help_is_noted_in_a_pause(kind: Kind) -> None:
    assert paused().hear(kind) == [f"heard {kind}", "noted (resident_paused)"]


def test_scenario_23_the_pause_ends_by_itself() -> None:
    story = paused()
    story.at = PAUSED_UNTIL
    assert story.hear(Kind.INACTIVITY_DETECTED)[1].startswith("raised inactivity.detected")
    assert "rita@webhook-1" in story.owed
