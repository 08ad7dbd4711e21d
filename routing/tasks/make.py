"""Tasks that other facts ask for: rules on device events, visits that alarms ask for, planned
looks. And tasks that are not needed any more because what asked for them has passed."""

from collections.abc import Callable, Iterator

from routing import facts, facts_correlate
from routing.chain import policy_for
from routing.event import derive_id
from routing.instant import SECOND, Instant
from routing.kinds import Category, Severity
from routing.municipality import Device
from routing.reasons import ReasonCode, because
from routing.state import Registry, State
from routing.tasks import facts as own
from routing.tasks.book import device_cause, visit_cause
from routing.tasks.life import LIVE, TaskKind
from routing.tasks.offer import care
from routing.tasks.plans import TaskRule
from routing.trouble import ANSWERS

Ids = Callable[[str], str]
"""Gives the id of what an event id brings; it carries the tenant."""


def task_id(ids: Ids, *what: object) -> str:
    """Return the id of the task that something brings: the same thing brings the same task."""
    return ids(derive_id("task", *what))


def from_fact(
    state: State, fact: facts.AnyFact, at: Instant, ids: Ids
) -> Iterator[own.TaskMade | own.TaskCancelled]:
    """Yield the tasks that a fact brings or ends."""
    match fact:
        case facts.EventRecorded():
            yield from _by_rules(state, fact, at, ids)
            yield from _answered(state, fact)
        case facts_correlate.VisitAsked():
            yield from _visits(state, fact, at, ids)
        case facts_correlate.LookDue():
            yield _look(state.registry, fact, at, ids)


def _by_rules(
    state: State, event: facts.EventRecorded, at: Instant, ids: Ids
) -> Iterator[own.TaskMade]:
    device = state.registry.devices.get(state.registry.device_of.get(event.subject, ""))
    if device is None or device.exercise or event.history:
        return
    for rule in care(state.registry).rules:
        cause = device_cause(event.subject, rule.on, rule.make)
        if _applies(rule, event) and cause not in state.book.by_cause:
            task = task_id(ids, event.event, rule.make)
            yield _by_rule(state.registry, rule, event, device, at=at, task=task)


def _applies(rule: TaskRule, event: facts.EventRecorded) -> bool:
    return rule.on is event.kind and rule.code in {None, event.code}


def _by_rule(
    registry: Registry,
    rule: TaskRule,
    event: facts.EventRecorded,
    device: Device,
    *,
    at: Instant,
    task: str,
) -> own.TaskMade:
    zone = unit_of(registry, device.resident) or device.unit
    return own.TaskMade(
        task=task,
        kind=rule.make,
        resident=device.resident,
        unit=zone,
        subject=event.subject,
        cause=event.kind,
        policy=policy_for(registry, Category.TASK, device.resident, zone, at),
        severity=rule.severity,
        people=rule.people,
        competence=rule.competence,
        overdue=rule.overdue,
        start=at,
        end=at + rule.within_s * SECOND,
        offer_at=at,
        reason=because(ReasonCode.TASK_BY_RULE, kind=event.kind),
    )


def _answered(state: State, event: facts.EventRecorded) -> Iterator[own.TaskCancelled]:
    """What asked for a task has passed by itself: nobody has to go who has not said yes."""
    cause = ANSWERS.get(event.kind)
    for kind in TaskKind if cause is not None else ():
        known = state.book.by_cause.get(device_cause(event.subject, cause, kind)) if cause else None
        task = state.book.tasks[known] if known else None
        if task is not None and task.phase in LIVE and not task.owners:
            passed = because(ReasonCode.TROUBLE_PASSED, kind=event.kind)
            yield own.TaskCancelled(task=task.id, reason=passed)


def _visits(
    state: State, asked: facts_correlate.VisitAsked, at: Instant, ids: Ids
) -> Iterator[own.TaskMade]:
    registry, numbers = state.registry, care(state.registry)
    ringing = state.book.of_alarm.get(asked.alarm, 0)
    for resident in asked.residents:
        if visit_cause(resident) in state.book.by_cause:
            continue
        unit = unit_of(registry, resident)
        ringing += 1
        yield own.TaskMade(
            task=task_id(ids, asked.alarm, resident, at),
            kind=TaskKind.VISIT,
            resident=resident,
            unit=unit,
            alarm=asked.alarm,
            policy=policy_for(registry, Category.TASK, resident, unit, at),
            severity=numbers.visit_severity,
            overdue=numbers.visit_overdue,
            rings=ringing <= numbers.rings_at_most,
            start=at,
            end=at + numbers.visit_within_s * SECOND,
            offer_at=at,
            reason=because(ReasonCode.TASK_VISIT_ASKED),
        )


def _look(registry: Registry, look: facts_correlate.LookDue, at: Instant, ids: Ids) -> own.TaskMade:
    unit = unit_of(registry, look.resident)
    return own.TaskMade(
        task=task_id(ids, look.resident, "look", look.due_at),
        kind=TaskKind.LOOK,
        resident=look.resident,
        unit=unit,
        policy=policy_for(registry, Category.TASK, look.resident, unit, at),
        severity=Severity.MEDIUM,
        start=look.due_at,
        end=max(look.until, at),
        offer_at=at,
        reason=because(ReasonCode.TASK_LOOK),
    )


def unit_of(registry: Registry, resident: str | None) -> str | None:
    """Return the unit of a resident, None where that is not known."""
    home = registry.residents.get(resident or "")
    return None if home is None else home.unit
