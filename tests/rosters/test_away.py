"""Nobody is there whom a policy calls: told ahead, without needs and without noise."""

from msgspec.structs import replace

from routing.away import Alone, Away, nobody_there
from routing.coverage import coverage
from routing.duty import Absence, Need, Override
from routing.instant import DAY, HOUR, Instant
from routing.kinds import Category
from routing.municipality import (
    AnyItem,
    Municipality,
    PolicyWindow,
    Step,
    Target,
    When,
)
from tests.routing.story import (
    CENTRE,
    DAY_SHIFT,
    ON_DUTY,
    START,
    Story,
    on_duty,
    plain,
    town,
)

DAYS_AHEAD = 14
MIDNIGHT = START + 15 * HOUR
"""START is a Monday, 09:00 in Oslo."""
LEA = (Target("lead", "*"),)


def gone(person: str, from_local: str = "2026-11-24", to_local: str = "2026-11-26") -> Absence:
    """Return an absence, of two whole days from the Tuesday unless others are said."""
    return Absence(
        id=f"{person}-{from_local}", person=person, from_local=from_local, to_local=to_local
    )


def found(*items: AnyItem) -> tuple[list[Alone], list[Away]]:
    registry = Story(town(*items)).state.registry
    until = START + DAYS_AHEAD * DAY
    return nobody_there(registry, START, until, coverage(registry, START, until))


def test_everybody_there_is_nothing_to_tell() -> None:
    assert found() == ([], [])
    assert found(gone("anna"), gone("lea")) == ([], [])  # Berit is there, and nobody asks Lea yet


def test_a_policy_whose_people_are_all_absent_is_alone() -> None:
    alone, away = found(*(gone(person) for person in ("anna", "berit", "carl", "lea")))
    assert alone == [Alone("plain", MIDNIGHT, MIDNIGHT + 2 * DAY)]
    assert away == []  # the same time is told once


def test_a_team_planned_for_the_day_whose_fallback_is_absent_is_alone_at_night() -> None:
    policy = plain(Step((ON_DUTY,), 60), fallback=LEA)
    items = (policy, DAY_SHIFT, gone("lea", "2026-11-24T12:00", "2026-11-25T12:00"))
    alone, away = found(*items)
    assert alone == [Alone("plain", START + 30 * HOUR, MIDNIGHT + 31 * HOUR)]  # Tue 15, Wed 07
    assert away == []


def test_a_team_that_is_off_by_plan_is_no_news_while_the_fallback_is_there() -> None:
    assert found(plain(Step((ON_DUTY,), 60), fallback=LEA), DAY_SHIFT) == ([], [])


def test_a_team_that_is_planned_and_absent_is_told_as_one_time() -> None:
    policy = plain(Step((ON_DUTY,), 60), fallback=LEA)
    alone, away = found(policy, DAY_SHIFT, gone("anna"), gone("berit"))
    assert alone == []
    # Tuesday 07:00 to Wednesday 15:00: the night between, in which nobody is planned, is no end.
    assert away == [Away((ON_DUTY,), START + 22 * HOUR, START + 54 * HOUR)]


def test_somebody_in_their_place_ends_it() -> None:
    policy = plain(Step((ON_DUTY,), 60), fallback=LEA)
    instead = Override(
        id="o", team="home", people=("carl",), from_local="2026-11-24", to_local="2026-11-25"
    )
    _, away = found(policy, DAY_SHIFT, gone("anna"), gone("berit"), instead)
    assert away == [Away((ON_DUTY,), START + 46 * HOUR, START + 54 * HOUR)]


def test_a_lead_who_is_called_by_a_step_and_is_absent() -> None:
    policy = plain(Step((ON_DUTY,), 60), Step(LEA, 60))
    assert found(policy, gone("lea")) == ([], [Away(LEA, MIDNIGHT, MIDNIGHT + 2 * DAY)])


def test_a_whole_team_or_centre_that_is_absent() -> None:
    for target in (CENTRE, Target("response_centre", "centre")):
        _, away = found(plain(Step((ON_DUTY,), 60), Step((target,), 60)), gone("carl"))
        assert away == [Away((target,), MIDNIGHT, MIDNIGHT + 2 * DAY)]


def test_who_is_only_told_is_no_answer_and_no_news() -> None:
    told = Target("person", "carl", informed=True)
    policy = plain(Step((Target("person", "berit"), told), 60), fallback=())
    alone, _ = found(policy, gone("berit"))
    assert alone == [Alone("plain", MIDNIGHT, MIDNIGHT + 2 * DAY)]


def test_a_step_for_some_alarms_only_leaves_the_others_alone() -> None:
    some = Step((CENTRE,), 60, When(categories=(Category.HELP,)))
    alone, _ = found(plain(some, Step(LEA, 60), fallback=()), gone("lea"))
    assert alone == [Alone("plain", MIDNIGHT, MIDNIGHT + 2 * DAY)]


def test_what_follows_the_policy_answers_for_it() -> None:
    first = plain(Step((ON_DUTY,), 60), fallback=(), name="first")
    both = (plain(), gone("anna"), gone("berit"))
    town_of = Municipality(id="simby", timezone="Europe/Oslo", default_policy="first")
    alone, _ = found(town_of, first, *both)
    assert alone == [Alone("first", MIDNIGHT, MIDNIGHT + 2 * DAY)]
    followed = replace(first, then="plain")
    assert found(town_of, followed, *both) == (
        [],
        [Away((ON_DUTY,), MIDNIGHT, MIDNIGHT + 2 * DAY)],
    )


def test_a_policy_that_is_not_in_force_is_not_judged() -> None:
    night = plain(Step((Target("person", "lea"),), 60), fallback=(), name="night")
    assert found(night, gone("lea")) == ([], [])  # no place names it
    by_night = Municipality(
        id="simby",
        timezone="Europe/Oslo",
        default_policy="plain",
        policies_at=(PolicyWindow(policy="night", from_minute=22 * 60, to_minute=7 * 60),),
    )
    alone, _ = found(night, by_night, gone("lea", "2026-11-24T12:00", "2026-11-25T12:00"))
    assert alone == [Alone("night", START + 37 * HOUR, START + 46 * HOUR)]


def test_a_gap_of_needs_is_not_told_again() -> None:
    policy = plain(Step((ON_DUTY,), 60), fallback=LEA)
    need = Need(id="always", team="home", from_minute=7 * 60, to_minute=15 * 60)
    assert found(policy, DAY_SHIFT, need, gone("anna"), gone("berit")) == ([], [])


def test_what_begins_after_the_time_asked_for_is_not_told() -> None:
    registry = Story(town(on_duty("anna"), gone("anna"))).state.registry
    until: Instant = MIDNIGHT
    assert nobody_there(registry, START, until, coverage(registry, START, until)) == ([], [])
