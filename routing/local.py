"""Local times and instants. The rule for the nights on which the clocks change:

- a local time that exists twice is its *first* instant;
- a local time that does not exist is the instant at which the clocks change.

So later local times never become earlier instants: shifts that meet on paper meet in the night of
the change too, nobody is on duty twice and no minute is lost, and a night shift is an hour longer
in autumn and an hour shorter in spring. RFC 5545, 3.3.5 reads a time that does not exist by the
offset before the gap (02:30 as 03:30), which would put 02:30 after 03:00; a duty roster must not.
"""

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from routing.instant import SECOND, Instant, from_datetime, to_datetime

MINUTES_A_DAY = 24 * 60


@lru_cache(maxsize=64)
def zone(name: str) -> ZoneInfo:
    """Return the IANA time zone; ZoneInfoNotFoundError when there is none."""
    return ZoneInfo(name)


def wall(where: ZoneInfo, at: Instant) -> datetime:
    """Return the naive wall-clock time at the instant."""
    return to_datetime(at).astimezone(where).replace(tzinfo=None, fold=0)


def instant(where: ZoneInfo, local: datetime) -> Instant:
    """Return the instant of a naive local time, by the rule above."""
    found = from_datetime(local.replace(tzinfo=where, fold=0))
    if wall(where, found) == local:
        return found
    return _change(where, from_datetime(local.replace(tzinfo=where, fold=1)), found)


def _change(where: ZoneInfo, before: Instant, after: Instant) -> Instant:
    """Return the first whole second after `before` that has the offset of `after`."""
    offset = to_datetime(after).astimezone(where).utcoffset()
    while after - before > SECOND:
        middle = (before + after) // 2 // SECOND * SECOND
        if to_datetime(middle).astimezone(where).utcoffset() == offset:
            after = middle
        else:
            before = middle
    return after


def at_minute(where: ZoneInfo, day: date, minute: int) -> Instant:
    """Return the instant of a minute of a local day; minutes from 1440 on are of the next day."""
    return instant(where, datetime.combine(day, time()) + timedelta(minutes=minute))


def at_text(where: ZoneInfo, local: str) -> Instant:
    """Return the instant of a local time in ISO form, `2026-11-23T22:45`."""
    return instant(where, datetime.fromisoformat(local))


def local_day(where: ZoneInfo, at: Instant) -> date:
    """Return the local date at the instant."""
    return to_datetime(at).astimezone(where).date()


def local_text(where: ZoneInfo, at: Instant) -> str:
    """Return the local time in ISO form to the minute, `2026-11-23T22:45`."""
    return wall(where, at).isoformat(timespec="minutes")


def edges(where: ZoneInfo, day: date, minute: int) -> set[Instant]:
    """Return every instant at which a daily window that begins or ends at the minute may open or
    close on the day: both of a time that comes twice, and the change of the clocks."""
    local = datetime.combine(day, time()) + timedelta(minutes=minute)
    found = {from_datetime(local.replace(tzinfo=where, fold=fold)) for fold in (0, 1)}
    start, end = at_minute(where, day, 0), at_minute(where, day, MINUTES_A_DAY)
    if end - start != MINUTES_A_DAY * 60 * SECOND:
        found.add(_change(where, start - SECOND, end))  # where midnight is left out, it is `start`
    return found
