"""Who is on duty, found by brute force: every minute of UTC is looked up in the raw entries.

Written without the hub's code: it knows the entries' fields and zoneinfo, nothing else. The rule of
the night on which clocks go back: in the hour that comes a second time the roster's clock stands at
the last minute of the first time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from routing.duty import Absence, Override, Rotation, Swap, Turn
from routing.municipality import Shift

Row = Shift | Turn
MINUTE = timedelta(minutes=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def roster_clock(zone: ZoneInfo, utc: datetime) -> datetime:
    """Return the naive local minute that a roster reads at a minute of UTC."""
    local = utc.astimezone(zone)
    while local.fold:
        utc -= MINUTE
        local = utc.astimezone(zone)
    return local.replace(tzinfo=None, second=0, microsecond=0)


def minute_of(at: int) -> datetime:
    """Return the UTC datetime of an instant in microseconds."""
    return EPOCH + timedelta(microseconds=at)


@dataclass
class Entries:
    """A roster as it is written."""

    zone: ZoneInfo
    shifts: Sequence[Shift] = ()
    rotations: Sequence[Rotation] = ()
    overrides: Sequence[Override] = ()
    swaps: Sequence[Swap] = ()
    absences: Sequence[Absence] = ()

    def on_duty(self, team: str, utc: datetime) -> set[str]:
        """Return who is on duty in the team at a minute of UTC."""
        clock = roster_clock(self.zone, utc)
        found = self._weekly(team, clock)
        now = [o for o in self.overrides if o.team == team and _runs(o, clock)]
        for one in now:
            if one.mode == "instead":
                found -= set(one.replaces) if one.replaces else set(found)
        for one in now:
            found |= set(one.people)
        return found - {a.person for a in self.absences if _runs(a, clock)}

    def _weekly(self, team: str, clock: datetime) -> set[str]:
        found: set[str] = set()
        for shift in self.shifts:
            if shift.team == team:
                days = [day for day in _days(shift, clock) if _lasts(shift, day)]
                found |= self._given(team, shift, days)
        for rotation in self.rotations:
            if rotation.team != team:
                continue
            anchor = date.fromisoformat(rotation.anchor)
            for turn in rotation.turns:
                days = [day for day in _days(turn, clock) if _lasts(rotation, day)]
                week = [d for d in days if _week(anchor, d) % rotation.weeks == turn.week]
                found |= self._given(team, turn, week)
        return found

    def _given(self, team: str, row: Row, days: list[date]) -> set[str]:
        found = set()
        for day in days:
            for person in row.people:
                for swap in self.swaps:
                    same = swap.from_minute in (None, row.from_minute)
                    here = swap.team == team and swap.day == day.isoformat()
                    if same and here and swap.gives == person:
                        found.add(swap.takes)
                        break
                else:
                    found.add(person)
        return found


def _week(anchor: date, day: date) -> int:
    """Return how many Mondays lie between the two, negative before the anchor."""
    count, step = 0, 1 if day >= anchor else -1
    walk = anchor
    while walk != day:
        if step > 0:
            walk += timedelta(days=1)
            count += walk.weekday() == 0
        else:
            count -= walk.weekday() == 0
            walk -= timedelta(days=1)
    return count


def _days(row: Row, clock: datetime) -> list[date]:
    """Return the days on which the row starts and covers the local minute."""
    found = []
    for back in (0, 1):
        day = clock.date() - timedelta(days=back)
        start = datetime.combine(day, time())
        begins = start + row.from_minute * MINUTE
        ends = start + row.to_minute * MINUTE
        if ends <= begins:
            ends += timedelta(days=1)
        if day.weekday() in row.weekdays and begins <= clock < ends:
            found.append(day)
    return found


def _lasts(entry: Shift | Rotation, day: date) -> bool:
    text = day.isoformat()
    return (entry.first_day or "0000") <= text <= (entry.last_day or "9999")


def _runs(entry: Override | Absence, clock: datetime) -> bool:
    return entry.from_local <= clock.isoformat(timespec="minutes") < entry.to_local
