"""What follows from a device event."""

from collections.abc import Callable, Iterator

from msgspec.structs import replace

from routing import facts
from routing import facts_correlate as own
from routing.alarm import Alarm, raised
from routing.chain import Draft, policy_for, policy_of, start
from routing.concerned import all_paused_until, at_birth, concerned
from routing.correlate import (
    again,
    borders,
    calls,
    clocks,
    doses,
    lasting,
    objects,
    silence,
    storm,
    strangers,
)
from routing.correlate.heard import Heard, Ring, source_of
from routing.correlate.judge import judge
from routing.correlate.settings import settings
from routing.facts import EventRecorded
from routing.instant import Instant
from routing.kinds import KINDS, Kind, Severity
from routing.locks.answer import answered
from routing.marks import Mark
from routing.reasons import Reason, ReasonCode, because
from routing.state import Registry, State
from routing.trouble import trouble

Ids = Callable[[str], str]
"""Gives the id of the alarm that an event id raises; it carries the tenant. Derived, so that an
event which is heard again after a crash raises the same alarm and pages under the same ids."""


def hear(
    state: State, event: EventRecorded, at: Instant, ids: Ids, why: Reason | None = None
) -> list[facts.AnyFact]:
    """Return the event and what it raises, joins or only tells. A known event gives nothing.

    `why` is the reason of an event that the core has noticed itself.
    """
    alarm_id = ids(event.event)
    if event.event in state.events or alarm_id in state.alarms:
        return []
    source = source_of(state.registry, event.subject)
    ends = answered(state, event)
    ring = judge(state, event, source, at, why)
    heard = Heard(event, source, ring if ends is None else _of_command(ring))
    if heard.ring.reason.code is ReasonCode.OVERTAKEN:
        return [event, _noted(heard)]
    decided = _follows(state, heard, at, alarm_id)
    return [event, *decided, *_beside(state, heard, decided, at, ids), *(ends or ())]


def _of_command(ring: Ring) -> Ring:
    """The answer to a command is told where the command was given; it rings nowhere else."""
    if ring.severity is None:
        return ring
    return Ring(ring.kind, None, because(ReasonCode.LOCK_OF_COMMAND))


def _follows(state: State, heard: Heard, at: Instant, alarm_id: str) -> list[facts.AnyFact]:
    severity = heard.ring.severity
    if severity is None:
        later = heard.ring.later
        return [*_tell(state, heard), *([] if later is None else [later])]
    known = state.open_by_trouble.get(heard.trouble)
    if known is not None:
        alarm = state.alarms[known]
        repeated = again.repeat(state, alarm, heard, severity, at)
        return [*repeated, *borders.gone(alarm, heard)]
    if strangers.are_many(state, heard, at):
        return _with_strangers(state, heard, severity, alarm_id, at)
    listed = storm.incident_for(state, heard, at)
    if listed is not None:
        return storm.join(state, listed[0], heard, listed[1])
    return _raise(state, heard, severity, alarm_id, at)


def _with_strangers(
    state: State, heard: Heard, severity: Severity, alarm_id: str, at: Instant
) -> list[facts.AnyFact]:
    """Join the alarm of many unknown devices, or raise it."""
    alarm = strangers.alarm_of(state, heard)
    if alarm is not None:
        return again.repeat(state, alarm, heard, severity, at)
    alone = _birth(state.registry, heard, severity, alarm_id, at)
    why = strangers.why(heard, settings(state.registry).strangers + 1)
    return _begin(state.registry, replace(alone, subject=strangers.TOGETHER, reason=why), at)


def _beside(
    state: State, heard: Heard, decided: list[facts.AnyFact], at: Instant, ids: Ids
) -> Iterator[facts.AnyFact]:
    """Yield what the event means apart from what it rings."""
    event = heard.event
    yield from lasting.settled(state, event)
    yield from doses.answered(state, heard)
    yield from silence.protection(state, heard, decided)
    if not heard.source.known:
        return
    wrong = clocks.fault(state, event, at)
    if wrong is not None:
        off = because(ReasonCode.CLOCK_OFF, off_s=clocks.off_s(event))
        yield from hear(state, wrong, at, ids, off)
    if event.kind in objects.ZONES and objects.withheld(state.registry, event.subject):
        objected = objects.notice(state, event.subject, at)
        if objected is not None:
            yield from hear(state, objected, at, ids, because(ReasonCode.RESIDENT_OBJECTS))


