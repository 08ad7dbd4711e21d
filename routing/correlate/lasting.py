"""What rings only if its opposite is not heard in time: a bed left and not returned to, a door left
open. The window of the rule is judged when it begins."""

from collections.abc import Iterator

from routing import facts_correlate as own
from routing.correlate.heard import Ring
from routing.correlate.memory import pair
from routing.facts import EventRecorded
from routing.instant import SECOND, Instant
from routing.municipality import Device
from routing.plans import LastingRule
from routing.reasons import ReasonCode, because
from routing.roster import local_time, within
from routing.state import Registry, State
from routing.trouble import ANSWERS
from routing.watch import WatchKind

SETTLED_BY_OPPOSITE = (WatchKind.LASTING, WatchKind.MUTED)


def waits(state: State, event: EventRecorded, device: Device, at: Instant) -> Ring | None:
    """Return the wait that the event begins; None where no rule says so."""
    rules = [r for r in device.lasting if r.kind is event.kind and _now(state.registry, r, at)]
    if not rules:
        return None
    after_s = min(rule.after_s for rule in rules)
    why = because(ReasonCode.WAITS_FOR_OPPOSITE, kind=event.kind, after_s=after_s)
    key = pair(event.subject, event.kind)
    due_at = at + after_s * SECOND
    known = state.watches.live.get((WatchKind.LASTING, key))
    later = None if known is not None else own.WatchSet(
        kind=WatchKind.LASTING, key=key, due_at=due_at
    )  # fmt: skip
    return Ring(event.kind, None, why, later)


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


def _now(registry: Registry, rule: LastingRule, at: Instant) -> bool:
    local = local_time(registry, at)
    return within(local.hour * 60 + local.minute, rule.from_minute, rule.to_minute)
