"""A resident who objects to location: no position is kept and no zone rings; a manager is told
once, and the button works as ever."""

from routing.correlate.heard import source_of
from routing.correlate.memory import pair
from routing.correlate.settings import HUB
from routing.event import derive_id
from routing.facts import EventRecorded
from routing.instant import Instant
from routing.kinds import Kind
from routing.state import Registry, State

ZONES = frozenset({Kind.ZONE_LEFT, Kind.ZONE_ENTERED})


def withheld(registry: Registry, subject: str) -> bool:
    """Whether the location of whoever has this device is nobody's business."""
    home = registry.residents.get(source_of(registry, subject).resident or "")
    return home is not None and "location" in home.objects


def notice(state: State, subject: str, at: Instant) -> EventRecorded | None:
    """Return the event that tells of a device which sends what it should not; None when it has
    been told."""
    if pair(Kind.LOCATION_OBJECTED, subject) in state.memory.told:
        return None
    return EventRecorded(
        event=derive_id(HUB, Kind.LOCATION_OBJECTED, subject, at),
        kind=Kind.LOCATION_OBJECTED,
        subject=subject,
        received_at=at,
        adapter=HUB,
    )
