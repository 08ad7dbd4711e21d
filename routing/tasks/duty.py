"""Duties that are offered: a gap of the roster is a task, and the first yes is an override.

It is asked by the steps of a policy like every task. Whoever says yes is on duty at once, by a
fact of the roster; whoever else was asked, and the leads, are told that it is taken. That nobody
says yes is told to the leads, as of every task, and again when the gap begins.
"""

from collections.abc import Iterator, Sequence

from routing import facts as alarm_facts
from routing.chain import policy_for
from routing.duty import OpenDuty, Override
from routing.event import derive_id
from routing.instant import Instant
from routing.kinds import Category, Severity
from routing.local import local_text
from routing.pool import hindrance, lacking
from routing.reasons import Reason, ReasonCode, because
from routing.registry_fold import configured
from routing.roster import where
from routing.state import Registry, State
from routing.tasks import facts
from routing.tasks.life import TaskAction, TaskKind, TaskOutcome, TaskPhase
from routing.tasks.offer import TaskDraft, care, leads, page, pages, quiet_until
from routing.tasks.value import LIVE_PAGE, Task

Change = alarm_facts.ConfigurationSet | alarm_facts.ConfigurationRemoved


def cannot_offer(state: State, duty: OpenDuty, at: Instant) -> Reason | None:
    """Return why a time cannot be offered now; None when it can."""
    if duty.need not in state.registry.needs:
        return because(ReasonCode.DUTY_UNKNOWN)
    if duty.to_at <= at:
        return because(ReasonCode.DUTY_PASSED)
    if lacking(state.registry, duty, at) == 0:
        return because(ReasonCode.DUTY_COVERED)
    if any(task.live for task in offers_of(state, duty)):
        return because(ReasonCode.DUTY_OFFERED_ALREADY)
    return None


def offers_of(state: State, duty: OpenDuty) -> Iterator[Task]:
    """Yield the offers for the same need in that time, those that are over too."""
    for task in state.book.tasks.values():
        known = task.duty
        if known is None or known.need != duty.need:
            continue
        if known.from_at < duty.to_at and known.to_at > duty.from_at:
            yield task


def made(
    registry: Registry,
    duty: OpenDuty,
    *,
    at: Instant,
    task: str,
    severity: Severity,
    reason: Reason,
    maker: str | None = None,
) -> facts.TaskMade:
    """Return the offer; its window ends when the gap begins, or with a gap that has begun."""
    team = registry.teams.get(duty.team)
    unit = None if team is None else team.unit
    named = registry.current.get(care(registry).offers.policy or "")
    need = registry.needs[duty.need]
    return facts.TaskMade(
        task=task,
        kind=TaskKind.DUTY,
        unit=unit,
        maker=maker,
        policy=named or policy_for(registry, Category.TASK, None, unit, at),
        severity=severity,
        people=lacking(registry, duty, at),
        competence=need.competence,
        start=at,
        end=duty.from_at if duty.from_at > at else duty.to_at,
        offer_at=at,
        reason=reason,
        duty=duty,
    )


def refusal(
    registry: Registry, task: Task, person: str, action: TaskAction, at: Instant
) -> Reason | None:
    """Return why the person's word about an offered duty comes too late or does not count."""
    if task.duty is None or action in {TaskAction.REFUSE, TaskAction.CANCEL}:
        return None
    if action is not TaskAction.ACCEPT:
        return because(ReasonCode.DUTY_BY_ROSTER)
    return _late(registry, task, person, at) or hindrance(
        registry, person, task.duty, care(registry).offers.rest_s
    )


def _late(registry: Registry, task: Task, person: str, at: Instant) -> Reason | None:
    if person in task.owners:
        return because(ReasonCode.TASK_YOURS_ALREADY)
    if task.phase is TaskPhase.DONE:
        return because(ReasonCode.DUTY_TAKEN, person=task.owners[-1])
    if task.duty is None or at >= task.duty.to_at:
        return because(ReasonCode.DUTY_PASSED)
    return because(ReasonCode.DUTY_COVERED) if lacking(registry, task.duty, at) == 0 else None


def taken(state: State, draft: TaskDraft, duty: OpenDuty, person: str) -> list[alarm_facts.AnyFact]:
    """Return what a yes brings: the duty in the roster, the end of the offer when that was the last
    one needed, and the word to those who were asked."""
    registry, task = state.registry, draft.task
    item = _override(registry, task.id, duty, person, draft.at)
    added = alarm_facts.ConfigurationSet(item=item, author=person)
    enough = lacking(configured(registry, (added,)), duty, draft.at) == 0
    draft.add(facts.TaskAccepted(task=task.id, person=person, enough=enough))
    if enough:
        draft.add(facts.TaskDone(task=task.id, person=person, outcome=TaskOutcome.DONE))
        _tell_taken(registry, draft, person)
    return [*draft.decided, added, *covered(state, (added,), draft.at, besides=task.id)]


def _override(registry: Registry, task: str, duty: OpenDuty, person: str, at: Instant) -> Override:
    here = where(registry)
    return Override(
        id=f"offer-{derive_id(task, person)[:16]}",
        team=duty.team,
        people=(person,),
        from_local=local_text(here, max(duty.from_at, at)),
        to_local=local_text(here, duty.to_at),
        mode="extra",
        offer=task,
    )


def _tell_taken(registry: Registry, draft: TaskDraft, person: str) -> None:
    """A word, not a ring: in a quiet night it stands on the page only."""
    task, why = draft.task, because(ReasonCode.DUTY_TAKEN, person=person)
    asked = [p for p in task.asked if p not in task.refused and p not in task.owners]
    others = dict.fromkeys((*asked, *leads(registry, task)), why)
    told = pages(registry, task, others)
    if quiet_until(registry, task, draft.at) is not None:
        told = tuple(page(task, p, LIVE_PAGE, why) for p in others)
    if told:
        draft.add(facts.TaskPaged(task=task.id, pages=told, due_at=task.due_at, reason=why))


def covered(
    state: State, changes: Sequence[Change], at: Instant, besides: str = ""
) -> Iterator[facts.TaskCancelled]:
    """Yield the end of each offer whose gap the changes have covered."""
    live = [t for t in state.book.tasks.values() if t.live and t.duty is not None]
    after = configured(state.registry, changes) if live else state.registry
    for task in live:
        if task.id != besides and task.duty and lacking(after, task.duty, at) == 0:
            why = because(ReasonCode.DUTY_COVERED)
            yield facts.TaskCancelled(task=task.id, reason=why)
