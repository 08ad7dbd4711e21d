"""Whom a device, or an alarm, may be about where several people share one, and who of them is away.

Whom an alarm of a shared device concerned is said by its owner, later. Until then it may be anybody
who uses the device and is at home: somebody in hospital has not pressed. Where all of them are
away, it may be any of them again. So the relatives of whoever is at home are asked and told, and
those of whoever is away are not.
"""

from collections.abc import Iterable

from routing.alarm_value import Alarm
from routing.instant import Instant
from routing.kinds import Category
from routing.municipality import Device
from routing.state import Registry


def users(registry: Registry, device: Device | None, resident: str | None) -> tuple[str, ...]:
    """Return who uses the device; of a home everybody who uses a device that stands for it, since
    their movements count there too."""
    if device is not None:
        others = device.shared_with
    else:
        here = (d for d in registry.devices.values() if d.resident == resident and not d.exercise)
        others = tuple(other for one in here for other in one.shared_with)
    return () if resident is None else tuple(dict.fromkeys((resident, *others)))


def concerned(registry: Registry, alarm: Alarm) -> tuple[str, ...]:
    """Return the residents whom the alarm may be about."""
    found = everybody(registry, alarm)
    at_home = [one for one in found if paused_until(registry, one, alarm.raised_at) is None]
    return tuple(at_home) or found


def everybody(registry: Registry, alarm: Alarm) -> tuple[str, ...]:
    """Return the resident whom it concerned, as chosen, else all who use its device; of a home that
    is too quiet all who live there."""
    if alarm.concerns is not None:
        return (alarm.concerns,)
    device = registry.devices.get(alarm.device or "")
    if device is None and alarm.category is not Category.INACTIVITY:
        return () if alarm.resident is None else (alarm.resident,)
    return users(registry, device, alarm.resident)


def all_paused_until(registry: Registry, residents: Iterable[str], at: Instant) -> Instant | None:
    """Return when the first of their pauses ends; None while there is one of them without."""
    ends = [paused_until(registry, name, at) for name in residents]
    away = [end for end in ends if end is not None]
    return min(away, default=None) if len(away) == len(ends) else None


def paused_until(registry: Registry, resident: str | None, at: Instant) -> Instant | None:
    """Return when the resident's pause ends; None while there is none."""
    home = registry.residents.get(resident or "")
    pause = home.pause if home else None
    return pause.until if pause is not None and at < pause.until else None
