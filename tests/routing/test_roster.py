"""Who is on duty: shifts over midnight, over the week's end and over both clock changes.

Expectations are hand-computed UTC instants. The oracle says it in another way than the roster does:
a shift is a span of wall-clock time that begins on a day of its own.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.instant import MINUTE, from_rfc3339, to_datetime
from routing.municipality import Municipality, Shift
from routing.roster import on_duty
from routing.state import Registry

OSLO = ZoneInfo("Europe/Oslo")
SATURDAY = 5


def registry(*shifts: Shift) -> Registry:
    town = Municipality(id="simby", timezone="Europe/Oslo", default_policy="plain")
    return Registry(municipality=town, shifts_of={"home": shifts})


def shift(weekdays: tuple[int, ...], from_minute: int, to_minute: int, who: str = "anna") -> Shift:
    return Shift(
        id="s",
        team="home",
        people=(who,),
        weekdays=weekdays,
        from_minute=from_minute,
        to_minute=to_minute,
    )


NIGHT = shift((SATURDAY,), 23 * 60, 7 * 60)


@pytest.mark.parametrize(
    ("begins", "ends", "hours"),
    [
        ("2026-10-17T21:00:00Z", "2026-10-18T05:00:00Z", 8),  # an ordinary night in summer time
        ("2026-10-24T21:00:00Z", "2026-10-25T06:00:00Z", 9),  # the clock is set back
        ("2027-03-20T22:00:00Z", "2027-03-21T06:00:00Z", 8),  # an ordinary night in winter time
        ("2027-03-27T22:00:00Z", "2027-03-28T05:00:00Z", 7),  # the clock is set forward
        ("2027-10-30T21:00:00Z", "2027-10-31T06:00:00Z", 9),
    ],
)
def test_the_saturday_night_shift_in_utc(begins: str, ends: str, hours: int) -> None:
    first, last = from_rfc3339(begins), from_rfc3339(ends)
    town = registry(NIGHT)
    minutes = range(first - 24 * 60 * MINUTE, last + 24 * 60 * MINUTE, MINUTE)
    covered = [at for at in minutes if on_duty(town, "home", at)]
    assert covered == list(range(first, last, MINUTE))
    assert len(covered) == hours * 60


@pytest.mark.parametrize(
    ("utc", "there"),
    [
        ("2026-10-24T23:59:59Z", False),  # 01:59:59 summer time
        ("2026-10-25T00:00:00Z", True),  # 02:00 the first time
        ("2026-10-25T00:59:59Z", True),
        ("2026-10-25T01:00:00Z", True),  # 02:00 the second time
        ("2026-10-25T01:59:59Z", True),
        ("2026-10-25T02:00:00Z", False),  # 03:00
    ],
)
def test_a_shift_from_two_to_three_lasts_two_hours_when_clocks_go_back(
    utc: str, there: bool
) -> None:
    town = registry(shift((6,), 2 * 60, 3 * 60))
    assert on_duty(town, "home", from_rfc3339(utc)) == (("anna",) if there else ())


def test_a_shift_from_two_to_three_does_not_happen_when_clocks_go_forward() -> None:
    town = registry(shift((6,), 2 * 60, 3 * 60))
    noon = from_rfc3339("2027-03-27T12:00:00Z")
    assert not any(on_duty(town, "home", noon + n * MINUTE) for n in range(24 * 60))


def test_the_night_of_sunday_goes_on_into_monday() -> None:
    town = registry(shift((6,), 22 * 60, 6 * 60))
    assert on_duty(town, "home", from_rfc3339("2026-11-23T04:59:00Z")) == ("anna",)
    assert on_duty(town, "home", from_rfc3339("2026-11-23T05:00:00Z")) == ()
    assert on_duty(town, "home", from_rfc3339("2026-11-22T04:59:00Z")) == ()


def test_equal_ends_are_a_whole_day() -> None:
    town = registry(shift((0,), 8 * 60, 8 * 60))
    monday = from_rfc3339("2026-11-23T07:00:00Z")
    found = [n for n in range(-60, 26 * 60) if on_duty(town, "home", monday + n * MINUTE)]
    assert found == list(range(24 * 60))


def test_people_come_in_roster_order_each_once() -> None:
    day = Shift(id="a", team="home", people=("berit", "anna"), weekdays=(0,), from_minute=0,
                to_minute=0)  # fmt: skip
    also = Shift(id="b", team="home", people=("anna", "dag"), weekdays=(0,), from_minute=0,
                 to_minute=0)  # fmt: skip
    noon = from_rfc3339("2026-11-23T12:00:00Z")
    assert on_duty(registry(day, also), "home", noon) == ("berit", "anna", "dag")
    assert on_duty(registry(day), "centre", noon) == ()


def test_without_a_municipality_the_wall_clock_is_utc() -> None:
    town = Registry(shifts_of={"home": (shift((0,), 12 * 60, 13 * 60),)})
    assert on_duty(town, "home", from_rfc3339("2026-11-23T12:00:00Z")) == ("anna",)


def _oracle(one: Shift, wall: datetime) -> bool:
    for back in (0, 1):
        day = (wall - timedelta(days=back)).replace(hour=0, minute=0, second=0, microsecond=0)
        begins = day + timedelta(minutes=one.from_minute)
        length = (one.to_minute - one.from_minute) % (24 * 60) or 24 * 60
        ends = begins + timedelta(minutes=length)
        if day.weekday() in one.weekdays and begins <= wall < ends:
            return True
    return False


MINUTES = st.integers(0, 24 * 60 - 1)
AUTUMN, SPRING = from_rfc3339("2026-10-25T01:00:00Z"), from_rfc3339("2027-03-28T01:00:00Z")


@given(
    weekdays=st.sets(st.integers(0, 6)).map(lambda days: tuple(sorted(days))),
    from_minute=MINUTES,
    to_minute=MINUTES,
    change=st.sampled_from([AUTUMN, SPRING]),
    offset=st.integers(-4 * 24 * 60, 4 * 24 * 60),
)
def test_the_roster_agrees_with_spans_of_wall_clock_time(
    weekdays: tuple[int, ...], from_minute: int, to_minute: int, change: int, offset: int
) -> None:
    one = shift(weekdays, from_minute, to_minute)
    at = change + offset * MINUTE
    wall = to_datetime(at).astimezone(OSLO)
    if wall.fold:  # the hour that comes again: the roster's clock stands at its last minute
        wall = wall.replace(hour=2, minute=59)
    wall = wall.replace(tzinfo=None)
    assert bool(on_duty(registry(one), "home", at)) == _oracle(one, wall)
