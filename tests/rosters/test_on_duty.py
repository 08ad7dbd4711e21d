"""The roster against a minute-by-minute oracle, and the clock changes in tables."""

from itertools import pairwise
from time import perf_counter_ns
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings

from routing.duty import Absence, Override, Rotation, Swap, Turn
from routing.facts import ConfigurationRemoved, ConfigurationSet
from routing.instant import DAY, HOUR, MINUTE, from_rfc3339
from routing.local import at_text
from routing.municipality import Shift
from routing.registry_fold import configure, configured
from routing.roster import on_duty, spells
from tests.rosters.entries import LORD_HOWE, OSLO, TEAMS, rosters, town
from tests.rosters.oracle import Entries, minute_of

ZONE = ZoneInfo(OSLO)
EVERY = (0, 1, 2, 3, 4, 5, 6)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rosters())
def test_every_minute_is_as_the_oracle_says(made: tuple[Entries, int]) -> None:
    entries, change = made
    registry = town(entries)
    for at in (*range(change - 36 * HOUR, change - 3 * HOUR, 17 * MINUTE),
               *range(change - 3 * HOUR, change + 4 * HOUR, MINUTE),
               *range(change + 4 * HOUR, change + 40 * HOUR, 17 * MINUTE)):  # fmt: skip
        for team in TEAMS:
            expected = entries.on_duty(team, minute_of(at))
            assert set(on_duty(registry, team, at)) == expected, (team, minute_of(at))


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rosters())
def test_spells_have_no_hole_and_say_what_on_duty_says(made: tuple[Entries, int]) -> None:
    entries, change = made
    registry = town(entries)
    start, end = change - 30 * HOUR - 7, change + 30 * HOUR + 11
    listed = list(spells(registry, "home", start, end))
    assert (listed[0][0], listed[-1][1]) == (start, end)
    assert all(one[1] == following[0] for one, following in pairwise(listed))
    for first, last, people in listed:
        assert people == on_duty(registry, "home", first) == on_duty(registry, "home", last - 1)


def shift(start: str, end: str, who: str = "anna", id: str = "s") -> Shift:
    return Shift(
        id=id,
        team="home",
        people=(who,),
        weekdays=EVERY,
        from_minute=_minute(start),
        to_minute=_minute(end),
    )


def _minute(text: str) -> int:
    return int(text[:2]) * 60 + int(text[3:])


@pytest.mark.parametrize(
    ("zone", "start", "end", "begins", "ends"),
    [
        # Oslo, 25 October 2026: 02:00 to 03:00 happens twice.
        (OSLO, "23:00", "07:00", "2026-10-24T21:00Z", "2026-10-25T06:00Z"),
        (OSLO, "02:30", "07:00", "2026-10-25T00:30Z", "2026-10-25T06:00Z"),
        (OSLO, "23:00", "02:30", "2026-10-24T21:00Z", "2026-10-25T00:30Z"),
        # Oslo, 28 March 2027: 02:00 to 03:00 does not exist.
        (OSLO, "23:00", "07:00", "2027-03-27T22:00Z", "2027-03-28T05:00Z"),
        (OSLO, "02:30", "07:00", "2027-03-28T01:00Z", "2027-03-28T05:00Z"),
        (OSLO, "23:00", "02:30", "2027-03-27T22:00Z", "2027-03-28T01:00Z"),
        # Lord Howe, 4 April 2027: 01:30 to 02:00 happens twice; 4 October 2026: 02:00 to 02:30
        # does not exist. Its summer time is half an hour.
        (LORD_HOWE, "22:00", "06:00", "2027-04-03T11:00Z", "2027-04-03T19:30Z"),
        (LORD_HOWE, "01:45", "06:00", "2027-04-03T14:45Z", "2027-04-03T19:30Z"),
        (LORD_HOWE, "22:00", "06:00", "2026-10-03T11:30Z", "2026-10-03T19:00Z"),
        (LORD_HOWE, "02:15", "06:00", "2026-10-03T15:30Z", "2026-10-03T19:00Z"),
    ],
)
def test_nights_of_the_change(zone: str, start: str, end: str, begins: str, ends: str) -> None:
    registry = town(Entries(ZoneInfo(zone), shifts=[shift(start, end)]))
    first, last = from_rfc3339(begins), from_rfc3339(ends)
    assert on_duty(registry, "home", first - 1) == ()
    for at in range(first, last, MINUTE):
        assert on_duty(registry, "home", at) == ("anna",)
    assert on_duty(registry, "home", last) == ()


