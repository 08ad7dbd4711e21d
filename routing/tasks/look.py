"""Planned digital supervision: when a person may look, and the visit that a look asks for."""

from routing.chain import policy_for
from routing.instant import SECOND, Instant
from routing.kinds import Category, Severity
from routing.reasons import Reason, ReasonCode, because
from routing.state import Registry
from routing.tasks.facts import TaskMade
from routing.tasks.life import TaskKind, TaskOutcome
from routing.tasks.offer import care
from routing.tasks.value import Task


def not_to_view(registry: Registry, task: Task, at: Instant) -> Reason | None:
    """Return why the person who has the task may not look now; None where they may.

    A look that somebody has made by hand is none: otherwise anybody could look at anybody.
    """
    home = registry.residents.get(task.resident or "")
    if task.kind is not TaskKind.LOOK or task.maker is not None or home is None:
        return because(ReasonCode.VIEW_NOT_FOR_THIS)
    if not task.start <= at <= task.end:
        return because(ReasonCode.VIEW_NOT_NOW)
    if "viewing" in home.objects:
        return because(ReasonCode.VIEW_OBJECTED)
    if home.supervised_until is None or home.supervised_until <= at:
        return because(ReasonCode.VIEW_NOT_DECIDED)
    return None


def outcome_refused(task: Task, outcome: TaskOutcome | None) -> Reason | None:
    """Return why a task cannot end so: only a look at a resident asks for a visit."""
    is_look = task.kind is TaskKind.LOOK and task.resident is not None
    if outcome is TaskOutcome.VISIT_NEEDED and not is_look:
        return because(ReasonCode.OUTCOME_NOT_FOR_THIS)
    return None


def visit(registry: Registry, look: Task, person: str, at: Instant, task: str) -> TaskMade:
    """Return the visit: it rings at once, and is an alarm when nobody goes in time."""
    return TaskMade(
        task=task,
        kind=TaskKind.VISIT,
        resident=look.resident,
        unit=look.unit,
        policy=policy_for(registry, Category.TASK, look.resident, look.unit, at),
        severity=Severity.HIGH,
        overdue=Severity.HIGH,
        start=at,
        end=at + care(registry).after_look_s * SECOND,
        offer_at=at,
        reason=because(ReasonCode.TASK_AFTER_LOOK, person=person),
    )
