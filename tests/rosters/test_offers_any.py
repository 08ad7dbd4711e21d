"""Offers against a walk through every minute: who is free, and what a yes covers."""

from dataclasses import replace

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from routing.coverage import Spot, coverage
from routing.duty import OpenDuty, Override
from routing.facts import ConfigurationSet
from routing.instant import DAY, HOUR, MINUTE
from routing.municipality import Person, Policy, Role, Step, Target
from routing.pool import hindrance
from routing.tasks.command import NewTask
from routing.tasks.life import TaskAction, TaskKind, TaskPhase
from tests.rosters.entries import PEOPLE, TEAMS, rosters, town
from tests.rosters.oracle import Entries, minute_of, roster_clock
from tests.rosters.test_coverage import NEEDS, SKILLED, people
from tests.routing.story_tasks import TaskStory

REST_S = 7200
TOO_LONG = 16 * HOUR
"""Longer gaps only make the walk slow."""
SLOW = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]


def a_gap(entries: Entries, change: int, need: object) -> Spot:
    """Return the first gap or thin spot near the change of the clocks that is not too long."""
    registry = town(entries, *people(), need)  # type: ignore[arg-type]
    found = coverage(registry, change - 5 * HOUR, change + 27 * HOUR)
    fitting = [spot for spot in found if spot.to_at - spot.from_at <= TOO_LONG]
    assume(fitting)
    return fitting[0]


def is_free(entries: Entries, person: str, spot: Spot) -> bool:
    """Whether the person works in no team from two hours before until two hours after, and is there
    all the time between."""
    for at in range(spot.from_at - REST_S * 1_000_000, spot.to_at + REST_S * 1_000_000, MINUTE):
        if any(person in entries.on_duty(team, minute_of(at)) for team in TEAMS):
            return False
        clock = roster_clock(entries.zone, minute_of(at)).isoformat(timespec="minutes")
        within = spot.from_at <= at < spot.to_at
        away = (a for a in entries.absences if a.person == person)
        if within and any(a.from_local <= clock < a.to_local for a in away):
            return False
    return True


@settings(max_examples=15, deadline=None, suppress_health_check=SLOW)
@given(rosters(), NEEDS, st.sampled_from(PEOPLE))
def test_who_is_free_is_as_the_oracle_says(
    made: tuple[Entries, int], need: object, person: str
) -> None:
    entries, change = made
    spot = a_gap(entries, change, need)
    registry = town(entries, *people(), need)  # type: ignore[arg-type]
    duty = OpenDuty(spot.team, spot.need, spot.from_at, spot.to_at)
    may = person != "dag" and (spot.competence is None or person in SKILLED)
    free = hindrance(registry, person, duty, REST_S) is None
    assert free == (may and is_free(entries, person, spot))


@settings(max_examples=15, deadline=None, suppress_health_check=SLOW)
@given(rosters(), NEEDS)
def test_a_yes_covers_every_minute_of_the_gap_and_no_other(
    made: tuple[Entries, int], need: object
) -> None:
    entries, change = made
    spot = a_gap(entries, change, need)
    ready = Person(id="eva", roles=(Role.STAFF,), competences=("medication",))
    plain = Policy(id="plain", steps=(Step((Target("person", "eva"),), 60),), fallback=())
    lead = Person(id="lea", roles=(Role.LEAD,))
    registry = town(entries, *people(), need, ready, plain, lead)  # type: ignore[arg-type]
    sections = ("municipality", "team", "person", "policy", "shift", "rotation", "override",
                "swap", "absence", "need")  # fmt: skip
    every = [item for section in sections for item in registry.items(section).values()]
    story = TaskStory(every, at=spot.from_at - DAY)
    new = NewTask(kind=TaskKind.DUTY, need=spot.need, start=spot.from_at, end=spot.to_at)
    assert story.make(new)[-1] == "make ok"
    story.time()
    assert story.task_do("eva", TaskAction.ACCEPT)[-1] == "accept ok"
    written = [r.fact.item for r in story.journal if isinstance(r.fact, ConfigurationSet)]
    assert isinstance(written[-1], Override)
    enough = spot.required - spot.have == 1
    assert (story.task.phase is TaskPhase.DONE) == enough
    now = replace(entries, overrides=[*entries.overrides, written[-1]])
    for at in range(spot.from_at - 3 * HOUR, spot.to_at + 3 * HOUR, MINUTE):
        there = "eva" in now.on_duty(spot.team, minute_of(at))
        assert there == (spot.from_at <= at < spot.to_at), minute_of(at)
