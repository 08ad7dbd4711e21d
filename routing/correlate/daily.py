"""The next time of day. Each local date has each minute once: `routing.local` says which instant it
is in the nights on which the clocks change."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from routing.instant import Instant
from routing.local import at_minute, edges, local_day, wall
from routing.roster import within

_WEEK_AND_EVES = range(-1, 9)
_UNTIL_IT_OPENS = range(3)
"""Today, tomorrow, and one more: on one of the two the clocks may leave the whole window out."""


def next_daily(where: ZoneInfo, minute: int, weekdays: tuple[int, ...], after: Instant) -> Instant:
    """Return the first instant after `after` that is the minute of one of the weekdays (0 is
    Monday); ValueError when there is no weekday."""
    first = local_day(where, after)
    days = (first + timedelta(days=n) for n in _WEEK_AND_EVES)
    found = (at_minute(where, day, minute) for day in days if day.weekday() in weekdays)
    coming = [at for at in found if at > after]
    if not coming:
        raise ValueError("a plan needs at least one weekday")
    return coming[0]


def inside(where: ZoneInfo, from_minute: int, to_minute: int, at: Instant) -> bool:
    """Whether the wall clock is in the daily window at the instant."""
    local = wall(where, at)
    return within(local.hour * 60 + local.minute, from_minute, to_minute)


def open_from(where: ZoneInfo, from_minute: int, to_minute: int, at: Instant) -> Instant:
    """Return `at` where the daily window is open then, and when it opens next where it is not: a
    time that comes twice opens it twice, so that nobody waits a day for it."""
    if inside(where, from_minute, to_minute, at):
        return at
    days = (local_day(where, at) + timedelta(days=n) for n in _UNTIL_IT_OPENS)
    found = (edge for day in days for edge in edges(where, day, from_minute) if edge > at)
    return min(edge for edge in found if inside(where, from_minute, to_minute, edge))