@pytest.mark.parametrize(
    ("change", "handovers"),
    [
        ("2026-10-25T01:00Z", ["2026-10-24T12:00Z", "2026-10-25T00:30Z", "2026-10-25T13:00Z"]),
        ("2027-03-28T01:00Z", ["2027-03-27T13:00Z", "2027-03-28T01:00Z", "2027-03-28T12:00Z"]),
    ],
)
def test_shifts_that_meet_at_half_past_two_leave_no_minute_double_or_missing(
    change: str, handovers: list[str]
) -> None:
    plan = [shift("14:00", "02:30"), shift("02:30", "14:00", "berit", "t")]
    registry = town(Entries(ZONE, shifts=plan))
    middle = from_rfc3339(change)
    minutes = range(middle - 20 * HOUR, middle + 20 * HOUR, MINUTE)
    found = {at: on_duty(registry, "home", at) for at in minutes}
    assert {len(people) for people in found.values()} == {1}
    changed = [at for at in minutes[1:] if found[at] != found[at - MINUTE]]
    assert changed == [from_rfc3339(at) for at in handovers]


@pytest.mark.parametrize(
    ("zone", "local", "utc"),
    [
        (OSLO, "2026-10-25T02:00", "2026-10-25T00:00Z"),
        (OSLO, "2026-10-25T02:59", "2026-10-25T00:59Z"),
        (OSLO, "2026-10-25T03:00", "2026-10-25T02:00Z"),
        (OSLO, "2027-03-28T01:59", "2027-03-28T00:59Z"),
        (OSLO, "2027-03-28T02:00", "2027-03-28T01:00Z"),
        (OSLO, "2027-03-28T02:59", "2027-03-28T01:00Z"),
        (OSLO, "2027-03-28T03:00", "2027-03-28T01:00Z"),
        (LORD_HOWE, "2026-10-04T02:15", "2026-10-03T15:30Z"),
        (LORD_HOWE, "2027-04-04T01:45", "2027-04-03T14:45Z"),
        ("Pacific/Apia", "2011-12-30T12:00", "2011-12-30T10:00Z"),  # a day that was left out
        ("Africa/Cairo", "2027-04-30T00:30", "2027-04-29T22:00Z"),  # the change is at midnight
    ],
)
def test_local_times_become_instants_by_the_written_rule(zone: str, local: str, utc: str) -> None:
    assert at_text(ZoneInfo(zone), local) == from_rfc3339(utc)


def turn(week: int, who: str) -> Turn:
    return Turn(week=week, people=(who,), weekdays=EVERY, from_minute=0, to_minute=0)


def test_a_rotation_goes_round_in_both_directions_from_its_anchor() -> None:
    three = Rotation(
        id="r",
        team="home",
        anchor="2026-11-25",
        weeks=3,
        turns=(turn(0, "anna"), turn(1, "berit"), turn(2, "carl")),
    )
    registry = town(Entries(ZONE, rotations=[three]))
    noons = ["2026-11-16", "2026-11-22", "2026-11-23", "2026-11-29", "2026-11-30", "2026-12-07",
             "2026-12-14", "2027-01-04"]  # fmt: skip
    people = [on_duty(registry, "home", from_rfc3339(f"{day}T12:00Z"))[0] for day in noons]
    assert people == ["carl", "carl", "anna", "anna", "berit", "carl", "anna", "anna"]


def week() -> Entries:
    both = Shift(id="s", team="home", people=("anna", "berit"), weekdays=EVERY, from_minute=480,
                 to_minute=960)  # fmt: skip
    return Entries(ZONE, shifts=[both])


NOON, EVENING = from_rfc3339("2026-11-23T11:00Z"), from_rfc3339("2026-11-23T19:00Z")


def over(mode: str, *people: str, replaces: tuple[str, ...] = ()) -> Override:
    return Override(
        id="o",
        team="home",
        people=people,
        from_local="2026-11-23T08:00",
        to_local="2026-11-23T22:00",
        mode="extra" if mode == "extra" else "instead",
        replaces=replaces,
    )


