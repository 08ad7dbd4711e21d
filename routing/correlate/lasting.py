"""What rings only if its opposite is not heard in time: a bed left and not returned to, a door left
open. The wait begins with the observation or, where that came before the rule's daily window, with
the window: what began by day is as wrong at night as what begins then. One that has begun is not
ended by the end of the window."""

from collections.abc import Iterator

from routing import facts_correlate as own
from routing.correlate.daily import open_from
from routing.correlate.heard import Ring
from routing.correlate.memory import pair
from routing.facts import EventRecorded
from routing.instant import SECOND, Instant
from routing.kinds import Kind
from routing.municipality import Device
from routing.plans import LastingRule
from routing.reasons import ReasonCode, because
from routing.roster import where
from routing.state import Registry, State
from routing.trouble import ANSWERS
from routing.watch import WatchKind

ENDED = frozenset(ANSWERS.values())
"""The kinds that have an opposite."""
SETTLED_BY_OPPOSITE = (WatchKind.LASTING, WatchKind.MUTED)


def waits(state: State, event: EventRecorded, device: Device, at: Instant) -> Ring | None:
    """Return the wait that the event begins; None where no rule says so."""
    due_at = _due_at(state.registry, device, event.kind, at)
    if due_at is None:
        return None
    why = because(
        ReasonCode.WAITS_FOR_OPPOSITE, kind=event.kind, after_s=(due_at - at) // SECOND
    )  # fmt: skip
    key = pair(event.subject, event.kind)
    known = state.watches.live.get((WatchKind.LASTING, key))
    later = None if known is not None else own.WatchSet(
        kind=WatchKind.LASTING, key=key, due_at=due_at
    )  # fmt: skip
    return Ring(event.kind, None, why, later)


def sooner(state: State, after: Registry, device: Device, at: Instant) -> Iterator[own.WatchSet]:
    """Yield the waits under way that changed rules end sooner, as if they began now: no change
    makes anybody wait longer than the rules of either time."""
    for kind in dict.fromkeys(rule.kind for rule in device.lasting):
        key = pair(device.subject, kind)
        known = state.watches.live.get((WatchKind.LASTING, key))
        due_at = _due_at(after, device, kind, at)
        if known is not None and due_at is not None and due_at < known:
            yield own.WatchSet(kind=WatchKind.LASTING, key=key, due_at=due_at)


def _due_at(registry: Registry, device: Device, kind: Kind, at: Instant) -> Instant | None:
    """Return when what begins at the instant rings by the first of the rules; None without one."""
    mine = (rule for rule in device.lasting if rule.kind is kind)
    ends = [end for rule in mine if (end := _ends_at(registry, rule, at)) is not None]
    return min(ends, default=None)


def _ends_at(registry: Registry, rule: LastingRule, at: Instant) -> Instant | None:
    """Return when the wait of the rule is over. What nothing ever ends begins in the window or not
    at all: whatever such a device says by day would ring every night."""
    begins = open_from(where(registry), rule.from_minute, rule.to_minute, at)
    if begins > at and rule.kind not in ENDED:
        return None
    return begins + rule.after_s * SECOND


def lasted(device: Device, event: EventRecorded) -> Ring | None:
    """Return what rings now that the wait is over; None when the rule is gone."""
    rules = [rule for rule in device.lasting if rule.kind is event.kind]
    if not rules:
        return None
    worst = max(rules, key=lambda rule: rule.severity)
    why = because(ReasonCode.LASTED, kind=event.kind, after_s=worst.after_s)
    return Ring(event.kind, worst.severity, why)


def settled(state: State, event: EventRecorded) -> Iterator[own.WatchEnded]:
    """Yield the waits that the event ends: it is the opposite of what they wait for."""
    began = ANSWERS.get(event.kind)
    if began is None:
        return
    key = pair(event.subject, began)
    for kind in SETTLED_BY_OPPOSITE:
        if (kind, key) in state.watches.live:
            yield own.WatchEnded(kind=kind, key=key)
