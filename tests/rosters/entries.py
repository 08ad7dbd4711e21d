"""Rosters made at random around the nights on which clocks change: two teams, four people."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from routing.duty import Absence, Override, Rotation, Swap, Turn
from routing.instant import Instant, from_rfc3339
from routing.municipality import AnyItem, Municipality, Person, Role, Shift, Team
from routing.registry_fold import put_item
from routing.state import Registry
from tests.rosters.oracle import Entries

TEAMS = ("home", "night")
PEOPLE = ("anna", "berit", "carl", "dag")
OSLO, LORD_HOWE = "Europe/Oslo", "Australia/Lord_Howe"
CHANGES: list[tuple[str, Instant]] = [
    (OSLO, from_rfc3339("2026-10-25T01:00:00Z")),
    (OSLO, from_rfc3339("2027-03-28T01:00:00Z")),
    (OSLO, from_rfc3339("2026-12-31T23:00:00Z")),
    (LORD_HOWE, from_rfc3339("2027-04-03T15:00:00Z")),
    (LORD_HOWE, from_rfc3339("2026-10-03T15:30:00Z")),
]
"""Zone, and the instant of a change in it (or of a new year)."""

MINUTES = st.one_of(
    st.integers(0, 1439), st.sampled_from([0, 90, 105, 120, 135, 150, 165, 180, 210, 1380])
)
WEEKDAYS = st.lists(st.integers(0, 6), unique=True, min_size=1).map(tuple)
SOME = st.lists(st.sampled_from(PEOPLE), unique=True, max_size=3).map(tuple)
TEAM, PERSON = st.sampled_from(TEAMS), st.sampled_from(PEOPLE)


def day_near(change: Instant) -> st.SearchStrategy[str]:
    middle = date(1970, 1, 1) + timedelta(days=change // 86_400_000_000)
    return st.integers(-3, 3).map(lambda n: (middle + timedelta(days=n)).isoformat())


@st.composite
def rosters(draw: st.DrawFn) -> tuple[Entries, Instant]:
    """A roster as it is written, and an instant near which it is asked."""
    name, change = draw(st.sampled_from(CHANGES))
    days = day_near(change)
    maybe_day = st.one_of(st.none(), days)
    shifts = draw(st.lists(st.tuples(TEAM, SOME, WEEKDAYS, MINUTES, MINUTES), max_size=4))
    turns = st.builds(
        Turn,
        week=st.integers(0, 2),
        people=SOME,
        weekdays=WEEKDAYS,
        from_minute=MINUTES,
        to_minute=MINUTES,
    )
    entries = Entries(
        zone=ZoneInfo(name),
        shifts=[
            Shift(
                id=f"s{n}",
                team=team,
                people=people,
                weekdays=weekdays,
                from_minute=start,
                to_minute=end,
                first_day=draw(maybe_day),
                last_day=draw(maybe_day),
            )
            for n, (team, people, weekdays, start, end) in enumerate(shifts)
        ],
        rotations=[
            Rotation(
                id=f"r{n}",
                team=draw(TEAM),
                anchor=draw(days),
                weeks=draw(st.integers(1, 3)),
                turns=tuple(draw(st.lists(turns, max_size=3))),
                first_day=draw(maybe_day),
                last_day=draw(maybe_day),
            )
            for n in range(draw(st.integers(0, 2)))
        ],
        overrides=[_override(draw, n, days) for n in range(draw(st.integers(0, 3)))],
        swaps=_swaps(draw, days),
        absences=[_absence(draw, n, days) for n in range(draw(st.integers(0, 2)))],
    )
    return entries, change


def _window(draw: st.DrawFn, days: st.SearchStrategy[str]) -> tuple[str, str]:
    start = datetime.fromisoformat(draw(days)) + timedelta(minutes=draw(MINUTES))
    end = start + timedelta(minutes=draw(st.integers(1, 3 * 1440)))
    return start.isoformat(timespec="minutes"), end.isoformat(timespec="minutes")


def _override(draw: st.DrawFn, number: int, days: st.SearchStrategy[str]) -> Override:
    start, end = _window(draw, days)
    return Override(
        id=f"o{number}",
        team=draw(TEAM),
        people=draw(SOME),
        from_local=start,
        to_local=end,
        mode=draw(st.sampled_from(["instead", "extra"])),
        replaces=draw(SOME),
    )


def _absence(draw: st.DrawFn, number: int, days: st.SearchStrategy[str]) -> Absence:
    start, end = _window(draw, days)
    return Absence(id=f"a{number}", person=draw(PERSON), from_local=start, to_local=end)


def _swaps(draw: st.DrawFn, days: st.SearchStrategy[str]) -> list[Swap]:
    """One swap at most for each team, day and giver: two would contradict each other."""
    listed = draw(st.lists(st.tuples(TEAM, days, PERSON), max_size=3, unique=True))
    return [
        Swap(id=f"w{n}", team=team, day=day, gives=gives, takes=draw(PERSON))
        for n, (team, day, gives) in enumerate(listed)
    ]


def town(entries: Entries, *more: AnyItem) -> Registry:
    """Return the registry as configuration facts would make it."""
    registry = Registry()
    staff = (Role.STAFF,)
    items: list[AnyItem] = [
        Municipality(id="simby", timezone=entries.zone.key, default_policy="plain"),
        *(Team(id=team) for team in TEAMS),
        *(Person(id=person, roles=staff) for person in PEOPLE),
        *entries.shifts,
        *entries.rotations,
        *entries.overrides,
        *entries.swaps,
        *entries.absences,
        *more,
    ]
    for item in items:
        put_item(registry, item)
    return registry
