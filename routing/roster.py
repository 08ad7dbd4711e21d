"""Who is on duty: simple weekly shifts in local time. The seam for richer rosters is `on_duty`."""

from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from routing.instant import Instant, to_datetime
from routing.municipality import Shift
from routing.state import Registry


@lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def local_time(registry: Registry, at: Instant) -> datetime:
    """Return the municipality's wall-clock time; UTC as long as nothing is configured."""
    one = registry.municipality
    return to_datetime(at).astimezone(_zone("UTC" if one is None else one.timezone))


def within(minute: int, from_minute: int, to_minute: int) -> bool:
    """Whether a minute of the day is in a daily window; one that ends not after it starts crosses
    midnight, and equal ends are the whole day."""
    if from_minute < to_minute:
        return from_minute <= minute < to_minute
    return minute >= from_minute or minute < to_minute


def _covers(shift: Shift, weekday: int, minute: int) -> bool:
    if minute >= shift.from_minute and weekday in shift.weekdays:
        return shift.to_minute <= shift.from_minute or minute < shift.to_minute
    yesterday = (weekday - 1) % 7
    over_midnight = shift.to_minute <= shift.from_minute
    return over_midnight and minute < shift.to_minute and yesterday in shift.weekdays


def on_duty(registry: Registry, team: str, at: Instant) -> tuple[str, ...]:
    """Return the people of a team who are on shift at the instant, in roster order, each once.

    Shifts are wall-clock: a night shift is an hour longer or shorter when the clocks change.
    """
    local = local_time(registry, at)
    minute = local.hour * 60 + local.minute
    shifts = registry.shifts_of.get(team, ())
    people = (
        person
        for shift in shifts
        if _covers(shift, local.weekday(), minute)
        for person in shift.people
    )
    return tuple(dict.fromkeys(people))
