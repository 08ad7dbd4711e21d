"""Who is on duty. Local time lives here and in `routing.local`; outside there are only instants.

What is written for a team is read in this order:

1. shifts and rotations give people, by the local day on which their shift starts;
2. a swap puts one person in the other's place, in the shifts that start on its day;
3. an `instead` takes off those whom it replaces (nobody named: all of 1 and 2) and adds its own;
4. an `extra` adds people;
5. whoever is absent is not on duty, whoever wrote them in.

The answer changes only at a few instants of a day, so a day (of UTC) is worked out once for each
team and kept in `registry.duty` until the configuration changes: asking costs a look-up.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from routing.duty import Absence, Override
from routing.instant import DAY, Instant, to_datetime
from routing.local import MINUTES_A_DAY, at_minute, at_text, local_day, zone
from routing.state import Registry

DAYS_KEPT = 4096
"""Days of teams kept; then all are worked out anew."""


def where(registry: Registry) -> ZoneInfo:
    """Return the municipality's time zone; UTC as long as nothing is configured."""
    one = registry.municipality
    return zone("UTC" if one is None else one.timezone)


def local_time(registry: Registry, at: Instant) -> datetime:
    """Return the municipality's wall-clock time; UTC as long as nothing is configured."""
    return to_datetime(at).astimezone(where(registry))


def within(minute: int, from_minute: int, to_minute: int) -> bool:
    """Whether a minute of the day is in a daily window; one that ends not after it starts crosses
    midnight, and equal ends are the whole day."""
    if from_minute < to_minute:
        return from_minute <= minute < to_minute
    return minute >= from_minute or minute < to_minute


