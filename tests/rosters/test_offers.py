"""A gap is offered to the pool: who is asked, the first yes, and what comes too late."""

from typing import Any

import pytest

from hub.router.engine import Engine
from routing.coverage import coverage
from routing.duty import Absence, Need, Override
from routing.facts import ConfigurationSet
from routing.instant import DAY, HOUR, MINUTE, SECOND, Instant, from_rfc3339
from routing.kinds import Severity
from routing.municipality import AnyItem, Municipality, Person, Role, Shift, Step, Target, Team
from routing.presence import Presence
from routing.reasons import ReasonCode, because
from routing.roster import on_duty
from routing.snapshot import restore, take
from routing.tasks.command import NewTask
from routing.tasks.facts import TaskCommandEnded
from routing.tasks.life import TaskAction, TaskKind, TaskOutcome, TaskPhase
from routing.tasks.open_duty import open_duties
from routing.tasks.plans import GapOffers, TaskCare
from tests.routing.story import START, alarm_id, plain
from tests.routing.story import town as small_town
from tests.routing.story_tasks import TaskStory

FROM, TO = from_rfc3339("2026-11-23T21:45:00Z"), from_rfc3339("2026-11-23T22:00:00Z")
"""The gap: 22:45 to 23:00 in Oslo, on the day on which the stories begin at 09:00."""
WEEK = (0, 1, 2, 3, 4, 5, 6)
ALWAYS = Need(id="always", team="home")
AT_ONCE = plain(Step((Target("team", "pool"),), 3600), name="pool", fallback=())


def shift(id: str, start: int, end: int, *who: str, team: str = "home") -> Shift:
    return Shift(id=id, team=team, people=who, weekdays=WEEK, from_minute=start, to_minute=end)


def pool(id: str, *competences: str, role: Role = Role.STAFF) -> Person:
    return Person(
        id=id, roles=(role,), teams=("pool",), channels=("webhook-1",), competences=competences
    )


def care(**offers: Any) -> Municipality:
    given = GapOffers(**{"policy": "pool", "severity": Severity.MEDIUM, **offers})
    return Municipality(
        id="simby",
        timezone="Europe/Oslo",
        default_policy="plain",
        tasks=TaskCare(offers=given),
    )


def items(*more: AnyItem) -> list[AnyItem]:
    return small_town(
        care(),
        Team(id="pool"),
        pool("dag"),
        pool("eva"),
        shift("day", 7 * 60, 22 * 60 + 45, "anna"),
        shift("night", 23 * 60, 7 * 60, "berit"),
        ALWAYS,
        AT_ONCE,
        *more,
    )


def gap(**other: Any) -> NewTask:
    said = {"kind": TaskKind.DUTY, "need": "always", "start": FROM, "end": TO}
    return NewTask(**{**said, **other})


def offered(*more: AnyItem) -> TaskStory:
    """A story in which the lead has offered the gap and the pool has been asked."""
    story = TaskStory(items(*more))
    assert story.make(gap())[-1] == "make ok"
    story.time()
    return story


def test_the_lead_offers_and_the_whole_pool_is_asked_at_once() -> None:
    story = TaskStory(items())
    assert story.make(gap()) == ["made duty None 0s to 49500s (task_by_hand)", "make ok"]
    assert story.time() == ["offered 0 3600s: dag@webhook-1 eva@webhook-1 (task_offered)"]


def test_the_first_yes_is_in_the_roster_and_the_others_are_told() -> None:
    story = offered()
    assert story.task_do("eva", TaskAction.ACCEPT) == [
        "yes eva",
        "done eva done",
        "told dag@webhook-1 lea@webhook-1 (duty_taken)",
        f"set {next(iter(story.state.registry.overrides))}",
        "accept ok",
    ]
    assert on_duty(story.state.registry, "home", FROM) == ("eva",)
    assert on_duty(story.state.registry, "home", FROM - MINUTE) == ("anna",)
    assert on_duty(story.state.registry, "home", TO) == ("berit",)
    assert coverage(story.state.registry, FROM, TO) == []
    written = [one.fact for one in story.journal if isinstance(one.fact, ConfigurationSet)]
    assert written[-1].author == "eva"
    assert written[-1].item == Override(
        id=next(iter(story.state.registry.overrides)),
        team="home",
        people=("eva",),
        from_local="2026-11-23T22:45",
        to_local="2026-11-23T23:00",
        mode="extra",
        offer=story.task.id,
    )


