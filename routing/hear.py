"""What follows from a device event."""

from collections.abc import Callable
from dataclasses import dataclass

from routing import facts
from routing.alarm import Alarm, raised
from routing.chain import Draft, first_channel, page, policy_for, policy_of, start
from routing.facts import EventRecorded
from routing.instant import SECOND, Instant
from routing.kinds import KINDS, Category, Kind, KindClass, Severity
from routing.municipality import Device, RaiseRule
from routing.reasons import Reason, ReasonCode, because
from routing.roster import local_time, within
from routing.state import Registry, State
from routing.trouble import ANSWERS, Trouble, trouble

Ids = Callable[[str], str]
"""Gives the id of the alarm that an event id raises; it carries the tenant. Derived, so that an
event which is heard again after a crash raises the same alarm and pages under the same ids."""


@dataclass(frozen=True, slots=True)
class _Heard:
    """An event with what is known of its device, and what it rings."""

    event: EventRecorded
    device: Device | None
    kind: Kind
    """As what it rings: an observation of a stranger rings as `device.unknown`."""
    severity: Severity | None
    """None where it does not ring."""
    reason: Reason

    @property
    def resident(self) -> str | None:
        return None if self.device is None else self.device.resident

    @property
    def trouble(self) -> Trouble:
        return trouble(self.kind, self.resident, self.event.subject)


def hear(state: State, event: EventRecorded, at: Instant, ids: Ids) -> list[facts.AnyFact]:
    """Return the event and what it raises, joins or only tells. A known event gives nothing."""
    alarm_id = ids(event.event)
    if event.event in state.events or alarm_id in state.alarms:
        return []
    registry = state.registry
    device = registry.devices.get(registry.device_of.get(event.subject, ""))
    heard = _Heard(event, device, *_rings(registry, event, device, at))
    if heard.severity is None:
        return [event, *_tell(state, heard)]
    known = state.open_by_trouble.get(heard.trouble)
    if known is not None:
        return [event, _repeat(registry, state.alarms[known], heard, heard.severity)]
    return [event, *_raise(registry, _birth(registry, heard, heard.severity, alarm_id), at)]


def _age_s(event: EventRecorded) -> int:
    happened = event.received_at if event.occurred_at is None else event.occurred_at
    return max(0, event.received_at - happened) // SECOND


def _rings(
    registry: Registry, event: EventRecorded, device: Device | None, at: Instant
) -> tuple[Kind, Severity | None, Reason]:
    """Return as what the event rings, how severely (None: not at all), and why."""
    treatment = KINDS[event.kind]
    alarms = treatment.kind_class is KindClass.ALARM
    if device is None:
        why = because(ReasonCode.DEVICE_NOT_REGISTERED, subject=event.subject)
        if alarms and treatment.category is not Category.TECHNICAL:
            return event.kind, Severity.CRITICAL, why
        return (event.kind if alarms else Kind.DEVICE_UNKNOWN), Severity.TECHNICAL, why
    if event.history and alarms and treatment.category is not Category.HELP:
        return event.kind, None, because(ReasonCode.OLD_MESSAGE_ONLY_NOTED, age_s=_age_s(event))
    if event.history and alarms:
        old = because(ReasonCode.OLD_HELP_STILL_RINGS, age_s=_age_s(event))
        return event.kind, treatment.severity, old
    if alarms:
        return event.kind, treatment.severity, because(ReasonCode.KIND_RAISES, kind=event.kind)
    return _by_rule(registry, event, device, at)


def _by_rule(
    registry: Registry, event: EventRecorded, device: Device, at: Instant
) -> tuple[Kind, Severity | None, Reason]:
    rules = [rule for rule in device.raises if _applies(registry, rule, event, at)]
    if event.history or not rules:
        return event.kind, None, because(ReasonCode.OBSERVATION_ONLY, kind=event.kind)
    severity = max(rule.severity for rule in rules)
    return event.kind, severity, because(ReasonCode.RULE_RAISES, kind=event.kind)


def _applies(registry: Registry, rule: RaiseRule, event: EventRecorded, at: Instant) -> bool:
    local = local_time(registry, at)
    minute = local.hour * 60 + local.minute
    return rule.kind is event.kind and within(minute, rule.from_minute, rule.to_minute)


def _tell(state: State, heard: _Heard) -> list[facts.AnyFact]:
    """Write the event on the open alarm it answers, or note that it raised nothing."""
    event = heard.event
    answered = ANSWERS.get(event.kind)
    known = answered and state.open_by_trouble.get(trouble(answered, heard.resident, event.subject))
    if not known:
        return [facts.EventNoted(event=event.event, subject=event.subject, reason=heard.reason)]
    told = (
        because(ReasonCode.CANCEL_NEVER_HIDES)
        if event.kind is Kind.HELP_CANCELLED
        else because(ReasonCode.TROUBLE_PASSED, kind=event.kind)
    )
    return [facts.AlarmAnnotated(alarm=known, event=event.event, kind=event.kind, reason=told)]


def _repeat(
    registry: Registry, alarm: Alarm, heard: _Heard, severity: Severity
) -> facts.AlarmRepeated:
    """Merge into the open alarm, and announce it again to whoever has it or is being called."""
    activation = alarm.activations + 1
    again = because(ReasonCode.SAME_TROUBLE_AGAIN, activation=activation)
    told = because(ReasonCode.OWNER_TOLD_AGAIN, activation=activation) if alarm.owner else again
    # A technical fault that flaps is counted, not rung again and again.
    announced = alarm.category is not Category.TECHNICAL or severity > alarm.severity
    waiting = {p.person for p in alarm.pages if alarm.owes(p)}
    people = (alarm.owner,) if alarm.owner else alarm.calling
    called = tuple(
        page(alarm, f"n{activation}", person, first_channel(registry, person), told)
        for person in people
        if announced and person not in waiting and person not in alarm.refused
    )
    return facts.AlarmRepeated(
        alarm=alarm.id,
        event=heard.event.event,
        kind=heard.kind,
        activation=activation,
        severity=max(alarm.severity, severity),
        pages=called,
        reason=again,
    )


def _birth(
    registry: Registry, heard: _Heard, severity: Severity, alarm_id: str
) -> facts.AlarmRaised:
    event, device = heard.event, heard.device
    home = registry.residents.get(heard.resident or "")
    unit = home.unit if home else (device.unit if device else None)
    category = KINDS[heard.kind].category
    return facts.AlarmRaised(
        alarm=alarm_id,
        event=event.event,
        kind=heard.kind,
        category=category,
        severity=severity,
        subject=event.subject,
        device=None if device is None else device.id,
        resident=heard.resident,
        unit=unit,
        policy=policy_for(registry, category, heard.resident, unit),
        received_at=event.received_at,
        history=event.history,
        reason=heard.reason,
    )


def _raise(registry: Registry, birth: facts.AlarmRaised, at: Instant) -> list[facts.AnyFact]:
    draft = Draft(raised(birth, at), at)
    policy = policy_of(registry, draft.alarm)
    start(registry, draft, 1, 0, because(ReasonCode.CHAIN_STARTED, policy=policy.id))
    return [birth, *draft.decided]
