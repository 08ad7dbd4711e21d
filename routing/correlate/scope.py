"""Where a storm can be: an area, or everything of one maker."""

from routing.municipality import Device
from routing.state import Registry

AREA, MAKER = "area:", "maker:"
"""What the subject of an incident begins with; no protocol is called so."""


def scopes(registry: Registry, device: Device) -> tuple[str, ...]:
    """Return the scopes a device's faults count in, the nearest first; none for exercises, which
    neither make a storm nor join a real one."""
    if device.exercise:
        return ()
    home = registry.residents.get(device.resident or "")
    unit = home.unit if home else device.unit
    area = (f"{AREA}{unit}",) if unit else ()
    return area + ((f"{MAKER}{device.maker}",) if device.maker else ())


def is_incident(subject: str) -> bool:
    """Whether the alarm of this subject is an incident."""
    return subject.startswith((AREA, MAKER))