def test_of_two_yes_within_a_second_one_wins_and_the_other_hears_who() -> None:
    story = offered()
    story.task_do("dag", TaskAction.ACCEPT)
    story.at += 400_000
    assert story.task_do("eva", TaskAction.ACCEPT) == ["accept not ok (duty_taken)"]
    ended = story.journal[-1].fact
    assert isinstance(ended, TaskCommandEnded)
    assert ended.refused == because(ReasonCode.DUTY_TAKEN, person="dag")
    assert [o.people for o in story.state.registry.overrides.values()] == [("dag",)]


def test_the_same_command_twice_is_one_duty() -> None:
    story = offered()
    story.task_do("dag", TaskAction.ACCEPT, command="once")
    assert story.task_do("dag", TaskAction.ACCEPT, command="once") == []
    assert len(story.state.registry.overrides) == 1


def test_all_refuse_and_the_lead_is_told_at_once() -> None:
    story = offered()
    story.task_do("dag", TaskAction.REFUSE)
    assert story.task_do("eva", TaskAction.REFUSE) == [
        "no eva",
        "untaken: lea@webhook-1",
        "refuse ok",
    ]


def test_no_answer_is_told_to_the_lead_and_again_when_the_gap_begins() -> None:
    story = offered()
    assert story.time(3600) == ["untaken: lea@webhook-1"]
    assert story.time((FROM - story.at) // SECOND) == ["overdue: lea@webhook-1"]
    story.at += 5 * MINUTE
    story.task_do("dag", TaskAction.ACCEPT)
    assert on_duty(story.state.registry, "home", story.at) == ("dag",)
    assert on_duty(story.state.registry, "home", FROM) == ()


def test_a_yes_after_the_gap_is_refused_in_words_and_the_offer_ends_by_itself() -> None:
    story = offered()
    story.time((TO - story.at) // SECOND)
    assert story.task_do("dag", TaskAction.ACCEPT) == ["accept not ok (duty_passed)"]
    assert story.state.registry.overrides == {}
    assert story.time(86_400) == ["cancelled None (duty_passed)"]
    assert story.time(86_400) == ["task.archived"]


def test_a_gap_that_is_covered_otherwise_ends_the_offer() -> None:
    story = offered()
    before = len(story.journal)
    by_hand = Override(
        id="o",
        team="home",
        people=("berit",),
        from_local="2026-11-23T22:30",
        to_local="2026-11-23T23:00",
        mode="extra",
    )
    story.configure(by_hand)
    assert story.lines(before) == ["set o", "cancelled None (duty_covered)"]
    assert story.state.owed == {}
    assert story.task_do("dag", TaskAction.ACCEPT) == ["accept not ok (duty_covered)"]


def test_one_after_another_with_a_wait() -> None:
    step = Step((Target("team", "pool"),), 600, in_turn=True)
    story = offered(plain(step, name="pool", fallback=()))
    assert story.lines(-1 + len(story.journal)) == ["offered 0 600s: dag@webhook-1 (task_offered)"]
    assert story.time(599) == []
    assert story.time(1) == ["offered 0 600s: eva@webhook-1 (task_nobody_yet)"]
    assert story.task_do("eva", TaskAction.REFUSE) == [
        "no eva",
        "untaken: lea@webhook-1",
        "refuse ok",
    ]
    # Dag has not said no: he may still say yes.
    assert story.task_do("dag", TaskAction.ACCEPT)[-1] == "accept ok"


def test_a_no_in_turn_asks_the_next_at_once() -> None:
    step = Step((Target("team", "pool"),), 600, in_turn=True)
    story = offered(plain(step, name="pool", fallback=()))
    assert story.task_do("dag", TaskAction.REFUSE) == [
        "no dag",
        "offered 0 600s: eva@webhook-1 (all_refused)",
        "refuse ok",
    ]


NOT_FREE: dict[str, tuple[list[AnyItem], str]] = {
    "on duty then, in another unit": (
        [Team(id="other"), shift("x", 20 * 60, 23 * 60, "dag", team="other")],
        "duty_already_on",
    ),
    "absent": (
        [Absence(id="a", person="dag", from_local="2026-11-23T22:59", to_local="2026-11-24T08:00")],
        "duty_absent",
    ),
    "on duty 10 h 59 min before": (
        [shift("x", 4 * 60, 11 * 60 + 46, "dag", team="centre")],
        "duty_no_rest",
    ),
    "on duty 10 h 59 min afterwards": (
        [shift("x", 9 * 60 + 59, 10 * 60 + 30, "dag", team="centre")],
        "duty_no_rest",
    ),
    "a relative": ([pool("dag", role=Role.RELATIVE)], "role_may_not"),
}


@pytest.mark.parametrize(("more", "code"), NOT_FREE.values(), ids=NOT_FREE)
def test_who_is_not_free_is_not_asked_and_a_yes_is_refused(more: list[AnyItem], code: str) -> None:
    story = offered(*more)
    assert story.lines(len(story.journal) - 1) == ["offered 0 3600s: eva@webhook-1 (task_offered)"]
    assert story.task_do("dag", TaskAction.ACCEPT) == [f"accept not ok ({code})"]


def test_who_has_rested_just_long_enough_is_asked() -> None:
    story = offered(shift("x", 10 * 60, 11 * 60 + 45, "dag", team="centre"))
    assert "dag@webhook-1" in story.lines(len(story.journal) - 1)[0]


def test_the_competence_of_the_need_is_asked_for() -> None:
    medicine = Need(id="always", team="home", competence="medication")
    story = offered(medicine, pool("eva", "medication"), pool("carl", "medication"))
    line = story.lines(len(story.journal) - 1)[0]
    assert line == "offered 0 3600s: carl@webhook-1 eva@webhook-1 (task_offered)"
    assert story.task_do("dag", TaskAction.ACCEPT) == ["accept not ok (competence_missing)"]


def test_nobody_free_is_told_to_the_lead_at_once() -> None:
    away = [
        Absence(id=p, person=p, from_local="2026-11-23", to_local="2026-11-25")
        for p in ("dag", "eva")
    ]
    story = TaskStory(items(*away))
    story.make(gap())
    assert story.time() == ["untaken: lea@webhook-1"]


def test_two_are_needed_and_both_yes_are_in_the_roster() -> None:
    story = offered(Need(id="always", team="home", people=2))
    # From 22:45 on two are lacking; before and after it is one.
    assert story.task_do("dag", TaskAction.ACCEPT)[0] == "yes dag, more are needed"
    assert on_duty(story.state.registry, "home", FROM) == ("dag",)
    assert story.task.phase is TaskPhase.OFFERED
    lines = story.task_do("eva", TaskAction.ACCEPT)
    assert lines[:2] == ["yes eva", "done eva done"]
    assert set(on_duty(story.state.registry, "home", FROM)) == {"dag", "eva"}


def test_in_the_night_a_small_offer_waits_and_a_word_stands_on_the_page_only() -> None:
    story = TaskStory(items())
    story.at = from_rfc3339("2026-11-23T21:30:00Z")  # 22:30
    tomorrow = gap(start=FROM + DAY, end=TO + DAY, severity=Severity.LOW)
    story.make(tomorrow)
    assert story.time() == ["held 30600s (night_is_quiet)"]
    assert story.task_do("dag", TaskAction.ACCEPT)[2] == "told lea@page (duty_taken)"
    assert story.state.owed == {}


def test_the_second_step_that_the_night_holds_back_is_not_skipped() -> None:
    steps = (
        Step((Target("person", "dag"),), 3600),
        Step((Target("person", "eva"),), 3600),
        Step((Target("person", "carl"),), 3600),
    )
    story = TaskStory(items(plain(*steps, name="pool", fallback=())))
    story.at = from_rfc3339("2026-11-23T20:30:00Z")  # 21:30
    story.make(gap(start=FROM + DAY, end=TO + DAY, severity=Severity.LOW))
    assert story.time() == ["offered 0 3600s: dag@webhook-1 (task_offered)"]
    assert story.time(3600) == ["held 30600s (night_is_quiet)"]
    assert story.time(30_600) == ["offered 1 3600s: eva@webhook-1 (task_offered)"]


REFUSED: dict[str, tuple[str, dict[str, Any], str]] = {
    "by somebody who does not lead": ("anna", {}, "role_may_not"),
    "no such need": ("lea", {"need": "gone"}, "duty_unknown"),
    "without its need": ("lea", {"need": None}, "task_incomplete"),
    "a need for another kind": ("lea", {"kind": TaskKind.VISIT}, "task_incomplete"),
    "no gap there": ("lea", {"start": TO, "end": TO + HOUR}, "duty_covered"),
    "past": ("lea", {"start": FROM - DAY, "end": TO - DAY}, "duty_passed"),
    "turned round": ("lea", {"start": TO, "end": FROM}, "task_window_wrong"),
}


@pytest.mark.parametrize(("person", "other", "code"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_offered(person: str, other: dict[str, Any], code: str) -> None:
    story = TaskStory(items())
    assert story.make(gap(**other), person) == [f"make not ok ({code})"]


def test_the_same_gap_is_offered_once_at_a_time() -> None:
    story = offered()
    assert story.make(gap()) == ["make not ok (duty_offered_already)"]


@pytest.mark.parametrize("action", [TaskAction.GIVE_BACK, TaskAction.DONE])
def test_a_duty_is_only_taken_or_refused(action: TaskAction) -> None:
    story = offered()
    said = story.task_do("dag", action, outcome=TaskOutcome.DONE)
    assert said == [f"{action} not ok (duty_by_roster)"]


def test_a_snapshot_carries_the_offer() -> None:
    story = offered(plain(Step((Target("team", "pool"),), 600, in_turn=True), name="pool"))
    back = restore(take(story.state))
    assert back == story.state
    assert back is not None
    assert story.task.waiting == ("eva",)
    story.state = back
    assert story.time(600) == ["offered 0 600s: eva@webhook-1 (task_nobody_yet)"]


# -- by itself -------------------------------------------------------------------------------------


def look(story: TaskStory) -> list[str]:
    """What the hub offers when it looks at the roster now."""
    before = len(story.journal)
    for event in open_duties(story.state.registry, story.at):
        story.feed(event)
    return story.lines(before)


def test_a_gap_is_offered_by_itself_once_so_long_before() -> None:
    story = TaskStory(items(care(automatic=True, ahead_s=3600)))
    assert look(story) == []
    story.at = FROM - HOUR
    assert look(story) == ["heard duty.open", "made duty None 0s to 3600s (task_duty_open)"]
    assert look(story) == []
    story.task_do("lea", TaskAction.CANCEL)
    story.at += 30 * MINUTE
    assert look(story) == []  # the lead has called it off


def test_nothing_is_offered_by_itself_unless_configuration_says_so() -> None:
    story = TaskStory(items())
    story.at = FROM - HOUR
    assert look(story) == []


def test_a_duty_that_opens_again_is_offered_again() -> None:
    story = TaskStory(items(care(automatic=True, ahead_s=86_400)))
    look(story)
    story.task_do("dag", TaskAction.ACCEPT)
    story.at += HOUR
    assert look(story) == []
    story.configure(Absence(id="ill", person="dag", from_local="2026-11-23", to_local="2026-11-25"))
    assert look(story) == ["heard duty.open", "made duty None 0s to 45900s (task_duty_open)"]


def test_a_long_gap_is_offered_in_parts_that_do_not_move() -> None:
    none = [replace_people(s) for s in (shift("day", 0, 0), shift("night", 0, 0))]
    story = TaskStory(items(*none, care(automatic=True, ahead_s=86_400, longest_s=6 * 3600)))
    look(story)
    midnight = from_rfc3339("2026-11-22T23:00:00Z")
    wanted = [midnight + n * 6 * HOUR for n in range(1, 6)]
    assert parts(story) == wanted
    story.at += 2 * HOUR
    look(story)
    assert parts(story) == wanted


def replace_people(one: Shift) -> Shift:
    return Shift(id=one.id, team="home", people=(), weekdays=(0,), from_minute=0, to_minute=0)


def parts(story: TaskStory) -> list[Instant]:
    return sorted(t.duty.from_at for t in story.state.book.tasks.values() if t.duty)


def test_the_engine_offers_when_it_looks() -> None:
    story = TaskStory(items(care(automatic=True, ahead_s=86_400)))
    engine = Engine(story.state, Presence(), alarm_id)
    batch = engine.turn(START)
    assert batch is not None
    told = [type(fact).__name__ for fact in batch.facts]
    assert told[-3:] == ["EventRecorded", "TaskMade", "TaskOffered"]
