"""What an event rings, or why it does not: one rule after another, the first that knows decides."""

from routing.correlate import calls, clocks, lasting, objects, order
from routing.correlate.heard import Ring, Source
from routing.correlate.muted import muted
from routing.correlate.settings import HUB
from routing.correlate.tested import tested
from routing.facts import EventRecorded
from routing.instant import SECOND, Instant
from routing.kinds import KINDS, Category, Kind, KindClass, Severity
from routing.municipality import Device, RaiseRule
from routing.reasons import Reason, ReasonCode, because
from routing.roster import local_time, within
from routing.state import Registry, State


def judge(
    state: State, event: EventRecorded, source: Source, at: Instant, why: Reason | None = None
) -> Ring:
    """Return what the event rings; `why` is the reason of what the core itself has noticed."""
    if not source.known:
        return _stranger(event)
    ring = _known(state, event, source, at, why)
    return muted(state.registry, event, source, ring, at)


def _stranger(event: EventRecorded) -> Ring:
    """Whatever a device says that nobody has registered reaches a person."""
    treatment = KINDS[event.kind]
    alarms = treatment.kind_class is KindClass.ALARM
    why = because(ReasonCode.DEVICE_NOT_REGISTERED, subject=event.subject)
    if alarms and treatment.category is not Category.TECHNICAL:
        return Ring(event.kind, Severity.CRITICAL, why)
    return Ring(event.kind if alarms else Kind.DEVICE_UNKNOWN, Severity.TECHNICAL, why)


def _known(
    state: State, event: EventRecorded, source: Source, at: Instant, why: Reason | None
) -> Ring:
    treatment = KINDS[event.kind]
    alarms = treatment.kind_class is KindClass.ALARM
    if event.kind is Kind.DEVICE_TESTED:
        return tested(state, source, event.subject)
    if event.kind in objects.ZONES and objects.withheld(state.registry, event.subject):
        return Ring(event.kind, None, because(ReasonCode.RESIDENT_OBJECTS))
    if event.history and alarms:
        return _old(event)
    if (held := _held_back(state, event, at)) is not None:
        return Ring(event.kind, None, held)
    if alarms:
        plain = (treatment.severity, why or because(ReasonCode.KIND_RAISES, kind=event.kind))
        return Ring(event.kind, *(calls.urgency(state, event, source, at) or plain))
    return _observed(state, event, source.device, at)


def _old(event: EventRecorded) -> Ring:
    happened = event.received_at if event.occurred_at is None else event.occurred_at
    age_s = max(0, event.received_at - happened) // SECOND
    treatment = KINDS[event.kind]
    if treatment.category is Category.HELP:
        why = because(ReasonCode.OLD_HELP_STILL_RINGS, age_s=age_s)
        return Ring(event.kind, treatment.severity, why)
    return Ring(event.kind, None, because(ReasonCode.OLD_MESSAGE_ONLY_NOTED, age_s=age_s))


def _held_back(state: State, event: EventRecorded, at: Instant) -> Reason | None:
    """Return why an event of a known device is old news although it has just been sent."""
    if order.overtaken(state, event, at):
        return because(ReasonCode.OVERTAKEN, kind=event.kind, sequence=event.sequence or 0)
    if event.kind is Kind.CLOCK_WRONG and clocks.told_today(state, event.subject, at):
        return because(ReasonCode.TOLD_ALREADY, kind=event.kind)
    return None


def _observed(state: State, event: EventRecorded, device: Device | None, at: Instant) -> Ring:
    only = Ring(event.kind, None, because(ReasonCode.OBSERVATION_ONLY, kind=event.kind))
    if event.history or device is None:
        return only
    if event.adapter == HUB:
        return lasting.lasted(device, event) or only
    rules = [rule for rule in device.raises if _applies(state.registry, rule, event, at)]
    if rules:
        severity = max(rule.severity for rule in rules)
        return Ring(event.kind, severity, because(ReasonCode.RULE_RAISES, kind=event.kind))
    return lasting.waits(state, event, device, at) or only


def _applies(registry: Registry, rule: RaiseRule, event: EventRecorded, at: Instant) -> bool:
    local = local_time(registry, at)
    minute = local.hour * 60 + local.minute
    return rule.kind is event.kind and within(minute, rule.from_minute, rule.to_minute)
