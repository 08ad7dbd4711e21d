"""Which entities there are, and what each says now: counts of alarms, health, devices' faults."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from hub.journal.port import Record
from hub.settings.whole import HomeAssistantSettings
from routing.facts import EventRecorded
from routing.kinds import Kind
from routing.state import State

Component = Literal["sensor", "binary_sensor"]
_ENDS = {Kind.LINK_RESTORED: Kind.LINK_LOST, Kind.BATTERY_OK: Kind.BATTERY_LOW}


@dataclass(frozen=True, slots=True)
class Entity:
    """One entity. `id` is its object id: letters, digits, hyphens and underscores."""

    component: Component
    id: str
    name: str
    value: str
    device_class: str | None = None
    measured: bool = False
    diagnostic: bool = False


@dataclass(slots=True)
class Faults:
    """Which devices are lost or have a low battery. What is noted here counts; before anything is
    noted, a fault is what has an open alarm."""

    _lasts: dict[tuple[str, Kind], bool] = field(default_factory=dict)

    def note(self, records: Iterable[Record]) -> None:
        """Take up what was recorded."""
        for record in records:
            fact = record.fact
            if not isinstance(fact, EventRecorded):
                continue
            begins = fact.kind in _ENDS.values()
            kind = fact.kind if begins else _ENDS.get(fact.kind)
            if kind is not None:
                self._lasts[fact.subject, kind] = begins

    def has(self, state: State, subject: str, kind: Kind) -> bool:
        """Say whether the device has the fault."""
        noted = self._lasts.get((subject, kind))
        return (subject, kind) in state.open_by_trouble if noted is None else noted


def entities(
    settings: HomeAssistantSettings, state: State, faults: Faults, health: Mapping[str, bool]
) -> tuple[Entity, ...]:
    """Return every entity with what it says now; none when switched off. `health` by part."""
    if not settings.enabled:
        return ()
    alarms = [alarm for alarm in state.alarms.values() if alarm.closed_at is None]
    unowned = [alarm for alarm in alarms if alarm.owner is None]
    return (
        Entity("sensor", "open_alarms", "Open alarms", str(len(alarms)), measured=True),
        Entity("sensor", "unowned_alarms", "Unowned alarms", str(len(unowned)), measured=True),
        *(
            Entity(
                "binary_sensor",
                f"{part}_health",
                f"{part.capitalize()} running",
                _on(is_well),
                "running",
                diagnostic=True,
            )
            for part, is_well in health.items()
        ),
        *_devices(settings, state, faults),
    )


def _devices(settings: HomeAssistantSettings, state: State, faults: Faults) -> Iterable[Entity]:
    known = state.registry.devices
    wanted = known if settings.devices == "all" else settings.devices
    for id in sorted(set(wanted) & set(known)):
        subject = known[id].subject
        lost = faults.has(state, subject, Kind.LINK_LOST)
        low = faults.has(state, subject, Kind.BATTERY_LOW)
        yield Entity(
            "binary_sensor", f"device_{id}_online", f"{id} online", _on(not lost), "connectivity"
        )
        yield Entity("binary_sensor", f"device_{id}_battery", f"{id} battery", _on(low), "battery")


def _on(value: bool) -> str:
    return "ON" if value else "OFF"
