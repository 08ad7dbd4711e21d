"""An exercise gives way to real alarms, and to nothing else."""

import pytest

from routing.kinds import Kind
from routing.lifecycle import Phase
from routing.marks import Mark
from routing.municipality import Device, Municipality
from routing.plans import Correlation
from tests.routing.story import Story, on_duty, town

TRAINER = Device(id="trainer", subject="scaip:7", unit="north", exercise=True)
SECOND_TRAINER = Device(id="trainer-2", subject="scaip:8", unit="north", exercise=True)


def _exercises(story: Story) -> list[tuple[Phase, str | None]]:
    return [
        (alarm.phase, alarm.outcome)
        for alarm in story.state.alarms.values()
        if Mark.EXERCISE in alarm.marks
    ]


def test_a_second_exercise_does_not_end_the_first() -> None:
    story = Story(town(TRAINER, SECOND_TRAINER, on_duty("anna")))
    story.press("scaip:7")
    assert "alarm.settled" not in story.press("scaip:8")
    assert _exercises(story) == [(Phase.LOOKING, None)] * 2
    assert len(story.owed) == 2


def test_an_exercise_that_would_call_somebody_a_real_alarm_calls_is_over_at_once() -> None:
    story = Story(town(TRAINER, on_duty("anna")))
    story.press("scaip:1")
    assert story.press("scaip:7")[-1] == "alarm.settled"
    assert _exercises(story) == [(Phase.CLOSED, "test")]
    assert story.owed == ["anna@webhook-1"]
    (held,) = {one.page.send.split(":")[0] for one in story.state.owed.values()}
    assert Mark.EXERCISE not in story.state.alarms[held].marks


def test_an_exercise_is_over_when_its_next_step_needs_somebody_at_a_real_alarm() -> None:
    story = Story(town(TRAINER, on_duty("anna")))
    story.press("scaip:1")
    story.accept("carl")
    story.press("scaip:7")
    assert _exercises(story) == [(Phase.LOOKING, None)]
    assert story.wait(60)[-1] == "alarm.settled"
    assert _exercises(story) == [(Phase.CLOSED, "test")]


def test_the_calls_of_an_exercise_that_yields_are_taken_back() -> None:
    story = Story(town(TRAINER, on_duty("anna")))
    story.press("scaip:7")
    before = {one.page.send for one in story.state.owed.values()}
    story.press("scaip:1")
    after = {one.page.send for one in story.state.owed.values()}
    assert before
    assert after
    assert not before & after


@pytest.mark.parametrize("exercise", [True, False])
def test_exercises_make_no_storm(exercise: bool) -> None:
    devices = [
        Device(id=f"d{n}", subject=f"scaip:9{n}", unit="north", exercise=exercise) for n in range(5)
    ]
    numbers = Correlation(storm_events=5, storm_window_s=60)
    one = Municipality(
        id="simby", timezone="Europe/Oslo", default_policy="plain", correlation=numbers
    )
    story = Story(town(*devices, one))
    for n in range(5):
        story.hear(Kind.MAINS_LOST, f"scaip:9{n}")
    found = any(alarm.subject == "area:north" for alarm in story.state.alarms.values())
    assert found is not exercise