def on_duty(registry: Registry, team: str, at: Instant) -> tuple[str, ...]:
    """Return the people of a team who are on duty at the instant, in roster order, each once."""
    starts, people = _day(registry, team, at // DAY)
    return people[bisect_right(starts, at) - 1]


def absent(registry: Registry, person: str, at: Instant) -> bool:
    """Whether the person is written off then. Staff who are named are called all the same."""
    here = where(registry)
    return any(
        at_text(here, one.from_local) <= at < at_text(here, one.to_local)
        for one in registry.absences.values()
        if one.person == person
    )


def spells(
    registry: Registry, team: str, from_at: Instant, to_at: Instant
) -> Iterator[tuple[Instant, Instant, tuple[str, ...]]]:
    """Yield (from, to, people on duty) over the whole time asked for, without a hole."""
    for number in range(from_at // DAY, -(-to_at // DAY)):
        starts, people = _day(registry, team, number)
        for start, end, who in zip(starts, (*starts[1:], (number + 1) * DAY), people, strict=True):
            if start < to_at and end > from_at:
                yield max(start, from_at), min(end, to_at), who


def duty_ends(registry: Registry, person: str, at: Instant) -> Instant | None:
    """Return when the last of the shifts ends in which the person is on duty now, in any team; None
    where they are on duty nowhere."""
    here = where(registry)
    days = _days(local_day(here, at), local_day(here, at))
    ends = [
        span.end
        for team, one in registry.teams.items()
        if one.partner is None and person in on_duty(registry, team, at)
        for span in (*_base(registry, here, team, days), *_over(registry, here, team, days))
        if span.covers(at) and person in span.people
    ]
    return max(ends, default=None)


Day = tuple[list[Instant], list[tuple[str, ...]]]
"""Instants from which on, and the people on duty from then."""


def _day(registry: Registry, team: str, number: int) -> Day:
    """Return the team's duty on a day of UTC, counted from the epoch."""
    found = registry.duty.get((team, number))
    if found is None:
        if len(registry.duty) >= DAYS_KEPT:
            registry.duty.clear()
        found = registry.duty[team, number] = _worked_out(registry, team, number * DAY)
    return found


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a weekly plan: who starts on which weekdays, from when to when."""

    people: tuple[str, ...]
    weekdays: tuple[int, ...]
    from_minute: int
    to_minute: int
    runs: Callable[[date], bool]
    """Whether the row counts on a day, whatever its weekday."""

    def span(self, where: ZoneInfo, day: date) -> tuple[Instant, Instant] | None:
        """Return the instants between which it runs, if it starts on the day."""
        if day.weekday() not in self.weekdays or not self.runs(day):
            return None
        over_midnight = self.to_minute <= self.from_minute
        end = self.to_minute + MINUTES_A_DAY * over_midnight
        return at_minute(where, day, self.from_minute), at_minute(where, day, end)


def rows(registry: Registry, team: str) -> Iterator[Row]:
    """Yield the team's rows, shifts first."""
    for s in registry.shifts_of.get(team, ()):
        runs = _between(s.first_day, s.last_day)
        yield Row(s.people, s.weekdays, s.from_minute, s.to_minute, runs)
    for r in registry.rotations.values():
        if r.team == team:
            for t in r.turns:
                runs = _in_week(_monday(date.fromisoformat(r.anchor)), r.weeks, t.week)
                both = _both(_between(r.first_day, r.last_day), runs)
                yield Row(t.people, t.weekdays, t.from_minute, t.to_minute, both)


Runs = Callable[[date], bool]


def _between(first_day: str | None, last_day: str | None) -> Runs:
    first = date.min if first_day is None else date.fromisoformat(first_day)
    last = date.max if last_day is None else date.fromisoformat(last_day)
    return lambda day: first <= day <= last


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _in_week(monday: date, weeks: int, week: int) -> Runs:
    return lambda day: (day - monday).days // 7 % weeks == week


def _both(one: Runs, other: Runs) -> Runs:
    return lambda day: one(day) and other(day)


@dataclass(frozen=True, slots=True)
class Span:
    """Somebody from one instant to another."""

    start: Instant
    end: Instant
    people: tuple[str, ...]
    override: Override | None = None

    def covers(self, at: Instant) -> bool:
        return self.start <= at < self.end


def _worked_out(registry: Registry, team: str, start: Instant) -> Day:
    end, here = start + DAY, where(registry)
    one = registry.teams.get(team)
    if one is not None and one.partner is not None:
        return [start], [one.duty]
    days = _days(local_day(here, start), local_day(here, end))
    base = _base(registry, here, team, days)
    over = _over(registry, here, team, days)
    away = [
        Span(at_text(here, a.from_local), at_text(here, a.to_local), (a.person,))
        for a in registry.absences.values()
        if _touches(a, *_ends(days))
    ]
    every = [s for s in (*base, *over, *away) if s.start < end and s.end > start]
    changes = {start, *(s.start for s in every), *(s.end for s in every)}
    starts = sorted(at for at in changes if start <= at < end)
    return starts, [_people(at, base, over, away) for at in starts]


def _base(registry: Registry, here: ZoneInfo, team: str, days: list[date]) -> list[Span]:
    """Return what shifts and rotations give on the days."""
    return [span for day in days for span in _shifts(registry, here, team, day)]


def _over(registry: Registry, here: ZoneInfo, team: str, days: list[date]) -> list[Span]:
    """Return the overrides that touch the days."""
    ends = _ends(days)
    return [
        Span(at_text(here, o.from_local), at_text(here, o.to_local), o.people, o)
        for o in registry.overrides.values()
        if o.team == team and _touches(o, *ends)
    ]


def _ends(days: list[date]) -> tuple[str, str]:
    """Return the first day, and the one after the last."""
    return days[0].isoformat(), (days[-1] + timedelta(days=1)).isoformat()


def _days(first: date, last: date) -> list[date]:
    """Return the local days from the eve of the first: a shift lasts 24 hours at most."""
    return [first + timedelta(days=n) for n in range(-1, (last - first).days + 1)]


def _touches(one: Override | Absence, first: str, after: str) -> bool:
    """Whether it runs between two days at all: cheap, for there are many such entries."""
    return one.from_local < after and one.to_local >= first


def _shifts(registry: Registry, here: ZoneInfo, team: str, day: date) -> Iterator[Span]:
    """Yield what shifts and rotations give on a local day, swaps done."""
    text = day.isoformat()
    swaps = [s for s in registry.swaps.values() if s.team == team and s.day == text]
    for row in rows(registry, team):
        span = row.span(here, day)
        if span is not None:
            here_too = [s for s in swaps if s.from_minute in {None, row.from_minute}]
            instead = {s.gives: s.takes for s in here_too}
            yield Span(*span, tuple(instead.get(p, p) for p in row.people))


def _people(
    at: Instant, base: Iterable[Span], over: Iterable[Span], away: Iterable[Span]
) -> tuple[str, ...]:
    found = [p for span in base if span.covers(at) for p in span.people]
    now = [s for s in over if s.covers(at) and s.override is not None]
    for span in now:
        if span.override is not None and span.override.mode == "instead":
            replaced = span.override.replaces
            found = [p for p in found if replaced and p not in replaced]
    found += [p for span in now for p in span.people]
    absent = {p for span in away if span.covers(at) for p in span.people}
    return tuple(p for p in dict.fromkeys(found) if p not in absent)
