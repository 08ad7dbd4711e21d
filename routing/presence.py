"""Signs of life: the second fold, for samples that are never journalled one by one.

Every event of a device is a sign of life. A supervised device that has been quiet longer than its
limit becomes one `link.lost`, and `link.restored` when it is heard again; those are ordinary events
and go through `decide`. A device nobody has registered is told once an hour. A restart must not
look like silence: `resume` moves every clock by the hub's own downtime, no more (invariant 11).
Homes that are too quiet are a part of their own, `routing.correlate.activity`.
"""

from dataclasses import dataclass, field
from heapq import heappop, heappush

from routing.correlate.activity import Activity, look_at_homes, move, watch_homes
from routing.correlate.settings import HUB
from routing.correlate.silence import limit_s
from routing.event import derive_id
from routing.facts import EventRecorded
from routing.instant import HOUR, SECOND, Instant
from routing.kinds import Kind
from routing.state import Registry

SOURCE = "presence"
"""The `adapter` of events that the hub itself notices."""
UNKNOWN_AGAIN: Instant = HOUR


@dataclass(slots=True)
class Presence:
    """What is known of each device's signs of life, by subject."""

    heard: dict[str, Instant] = field(default_factory=dict)
    silent: dict[str, Instant] = field(default_factory=dict)
    """Subject to the instant it was last heard before the silence."""
    unknown: dict[str, Instant] = field(default_factory=dict)
    """Unregistered subject to when it was last told of."""
    watch: list[tuple[Instant, str]] = field(default_factory=list, compare=False)
    """Heap of (when to look again, subject)."""
    watched: set[str] = field(default_factory=set, compare=False)
    activity: Activity = field(default_factory=Activity)


def _noticed(kind: Kind, subject: str, at: Instant) -> EventRecorded:
    return EventRecorded(
        event=derive_id(SOURCE, kind, subject, at),
        kind=kind,
        subject=subject,
        received_at=at,
        adapter=SOURCE,
    )


def observe(
    presence: Presence,
    registry: Registry,
    subject: str,
    at: Instant,
    kind: Kind = Kind.DEVICE_ALIVE,
) -> list[EventRecorded]:
    """Fold one sign of life; return what it changes: a device is back, or is not registered."""
    device = registry.devices.get(registry.device_of.get(subject, ""))
    if device is None:
        return _stranger(presence, subject, at)
    presence.heard[subject] = at
    move(presence.activity, registry, subject, kind, at)
    limit = limit_s(registry, device)
    if limit is not None and subject not in presence.watched:
        presence.watched.add(subject)
        heappush(presence.watch, (at + limit * SECOND, subject))
    if presence.silent.pop(subject, None) is None:
        return []
    return [_noticed(Kind.LINK_RESTORED, subject, at)]


def _stranger(presence: Presence, subject: str, at: Instant) -> list[EventRecorded]:
    told = presence.unknown.get(subject)
    if told is not None and at - told < UNKNOWN_AGAIN:
        return []
    presence.unknown[subject] = at
    return [_noticed(Kind.DEVICE_UNKNOWN, subject, at)]


def recall(presence: Presence, registry: Registry, event: EventRecorded, at: Instant) -> None:
    """Fold a journalled event that came after presence was kept: a crash takes no sign of life that
    is in the journal."""
    subject = event.subject
    if event.adapter == SOURCE and event.kind is Kind.LINK_LOST:
        presence.silent[subject] = presence.heard.get(subject, at)
    elif event.adapter == SOURCE and event.kind is Kind.LINK_RESTORED:
        presence.silent.pop(subject, None)
    elif event.adapter not in {SOURCE, HUB} and subject in registry.device_of:
        presence.heard[subject] = at


def supervise(presence: Presence, registry: Registry, at: Instant) -> None:
    """Begin to watch every supervised device that has never been heard: its clock starts now."""
    for device in registry.devices.values():
        limit, subject = limit_s(registry, device), device.subject
        if limit is None or subject in presence.watched:
            continue
        last = presence.heard.setdefault(subject, at)
        presence.watched.add(subject)
        heappush(presence.watch, (last + limit * SECOND, subject))
    watch_homes(presence.activity, registry, at)


def next_look(presence: Presence) -> Instant | None:
    """Return when `look` is wanted next."""
    heaps = (presence.watch, presence.activity.heap)
    return min((heap[0][0] for heap in heaps if heap), default=None)


def look(presence: Presence, registry: Registry, at: Instant) -> list[EventRecorded]:
    """Return `link.lost` for each device whose limit has passed without a sign of life, and what is
    to be said of quiet homes."""
    found = list(look_at_homes(presence.activity, registry, at))
    while presence.watch and presence.watch[0][0] <= at:
        subject = heappop(presence.watch)[1]
        device = registry.devices.get(registry.device_of.get(subject, ""))
        limit_of = None if device is None else limit_s(registry, device)
        if limit_of is None:
            presence.watched.discard(subject)
            continue
        limit = limit_of * SECOND
        last = presence.heard[subject]
        if last + limit > at:
            heappush(presence.watch, (last + limit, subject))
            continue
        heappush(presence.watch, (at + limit, subject))
        if subject not in presence.silent:
            presence.silent[subject] = last
            found.append(_noticed(Kind.LINK_LOST, subject, at))
    return found


def resume(presence: Presence, registry: Registry, down_since: Instant, at: Instant) -> None:
    """Start again after downtime: no device is blamed for the time the hub itself was away."""
    away = max(0, at - down_since)
    presence.heard = {subject: last + away for subject, last in presence.heard.items()}
    moved = presence.activity.moved
    presence.activity.moved = {resident: last + away for resident, last in moved.items()}
    presence.watch.clear()
    presence.watched.clear()
    supervise(presence, registry, at)
