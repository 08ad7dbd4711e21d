"""Planned looks: who may open the link to the viewer, when, and what a look may ask for."""

from typing import Any

import pytest

from routing.instant import HOUR, MINUTE, SECOND, Instant
from routing.kinds import Severity
from routing.municipality import AnyItem, Municipality, Resident
from routing.plans import LookPlan
from routing.snapshot import restore, take
from routing.tasks.command import NewTask
from routing.tasks.facts import TaskViewed
from routing.tasks.life import TaskAction, TaskKind, TaskOutcome, TaskPhase
from routing.tasks.plans import TaskCare
from tests.routing.story import START
from tests.routing.story_tasks import TaskStory

ACCEPT, VIEW, DONE = TaskAction.ACCEPT, TaskAction.VIEW, TaskAction.DONE
TEN: Instant = 10 * 60
"""10:00 in Oslo, an hour after the stories begin."""


def home(**more: Any) -> Resident:
    values: dict[str, Any] = {"looks": (LookPlan(TEN, 900),), "supervised_until": START + 24 * HOUR}
    return Resident(id="rolf", unit="north", **{**values, **more})


def looked_for(*items: AnyItem) -> TaskStory:
    """It is time for the look, and it is offered to those on duty."""
    story = TaskStory()
    story.configure(*(items or (home(),)))
    due_at = next(at for at in [START + n * MINUTE for n in range(180)] if _is_ten(at))
    story.time((due_at - START) // SECOND)
    assert story.task.kind is TaskKind.LOOK
    return story


def _is_ten(at: Instant) -> bool:
    return (at // MINUTE + 60) % (24 * 60) == TEN


def taken(*items: AnyItem) -> TaskStory:
    story = looked_for(*items)
    assert story.task_do("anna", ACCEPT) == ["yes anna", "accept ok"]
    return story


def viewed(story: TaskStory) -> list[tuple[str, str]]:
    facts = (one.fact for one in story.journal)
    return [(fact.person, fact.resident) for fact in facts if isinstance(fact, TaskViewed)]


def test_each_look_of_who_has_the_task_is_written_down() -> None:
    story = taken()
    for _ in range(2):
        assert story.task_do("anna", VIEW)[-1] == "view ok"
    assert viewed(story) == [("anna", "rolf"), ("anna", "rolf")]
    assert story.task.phase is TaskPhase.ACCEPTED
    assert story.end_task("anna") == ["done anna done", "done ok"]
    assert story.task_do("anna", VIEW) == ["view not ok (task_is_over)"]


def test_the_same_click_is_one_look() -> None:
    story = taken()
    story.task_do("anna", VIEW, command="click-1")
    assert story.task_do("anna", VIEW, command="click-1") == []
    assert viewed(story) == [("anna", "rolf")]


@pytest.mark.parametrize("person", ["berit", "lea", "carl"])
def test_nobody_else_may_look_not_even_a_lead(person: str) -> None:
    story = taken()
    assert story.task_do(person, VIEW) == ["view not ok (task_not_yours)"]
    assert viewed(story) == []


def test_whoever_gave_it_back_may_not_look() -> None:
    story = taken()
    story.task_do("anna", TaskAction.GIVE_BACK)
    assert story.task_do("anna", VIEW) == ["view not ok (task_not_yours)"]


@pytest.mark.parametrize(
    ("resident", "reason"),
    [
        (home(objects=("viewing",)), "view_objected"),
        (home(supervised_until=None), "view_not_decided"),
        (home(supervised_until=START), "view_not_decided"),
    ],
    ids=["objects", "no decision", "a decision that has ended"],
)
def test_a_resident_is_not_looked_at_without_right(resident: Resident, reason: str) -> None:
    story = taken(resident)
    assert story.task_do("anna", VIEW) == [f"view not ok ({reason})"]
    assert viewed(story) == []


def test_an_objection_to_location_is_none_to_looks() -> None:
    story = taken(home(objects=("location", "lock")))
    assert story.task_do("anna", VIEW)[-1] == "view ok"


def test_a_look_is_possible_until_its_window_ends_and_not_after() -> None:
    story = taken()
    story.time(900)
    assert story.task_do("anna", VIEW)[-1] == "view ok"
    story.time(1)
    assert story.task_do("anna", VIEW) == ["view not ok (view_not_now)"]


@pytest.mark.parametrize("kind", [TaskKind.VISIT, TaskKind.LOOK])
def test_a_task_made_by_hand_lets_nobody_look(kind: TaskKind) -> None:
    story = TaskStory()
    story.configure(home())
    story.make(NewTask(kind=kind, resident="rolf", start=START, end=START + HOUR), "lea")
    story.task_do("anna", ACCEPT)
    assert story.task_do("anna", VIEW) == ["view not ok (view_not_for_this)"]


def test_a_look_that_asks_for_a_visit_makes_one_that_rings_at_once() -> None:
    story = taken()
    look = story.task.id
    assert story.task_do("anna", DONE, outcome=TaskOutcome.VISIT_NEEDED) == [
        "done anna visit_needed",
        "made visit rolf 0s to 1800s (task_after_look)",
        "done ok",
    ]
    assert story.time()[0].startswith("offered 0 ")
    (visit,) = (task for task in story.state.book.tasks.values() if task.id != look)
    assert (visit.kind, visit.severity, visit.live) == (TaskKind.VISIT, Severity.HIGH, True)


def test_a_visit_that_nobody_makes_is_an_alarm() -> None:
    care = TaskCare(after_look_s=600)
    story = taken(
        home(),
        Municipality(id="simby", timezone="Europe/Oslo", default_policy="plain", tasks=care),
    )
    story.task_do("anna", DONE, outcome=TaskOutcome.VISIT_NEEDED)
    story.time(600)
    (alarm,) = story.state.alarms.values()
    assert (alarm.kind, alarm.severity) == ("task.overdue", Severity.HIGH)


def test_only_a_look_asks_for_a_visit() -> None:
    story = TaskStory()
    story.configure(home())
    new = NewTask(kind=TaskKind.REFILL, resident="rolf", start=START, end=START + HOUR)
    story.make(new)
    story.task_do("anna", ACCEPT)
    refused = story.task_do("anna", DONE, outcome=TaskOutcome.VISIT_NEEDED)
    assert refused == ["done not ok (outcome_not_for_this)"]
    assert story.task.live


def test_a_snapshot_keeps_the_decision_and_the_task() -> None:
    story = taken()
    story.task_do("anna", VIEW)
    restored = restore(take(story.state))
    assert restored == story.state
    assert restored is not None
    story.state = restored
    assert story.task_do("anna", VIEW)[-1] == "view ok"
