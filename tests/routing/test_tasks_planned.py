"""Planned visits and looks: again and again by local time, moved by configuration, never twice."""

from routing.facts_correlate import LookDue
from routing.instant import HOUR, from_rfc3339
from routing.kinds import Severity
from routing.municipality import Resident
from routing.plans import LookPlan, Pause
from routing.tasks.facts import VisitWaits
from routing.tasks.life import TaskAction, TaskKind, TaskPhase
from routing.tasks.plans import VisitPlan
from tests.routing.story import town
from tests.routing.story_tasks import TaskStory

MORNING = VisitPlan(id="morning", minute=10 * 60, within_s=3600, ahead_s=1800)
WEEKDAYS = VisitPlan(id="week", minute=10 * 60, weekdays=(0, 1, 2, 3, 4), ahead_s=0)


def visited(*plans: VisitPlan, pause: Pause | None = None) -> Resident:
    return Resident(id="rolf", unit="north", visits=plans, pause=pause)


def planned(*plans: VisitPlan, at: str = "2026-11-23T08:00:00Z") -> TaskStory:
    story = TaskStory([], at=from_rfc3339(at))
    story.configure(*town(visited(*plans)))
    return story


def test_a_planned_visit_stands_in_the_list_is_offered_at_its_time_and_comes_again() -> None:
    story = planned(MORNING)
    assert story.lines(0)[-1] == "visit morning waits 1800s"
    assert story.time(1799) == []
    assert story.time(1) == [
        "made visit rolf 1800s to 5400s (task_by_plan)",
        "visit morning waits 86400s",
    ]
    assert story.task.phase is TaskPhase.OPEN
    assert story.owed == []
    assert story.time(1800) == [
        "offered 0 60s: anna@webhook-1 berit@webhook-1 (task_offered)",
    ]


def test_somebody_takes_it_before_its_time_and_nobody_is_rung() -> None:
    story = planned(MORNING)
    story.time(1800)
    assert story.task_do("berit", TaskAction.ACCEPT) == ["yes berit", "accept ok"]
    assert story.time(1800) == []
    assert story.owed == []


def test_a_plan_of_weekdays_rests_at_the_weekend() -> None:
    story = planned(WEEKDAYS, at="2026-11-27T09:30:00Z")
    assert story.lines(0)[-1] == f"visit week waits {2 * 86_400 + 23 * 3600 + 1800}s"


def test_the_visit_keeps_its_local_time_when_the_clocks_change() -> None:
    story = planned(VisitPlan(id="m", minute=600, ahead_s=0), at="2026-10-24T08:30:00Z")
    waits = [r.fact for r in story.journal if isinstance(r.fact, VisitWaits)]
    assert waits[-1].start == from_rfc3339("2026-10-25T09:00:00Z")


def test_applying_the_same_file_again_moves_nothing_and_a_new_time_moves_it() -> None:
    story = planned(MORNING)
    before = len(story.journal)
    story.configure(visited(MORNING))
    assert story.lines(before) == ["set rolf"]
    before = len(story.journal)
    story.configure(visited(VisitPlan(id="morning", minute=12 * 60, ahead_s=1800)))
    assert story.lines(before) == ["set rolf", "visit morning waits 9000s"]
    before = len(story.journal)
    story.configure(visited())
    assert story.lines(before) == ["set rolf", "visit.ended"]
    assert story.time(100_000) == []


def test_a_plan_without_days_makes_no_visit() -> None:
    story = planned(VisitPlan(id="never", minute=600, weekdays=()))
    assert story.time(14 * 86_400) == []


def test_nobody_visits_a_home_whose_resident_is_away() -> None:
    story = planned(MORNING)
    until = story.at + 24 * HOUR
    story.configure(visited(MORNING, pause=Pause(until=until, why="hospital")))
    assert story.time(1800) == ["visit morning waits 86400s"]
    assert story.time(86_400) == [
        "made visit rolf 1800s to 5400s (task_by_plan)",
        "visit morning waits 86400s",
    ]


def test_after_downtime_every_missed_visit_is_told_and_none_is_made_twice() -> None:
    story = planned(MORNING)
    story.time(30 * 3600)
    tasks = sorted(story.state.book.tasks.values(), key=lambda task: task.start)
    assert [(task.start, task.phase) for task in tasks] == [
        (from_rfc3339("2026-11-23T09:00:00Z"), TaskPhase.OVERDUE),
        (from_rfc3339("2026-11-24T09:00:00Z"), TaskPhase.OVERDUE),
    ]
    assert story.time(17 * 3600) == []


def test_an_overdue_visit_becomes_an_alarm_where_the_plan_says_so() -> None:
    late = VisitPlan(id="insulin", minute=600, within_s=1800, ahead_s=0, overdue=Severity.HIGH)
    story = planned(late)
    story.time(3600)
    told = story.time(1800)
    assert told[-2:] == [
        "raised task.overdue HIGH (task_window_ended)",
        "step 1.0 60s: anna@webhook-1 berit@webhook-1 (chain_started)",
    ]


def test_a_planned_look_is_a_task_for_those_on_duty() -> None:
    looked = Resident(id="rolf", unit="north", looks=(LookPlan(minute=600, within_s=900),))
    story = TaskStory(town(looked))
    told = story.time(3600)
    assert "made look rolf 0s to 900s (task_look)" in told
    assert told[-1] == "offered 0 60s: anna@webhook-1 berit@webhook-1 (task_offered)"
    assert next(r.fact for r in story.journal if isinstance(r.fact, LookDue)).resident == "rolf"
    assert story.task.kind is TaskKind.LOOK
