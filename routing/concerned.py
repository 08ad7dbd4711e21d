"""Whom a device, or an alarm, may be about where several people share one, and who of them is away.

Whom an alarm of a shared device concerned is said by its owner, later. Until then it may be anybody
who uses the device and is at home: somebody in hospital has not pressed. Where all of them are
away, it may be any of them again. So the relatives of whoever is at home are asked and told, and
those of whoever is away are not. Who that is is written at the alarm's birth: what is changed later
of a device or a pause takes no alarm from its owner, and shows none to another home.
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
        shared = (d for d in registry.devices.values() if d.shared_with and not d.exercise)
        here = (d for d in shared if d.resident == resident)
        others = tuple(other for one in here for other in one.shared_with)
    return () if resident is None else tuple(dict.fromkeys((resident, *others)))


def at_birth(
    registry: Registry, device: Device | None, resident: str | None, category: Category, at: Instant
) -> tuple[str, ...]:
    """Return whom an alarm that is raised now may be about; none where only its own resident can
    be meant. That a home is too quiet is of all who live there."""
    if device is None and category is not Category.INACTIVITY:
        return ()
    found = users(registry, device, resident)
    if len(found) < 2:
        return ()
    return tuple(one for one in found if paused_until(registry, one, at) is None) or found


def concerned(alarm: Alarm) -> tuple[str, ...]:
    """Return the resident whom it concerned, as chosen; else those whom it may be about."""
    if alarm.concerns is not None:
        return (alarm.concerns,)
    return alarm.about or (() if alarm.resident is None else (alarm.resident,))


def away_until(registry: Registry, alarm: Alarm, resident: str | None) -> Instant | None:
    """Return when the pause ends of a resident who was away at the alarm's birth and is so still;
    None for whoever may have pressed: that they are in hospital now may be what came of it."""
    if resident in (alarm.about or (alarm.resident,)):
        return None
    return paused_until(registry, resident, alarm.raised_at)


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