@pytest.mark.parametrize(
    ("item", "noon", "evening"),
    [
        (over("extra", "carl"), ("anna", "berit", "carl"), ("carl",)),
        (over("instead", "carl"), ("carl",), ("carl",)),
        (over("instead", "carl", replaces=("anna",)), ("berit", "carl"), ("carl",)),
        (over("instead"), (), ()),
        (Swap(id="w", team="home", day="2026-11-23", gives="anna", takes="dag"),
         ("dag", "berit"), ()),
        (Swap(id="w", team="home", day="2026-11-24", gives="anna", takes="dag"),
         ("anna", "berit"), ()),
        (Swap(id="w", team="home", day="2026-11-23", gives="anna", takes="dag", from_minute=481),
         ("anna", "berit"), ()),
        (Absence(id="a", person="anna", from_local="2026-11-23T00:00",
                 to_local="2026-11-24T00:00"), ("berit",), ()),
        (Absence(id="a", person="anna", from_local="2026-11-23T12:01",
                 to_local="2026-11-24T00:00"), ("anna", "berit"), ()),
    ],
)  # fmt: skip
def test_what_is_written_over_the_plan(
    item: Override | Swap | Absence, noon: tuple[str, ...], evening: tuple[str, ...]
) -> None:
    registry = town(week(), item)
    assert on_duty(registry, "home", NOON) == noon
    assert on_duty(registry, "home", EVENING) == evening
    assert on_duty(registry, "home", NOON + DAY) == (
        ("dag", "berit") if isinstance(item, Swap) and item.day == "2026-11-24" else
        ("anna", "berit")
    )  # fmt: skip


def test_an_exchange_is_two_swaps_and_does_not_chain() -> None:
    early = Shift(id="e", team="home", people=("anna",), weekdays=EVERY, from_minute=480,
                  to_minute=960)  # fmt: skip
    late = Shift(id="l", team="home", people=("berit",), weekdays=EVERY, from_minute=960,
                 to_minute=1320)  # fmt: skip
    there = Swap(id="1", team="home", day="2026-11-23", gives="anna", takes="berit")
    back = Swap(id="2", team="home", day="2026-11-23", gives="berit", takes="anna")
    registry = town(Entries(ZONE, shifts=[early, late], swaps=[there, back]))
    assert on_duty(registry, "home", NOON) == ("berit",)
    assert on_duty(registry, "home", EVENING) == ("anna",)


def test_an_absent_person_is_on_duty_in_no_team_whoever_wrote_her_in() -> None:
    away = Absence(
        id="a", person="carl", from_local="2026-11-23T11:00", to_local="2026-11-23T13:00"
    )
    registry = town(week(), over("extra", "carl"), away)
    assert on_duty(registry, "home", NOON) == ("anna", "berit")
    assert on_duty(registry, "home", NOON + HOUR) == ("anna", "berit", "carl")


def test_a_change_of_the_roster_counts_at_once_and_a_trial_change_leaves_no_trace() -> None:
    registry = town(week())
    assert on_duty(registry, "home", NOON) == ("anna", "berit")
    change = ConfigurationSet(item=over("instead", "carl"), author="test")
    after = configured(registry, [change])
    assert on_duty(after, "home", NOON) == ("carl",)
    assert on_duty(registry, "home", NOON) == ("anna", "berit")
    configure(registry, change)
    assert on_duty(registry, "home", NOON) == ("carl",)
    configure(registry, ConfigurationRemoved(section="override", id="o", author="test"))
    assert on_duty(registry, "home", NOON) == ("anna", "berit")


def test_asking_costs_a_look_up() -> None:
    """A bound forty times above what was measured (0.6 us), so that a slow machine passes too."""
    people = tuple(f"p{n}" for n in range(20))
    turns = tuple(
        Turn(week=w, people=(p,), weekdays=(n % 7, (n + 2) % 7), from_minute=420, to_minute=900)
        for w in range(6)
        for n, p in enumerate(people)
    )
    plan = Rotation(id="r", team="home", anchor="2026-11-23", weeks=6, turns=turns)
    registry = town(Entries(ZONE, rotations=[plan]))
    on_duty(registry, "home", NOON)
    best = min(_cost_ns(registry) for _ in range(20))
    assert best < 30_000


def _cost_ns(registry: object) -> float:
    before = perf_counter_ns()
    for n in range(100):
        on_duty(registry, "home", NOON + n)  # type: ignore[arg-type]
    return (perf_counter_ns() - before) / 100
