"""What follows when a deadline of a task falls: the next step, the end of its window, the archive.

A task that ends undone becomes an alarm only where its rule or plan says so; that alarm lives like
any other, and the task stays in the list until somebody has done it.
"""

from routing import facts as alarm_facts
from routing.alarm import raised
from routing.chain import Draft, policy_for, start
from routing.event import derive_id
from routing.instant import DAY, Instant
from routing.kinds import Category, Kind, Severity
from routing.reasons import ReasonCode, because
from routing.state import Registry, State
from routing.tasks import facts
from routing.tasks.life import TaskPhase
from routing.tasks.make import Ids
from routing.tasks.offer import TaskDraft, leads, next_in_turn, offer, pages, quiet_until
from routing.tasks.planned import fell_due
from routing.tasks.value import Task
from routing.watch import Watch, WatchKind

BATCH = 100
"""Deadlines handled by one input, so that fresh input never waits for a long queue of them."""


def pass_time(state: State, at: Instant, ids: Ids) -> list[alarm_facts.AnyFact]:
    """Return what the deadlines up to `at` bring."""
    due = state.book.due(at, BATCH)
    return [fact for watch in due for fact in _of_watch(state, watch, at, ids)]


def _of_watch(state: State, watch: Watch, at: Instant, ids: Ids) -> list[alarm_facts.AnyFact]:
    if watch.kind is WatchKind.VISIT:
        return [*fell_due(state, state.book.visits[watch.key], at, ids)]
    return _of_task(state.registry, state.book.tasks[watch.key], at, ids)


def _of_task(registry: Registry, task: Task, at: Instant, ids: Ids) -> list[alarm_facts.AnyFact]:
    if not task.live:
        return [facts.TaskArchived(task=task.id)]
    if task.duty is not None and task.phase is TaskPhase.OVERDUE and at >= task.duty.to_at + DAY:
        return [facts.TaskCancelled(task=task.id, reason=because(ReasonCode.DUTY_PASSED))]
    draft = TaskDraft(task, at)
    if task.phase is TaskPhase.OVERDUE:
        _tell_late(registry, draft)
    elif at >= task.end:
        return _overdue(registry, draft, ids)
    else:
        _offer(registry, draft)
    return [*draft.decided]


def _offer(registry: Registry, draft: TaskDraft) -> None:
    """The first offer, the one that the night has held, or the next step."""
    task = draft.task
    if task.waiting:
        why = because(ReasonCode.TASK_NOBODY_YET, step=task.step + 1)
        next_in_turn(registry, draft, why)
    elif task.calling:
        why = because(ReasonCode.TASK_NOBODY_YET, step=task.step + 1)
        offer(registry, draft, task.step + 1, why)
    else:
        policy = registry.versions.get(task.policy)
        named = "none" if policy is None else policy.id
        offer(registry, draft, task.step, because(ReasonCode.TASK_OFFERED, policy=named))


def _overdue(registry: Registry, draft: TaskDraft, ids: Ids) -> list[alarm_facts.AnyFact]:
    """The window has ended: whoever has it and the leads are told, in the morning if it rings
    nobody now; and it becomes an alarm where configuration says so."""
    task, why = draft.task, because(ReasonCode.TASK_WINDOW_ENDED)
    until = quiet_until(registry, task, draft.at) if task.rings else None
    born = [] if task.overdue is None else _alarm(registry, task, task.overdue, draft.at, ids)
    people = dict.fromkeys((*task.owners, *leads(registry, task)), why)
    draft.add(
        facts.TaskOverdue(
            task=task.id,
            pages=pages(registry, task, people) if until is None else (),
            due_at=until or _gone_at(task),
            alarm=born[0].alarm if born and isinstance(born[0], alarm_facts.AlarmRaised) else None,
            reason=why,
        )
    )
    return [*draft.decided, *born]


def _tell_late(registry: Registry, draft: TaskDraft) -> None:
    """Overdue, and the night that kept the page back is over (or a step of a new offer is)."""
    task, why = draft.task, because(ReasonCode.TASK_WINDOW_ENDED)
    people = dict.fromkeys((*task.owners, *leads(registry, task)), why)
    called = pages(registry, task, people)
    draft.add(facts.TaskPaged(task=task.id, pages=called, due_at=_gone_at(task), reason=why))


def _gone_at(task: Task) -> Instant | None:
    """An overdue task waits for somebody, whatever that takes; a duty is not to be had any more a
    day after it would have ended."""
    return None if task.duty is None else task.duty.to_at + DAY


def _alarm(
    registry: Registry, task: Task, severity: Severity, at: Instant, ids: Ids
) -> list[alarm_facts.AnyFact]:
    event = derive_id("overdue", task.id)
    birth = alarm_facts.AlarmRaised(
        alarm=ids(event),
        event=event,
        kind=Kind.TASK_OVERDUE,
        category=Category.TASK,
        severity=severity,
        subject=f"task:{task.id}",
        resident=task.resident,
        unit=task.unit,
        policy=policy_for(registry, Category.TASK, task.resident, task.unit, at),
        received_at=at,
        reason=because(ReasonCode.TASK_WINDOW_ENDED),
    )
    draft = Draft(raised(birth, at), at)
    policy = registry.versions.get(birth.policy)
    named = "none" if policy is None else policy.id
    start(registry, draft, 1, 0, because(ReasonCode.CHAIN_STARTED, policy=named))
    return [birth, *draft.decided]
