"""The hooks of `routing.decide`: what follows for tasks from whatever has been decided."""

from collections.abc import Iterator, Sequence

from routing import facts, facts_correlate
from routing.instant import Instant
from routing.municipality import Municipality, Person, Resident
from routing.reasons import ReasonCode, because
from routing.registry_fold import configured
from routing.state import Registry, State
from routing.targets import can_handle
from routing.tasks import facts as own
from routing.tasks import planned
from routing.tasks.act import give_back
from routing.tasks.book import cause_of
from routing.tasks.duty import covered
from routing.tasks.make import Ids, from_fact
from routing.tasks.offer import TaskDraft

Change = facts.ConfigurationSet | facts.ConfigurationRemoved
_SOURCES = (facts.EventRecorded, facts_correlate.VisitAsked, facts_correlate.LookDue)
_ROSTER = frozenset({"shift", "rotation", "override", "swap", "absence", "need"})
_TOUCHING = frozenset({"municipality", "person", "resident"})


def follow(
    state: State, decided: list[facts.AnyFact], at: Instant, ids: Ids
) -> list[facts.AnyFact]:
    """Return what was decided, and the tasks that it brings or ends."""
    sources = [fact for fact in decided if isinstance(fact, _SOURCES)]
    if not sources:
        return decided
    known: set[object] = set()
    more: list[facts.AnyFact] = []
    for task in (task for fact in sources for task in from_fact(state, fact, at, ids)):
        key = cause_of(task) if isinstance(task, own.TaskMade) else None
        if task.task not in known and (key is None or key not in known):
            known |= {task.task} if key is None else {task.task, key}
            more.append(task)
    return decided + more


def follow_configuration(
    state: State, changes: Sequence[Change], at: Instant
) -> Iterator[facts.AnyFact]:
    """Yield what a change of configuration means for tasks: plans come and go, owners leave."""
    if any(_of_roster(change) for change in changes):
        yield from covered(state, changes, at)
    if not any(_touches(change) for change in changes):
        return
    after = configured(state.registry, changes)
    yield from planned.configured(state, after, at)
    for task in state.book.tasks.values():
        if task.live:
            draft = TaskDraft(task, at)
            _after_leaving(after, draft)
            yield from draft.decided


def _touches(change: Change) -> bool:
    if isinstance(change, facts.ConfigurationRemoved):
        return change.section in _TOUCHING
    return isinstance(change.item, Municipality | Person | Resident)


def _of_roster(change: Change) -> bool:
    if isinstance(change, facts.ConfigurationRemoved):
        return change.section in _ROSTER
    return str(change.item.__struct_config__.tag) in _ROSTER


def _after_leaving(after: Registry, draft: TaskDraft) -> None:
    task = draft.task
    if task.resident is not None and task.resident not in after.residents:
        why = because(ReasonCode.RESIDENT_LEFT)
        draft.add(own.TaskCancelled(task=task.id, reason=why))
        return
    for person in task.owners:
        if not can_handle(after, person):
            why = because(ReasonCode.TASK_PERSON_LEFT, person=person)
            give_back(after, draft, person, why)
