"""Homes that are too quiet: a part of presence. Movement is a sample and never becomes a fact; only
the quiet does. Two forms of rule: nothing for so many hours (judged inside a daily window), or
nothing in a whole window (judged at its end). Quiet that goes on is told again."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from heapq import heappop, heappush

from routing.correlate.daily import inside, next_daily
from routing.correlate.heard import RESIDENT, source_of
from routing.event import derive_id
from routing.facts import EventRecorded
from routing.instant import DAY, SECOND, Instant
from routing.kinds import Kind
from routing.municipality import Resident
from routing.plans import EVERY_DAY, QuietRule
from routing.roster import where
from routing.state import Registry

MOVES = frozenset(
    {
        Kind.MOTION_DETECTED,
        Kind.DOOR_OPENED,
        Kind.DOOR_CLOSED,
        Kind.BED_LEFT,
        Kind.BED_RETURNED,
        Kind.MEDICATION_TAKEN,
        Kind.LOCK_LOCKED,
        Kind.LOCK_UNLOCKED,
        Kind.HELP_PRESSED,
        Kind.CALL_RAISED,
    }
)
"""What shows that somebody is up."""


@dataclass(slots=True)
class Activity:
    """When each resident with a rule last moved, as far as devices tell."""

    moved: dict[str, Instant] = field(default_factory=dict)
    told: dict[str, Instant] = field(default_factory=dict)
    """Resident to when the quiet was last told."""
    heap: list[tuple[Instant, str]] = field(default_factory=list, compare=False)
    """(when to look, resident); looking early does no harm."""


def move(activity: Activity, registry: Registry, subject: str, kind: Kind, at: Instant) -> None:
    """Fold a movement in the home that the device belongs to."""
    if kind not in MOVES:
        return
    home = registry.residents.get(source_of(registry, subject).resident or "")
    if home is not None and home.quiet:
        activity.moved[home.id] = at
        activity.told.pop(home.id, None)


def watch_homes(activity: Activity, registry: Registry, at: Instant) -> None:
    """Begin to watch every home with a rule; one that was never heard of counts from now."""
    activity.heap.clear()
    for home in registry.residents.values():
        if home.quiet:
            activity.moved.setdefault(home.id, at)
            heappush(activity.heap, (_next(activity, registry, home, at), home.id))


def look_at_homes(activity: Activity, registry: Registry, at: Instant) -> Iterator[EventRecorded]:
    """Yield `inactivity.detected` for each home that is too quiet now."""
    while activity.heap and activity.heap[0][0] <= at:
        due_at, name = heappop(activity.heap)
        home = registry.residents.get(name)
        if home is None or not home.quiet:
            continue
        if any(_too_quiet(activity, registry, home, rule, due_at) for rule in home.quiet):
            activity.told[name] = at
            yield _quiet(name, at)
        heappush(activity.heap, (_next(activity, registry, home, at), name))


def _next(activity: Activity, registry: Registry, home: Resident, at: Instant) -> Instant:
    return min(_judged_at(activity, registry, home, rule, at) for rule in home.quiet)


def _base(activity: Activity, home: Resident) -> Instant:
    return max(activity.moved[home.id], activity.told.get(home.id, 0))


def _judged_at(
    activity: Activity, registry: Registry, home: Resident, rule: QuietRule, at: Instant
) -> Instant:
    zone = where(registry)
    if rule.quiet_s is None:
        return next_daily(zone, rule.to_minute, EVERY_DAY, at)
    over = max(_base(activity, home) + rule.quiet_s * SECOND, at + 1)
    if _inside(registry, rule, over):
        return over
    return next_daily(zone, rule.from_minute, EVERY_DAY, over)


def _inside(registry: Registry, rule: QuietRule, at: Instant) -> bool:
    return inside(where(registry), rule.from_minute, rule.to_minute, at)


def _too_quiet(
    activity: Activity, registry: Registry, home: Resident, rule: QuietRule, due_at: Instant
) -> bool:
    """Whether the rule says so at the instant for which the look was planned."""
    base = _base(activity, home)
    if rule.quiet_s is not None:
        return due_at - base >= rule.quiet_s * SECOND and _inside(registry, rule, due_at)
    zone = where(registry)
    ends = next_daily(zone, rule.to_minute, EVERY_DAY, due_at - 1) == due_at
    starts = [next_daily(zone, rule.from_minute, EVERY_DAY, due_at - 2 * DAY)]
    while (later := next_daily(zone, rule.from_minute, EVERY_DAY, starts[-1])) < due_at:
        starts.append(later)
    return ends and base < starts[-1]


def _quiet(resident: str, at: Instant) -> EventRecorded:
    subject = f"{RESIDENT}{resident}"
    return EventRecorded(
        event=derive_id("presence", Kind.INACTIVITY_DETECTED, subject, at),
        kind=Kind.INACTIVITY_DETECTED,
        subject=subject,
        received_at=at,
        adapter="presence",
    )
