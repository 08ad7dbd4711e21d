"""An event with what is known of its device, and what it rings."""

from dataclasses import dataclass

from routing.facts import EventRecorded
from routing.facts_correlate import WatchSet
from routing.kinds import Kind, Severity
from routing.municipality import Device
from routing.reasons import Reason
from routing.state import Registry
from routing.trouble import Trouble, trouble

RESIDENT = "resident:"
"""The subject of what is noticed of a home and not of a device begins with it; no protocol does."""


@dataclass(frozen=True, slots=True)
class Source:
    """Who an event is from: a registered device, a home, or a stranger."""

    device: Device | None
    resident: str | None
    """None for a device of exercise, whatever it is registered at: no real resident is reached."""

    @property
    def known(self) -> bool:
        return self.device is not None or self.resident is not None


def source_of(registry: Registry, subject: str) -> Source:
    """Return who the subject is."""
    home = subject.removeprefix(RESIDENT)
    if home != subject:
        return Source(None, home if home in registry.residents else None)
    device = registry.devices.get(registry.device_of.get(subject, ""))
    resident = None if device is None or device.exercise else device.resident
    return Source(device, resident)


@dataclass(frozen=True, slots=True)
class Ring:
    """What an event rings."""

    kind: Kind
    """As what it rings: an observation of a stranger rings as `device.unknown`."""
    severity: Severity | None
    """None where it does not ring."""
    reason: Reason
    later: WatchSet | None = None
    """What waits instead of ringing now."""


@dataclass(frozen=True, slots=True)
class Heard:
    """An event, its source and what it rings."""

    event: EventRecorded
    source: Source
    ring: Ring

    @property
    def device(self) -> Device | None:
        return self.source.device

    @property
    def resident(self) -> str | None:
        return self.source.resident

    @property
    def trouble(self) -> Trouble:
        return trouble(self.ring.kind, self.resident, self.event.subject)
