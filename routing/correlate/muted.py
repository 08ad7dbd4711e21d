"""Maintenance windows and pauses. Both end by themselves, and neither ever mutes help.

A fault that is still there at the end rings then; one that has passed in between never does. What
several people share is muted by a pause only while all of them are away.
"""

from routing import concerned
from routing import facts_correlate as own
from routing.correlate.heard import Ring, Source
from routing.correlate.memory import pair
from routing.facts import EventRecorded
from routing.instant import Instant
from routing.kinds import KINDS, Category
from routing.reasons import Reason, ReasonCode, because
from routing.state import Registry
from routing.watch import WatchKind

NEVER_MUTED = frozenset(
    {Category.HELP, Category.FIRE, Category.WATER, Category.CALL, Category.WANDERING}
)


def muted(
    registry: Registry, event: EventRecorded, source: Source, ring: Ring, at: Instant
) -> Ring:
    """Return the ring as it is, or silent until the end of what mutes it."""
    category = KINDS[ring.kind].category
    if ring.severity is None or category in NEVER_MUTED:
        return ring
    technical = category is Category.TECHNICAL
    work = maintenance_until(registry, source, at) if technical else None
    away = _away_until(registry, source, at)
    ends = [end for end in (work, away) if end is not None]
    if not ends:
        return ring
    until = max(ends)
    later = own.WatchSet(
        kind=WatchKind.MUTED, key=pair(event.subject, event.kind), due_at=until
    )  # fmt: skip
    return Ring(ring.kind, None, _why(until, work), later if technical else None)


def _why(until: Instant, work: Instant | None) -> Reason:
    code = ReasonCode.MAINTENANCE if until == work else ReasonCode.RESIDENT_PAUSED
    return because(code, until=until)


def maintenance_until(registry: Registry, source: Source, at: Instant) -> Instant | None:
    """Return when the maintenance that the device or its unit is under ends."""
    device = source.device
    home = registry.residents.get(source.resident or "")
    unit = registry.units.get((home.unit if home else device and device.unit) or "")
    spans = (device.maintenance if device else ()) + (unit.maintenance if unit else ())
    return max((span.end for span in spans if span.start <= at < span.end), default=None)


def _away_until(registry: Registry, source: Source, at: Instant) -> Instant | None:
    """Return when the first of those whom the source may speak of is back; None while anybody of
    them is at home."""
    if concerned.paused_until(registry, source.resident, at) is None:
        return None  # the usual case, without a search for who else lives there
    users = concerned.users(registry, source.device, source.resident)
    return concerned.all_paused_until(registry, users, at)
