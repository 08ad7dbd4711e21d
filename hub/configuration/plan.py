"""The plan that goes on for ever, week by week: shifts and rotations that have no last day.

Rotations of several lengths come round together after a cycle of weeks; each of its weeks is a set
of minutes of its own. What ends some day is left out: nobody can count on it for ever.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import reduce
from math import lcm
from operator import or_

from hub.configuration.entry import Weekday
from hub.configuration.model import MunicipalityFile, ShiftEntry
from hub.configuration.roster_entries import RotationEntry, TurnEntry
from hub.configuration.week import ALWAYS, DAY, NEVER, WEEK, Minutes

_DAYS = list(Weekday)
MOST_WEEKS = 104
"""Cycles that come round later are looked at for so many weeks."""
Planned = dict[str, dict[str, Minutes]]
"""Team to person to the minutes of the week in which that person is on duty."""


def cycle_weeks(file: MunicipalityFile) -> int:
    """Return after how many weeks the whole plan comes round."""
    return min(lcm(*(r.weeks for r in file.rotations)), MOST_WEEKS)


def planned(file: MunicipalityFile, week: int) -> Planned:
    """Return who is on duty when in one week of the cycle, the first is 0."""
    duty: Planned = {}
    for team, people, minutes in (*_shifts(file), *_turns(file, week)):
        of_team = duty.setdefault(team, {})
        for person in people:
            of_team[person] = of_team.get(person, NEVER) | minutes
    return duty


def in_dated(file: MunicipalityFile) -> tuple[set[str], set[str]]:
    """Return the teams and the people that the entries with an end speak of."""
    shifts = [shift for shift in file.shifts if shift.last_day is not None]
    rotations = [rotation for rotation in file.rotations if rotation.last_day is not None]
    teams = {s.team for s in shifts} | {r.team for r in rotations}
    people = {p for shift in shifts for p in shift.people}
    people |= {p for rotation in rotations for turn in rotation.turns for p in turn.people}
    people |= {p for override in file.overrides for p in override.people}
    return teams | {o.team for o in file.overrides}, people | {s.takes for s in file.swaps}


def _shifts(file: MunicipalityFile) -> Iterator[tuple[str, tuple[str, ...], Minutes]]:
    for shift in file.shifts:
        if shift.last_day is None:
            minutes = _minutes(shift)
            yield shift.team, shift.people, (minutes | minutes >> WEEK) & ALWAYS


def _turns(file: MunicipalityFile, week: int) -> Iterator[tuple[str, tuple[str, ...], Minutes]]:
    begins = min((_monday(r.anchor) for r in file.rotations), default=date.min)
    for rotation in file.rotations:
        if rotation.last_day is None:
            now = week + (begins - _monday(rotation.anchor)).days // 7
            for turn in rotation.turns:
                yield rotation.team, turn.people, _in_week(rotation, turn, now)


def _monday(day: str) -> date:
    found = date.fromisoformat(day)
    return found - timedelta(days=found.weekday())


def _in_week(rotation: RotationEntry, turn: TurnEntry, now: int) -> Minutes:
    """Return the turn's minutes in the week, with what comes over from the Sunday before."""
    minutes = NEVER
    if now % rotation.weeks == turn.week - 1:
        minutes |= _minutes(turn) & ALWAYS
    if (now - 1) % rotation.weeks == turn.week - 1:
        minutes |= _minutes(turn) >> WEEK
    return minutes


def _minutes(row: ShiftEntry | TurnEntry) -> Minutes:
    """Return the row's minutes; those after the week's end are bits beyond it."""
    length = (row.end - row.start) % DAY or DAY
    run = (1 << length) - 1
    return reduce(or_, (run << (_DAYS.index(day) * DAY + row.start) for day in row.weekdays))
