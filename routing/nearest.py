"""Which policy an alarm gets, and when a step of it counts: by place, category and local time."""

from routing.alarm import Alarm
from routing.instant import Instant
from routing.kinds import Category
from routing.municipality import Municipality, PolicyWindow, Resident, Unit, When
from routing.roster import local_time, within
from routing.state import Registry

EVERYTHING_ELSE = "*"
Place = Resident | Unit | Municipality


def named(
    registry: Registry,
    category: Category,
    resident: str | None,
    unit: str | None,
    at: Instant | None,
) -> list[str]:
    """Return the policies that are named for it, nearest first: the resident's, the unit's, the
    municipality's, its default; at each place the time of day goes before the table."""
    one = registry.municipality
    home = registry.residents.get(resident or "")
    zone = registry.units.get(unit or "")
    found = [
        name
        for where in (home, zone, one)
        if where is not None
        for name in _of_place(registry, where, category, at)
    ]
    return found + ([] if one is None else [one.default_policy])


def _of_place(
    registry: Registry, where: Place, category: Category, at: Instant | None
) -> list[str]:
    keys = (category, EVERYTHING_ELSE)
    windows = [] if at is None else [w for w in where.policies_at if is_open(registry, w, at)]
    by_time = [window.policy for key in keys for window in windows if window.category == key]
    return by_time + [where.policies[key] for key in keys if key in where.policies]


def counts(registry: Registry, when: When | None, alarm: Alarm, at: Instant) -> bool:
    """Whether a step with this condition counts for the alarm now."""
    return when is None or (
        (not when.categories or alarm.category in when.categories)
        and (not when.kinds or alarm.kind in when.kinds)
        and (when.severity is None or alarm.severity >= when.severity)
        and is_open(registry, when, at)
    )


def is_open(registry: Registry, window: When | PolicyWindow, at: Instant) -> bool:
    """Whether a window of the week is open; over midnight it is of the day on which it began."""
    local = local_time(registry, at)
    minute = local.hour * 60 + local.minute
    if not within(minute, window.from_minute, window.to_minute):
        return False
    over_midnight = window.to_minute <= window.from_minute
    began_yesterday = over_midnight and minute < window.from_minute
    day = (local.weekday() - began_yesterday) % 7
    return not window.weekdays or day in window.weekdays


def place_of(
    registry: Registry, category: Category, resident: str | None, unit: str | None, at: Instant
) -> str:
    """Return where the policy of `named` that is known comes from: `resident`, `unit` or
    `municipality`, with `_time` where the time of day decides, or `default`."""
    places = {
        "resident": registry.residents.get(resident or ""),
        "unit": registry.units.get(unit or ""),
        "municipality": registry.municipality,
    }
    for name, where in places.items():
        known = _known(registry, where, category, at)
        if known:
            return name if known[:1] == _known(registry, where, category, None) else f"{name}_time"
    return "default"


def _known(
    registry: Registry, where: Place | None, category: Category, at: Instant | None
) -> list[str]:
    found = [] if where is None else _of_place(registry, where, category, at)
    return [name for name in found if name in registry.current][:1]