def _noted(heard: Heard) -> facts.EventNoted:
    event = heard.event
    return facts.EventNoted(event=event.event, subject=event.subject, reason=heard.ring.reason)


def _tell(state: State, heard: Heard) -> list[facts.AnyFact]:
    """Write the event on the open alarm it answers, or note that it raised nothing."""
    if listed := storm.passed(state, heard):
        return listed
    event = heard.event
    answered = calls.answered(event.kind)
    known = answered and state.open_by_trouble.get(trouble(answered, heard.resident, event.subject))
    if not known:
        return [_noted(heard)]
    alarm = state.alarms[known]
    told = calls.written(alarm, event.kind) or (
        because(ReasonCode.CANCEL_NEVER_HIDES)
        if event.kind is Kind.HELP_CANCELLED
        else because(ReasonCode.TROUBLE_PASSED, kind=event.kind)
    )
    written = facts.AlarmAnnotated(alarm=known, event=event.event, kind=event.kind, reason=told)
    closed = (*doses.taken_late(alarm, heard), *calls.reset(alarm, heard))
    return [written, *borders.back(alarm, heard), *closed]


def _raise(
    state: State, heard: Heard, severity: Severity, alarm_id: str, at: Instant
) -> list[facts.AnyFact]:
    broken_out = storm.breaks_out(state, heard, at)
    if broken_out is None:
        return _begin(state.registry, _birth(state.registry, heard, severity, alarm_id, at), at)
    scope, births = broken_out
    why = because(
        ReasonCode.STORM,
        kind=heard.ring.kind,
        count=len(births) + 1,
        within_s=settings(state.registry).storm_window_s,
    )
    birth = storm.birth(state.registry, scope, heard, alarm_id, why)
    incident = raised(birth, at)
    listed = [*storm.gather(state, alarm_id, heard, births, why)]
    joined = storm.join(state, incident, heard, why)
    return [*_begin(state.registry, birth, at), *listed, *joined]


def _birth(
    registry: Registry, heard: Heard, severity: Severity, alarm_id: str, at: Instant
) -> facts.AlarmRaised:
    event, device = heard.event, heard.device
    home = registry.residents.get(heard.resident or "")
    unit = home.unit if home else (device.unit if device else None)
    category = KINDS[heard.ring.kind].category
    return facts.AlarmRaised(
        alarm=alarm_id,
        event=event.event,
        kind=heard.ring.kind,
        category=category,
        severity=severity,
        subject=event.subject,
        device=None if device is None else device.id,
        resident=heard.resident,
        unit=unit,
        policy=policy_for(registry, category, heard.resident, unit, at),
        received_at=event.received_at,
        history=event.history,
        reason=heard.ring.reason,
        people_needed=home.people_needed if home else 1,
        adapter=event.adapter if event.told else None,
        about=at_birth(registry, device, heard.resident, category, at),
    )


def _begin(registry: Registry, birth: facts.AlarmRaised, at: Instant) -> list[facts.AnyFact]:
    draft = Draft(raised(birth, at), at)
    for mark, why in _marks(registry, draft.alarm, at):
        draft.add(own.AlarmMarked(alarm=birth.alarm, mark=mark, reason=why))
    policy = policy_of(registry, draft.alarm)
    start(registry, draft, 1, 0, because(ReasonCode.CHAIN_STARTED, policy=policy.id))
    return [birth, *draft.decided]


def _marks(registry: Registry, alarm: Alarm, at: Instant) -> Iterator[tuple[Mark, Reason]]:
    """Yield the marks that an alarm is born with, before anybody is called."""
    device = registry.devices.get(alarm.device or "")
    if device is not None and device.exercise:
        yield Mark.EXERCISE, because(ReasonCode.EXERCISE_DEVICE)
    until = all_paused_until(registry, concerned(alarm), at)
    if until is not None:
        yield Mark.RELATIVES_NOT_TOLD, because(ReasonCode.RESIDENT_PAUSED, until=until)
