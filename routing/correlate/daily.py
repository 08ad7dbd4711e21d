"""The next time of day. Each local date has each minute once: `routing.local` says which instant it
is in the nights on which the clocks change."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from routing.instant import Instant
from routing.local import at_minute, local_day

_WEEK_AND_EVES = range(-1, 9)


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
