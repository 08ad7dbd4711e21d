"""Planned visits, again and again: one fact says when the next one is made."""

from collections.abc import Iterator
from datetime import timedelta

from routing.chain import policy_for
from routing.instant import SECOND, Instant
from routing.kinds import Category
from routing.local import at_minute, local_day
from routing.municipality import Resident
from routing.reasons import ReasonCode, because
from routing.roster import where
from routing.state import Registry, State
from routing.tasks import facts as own
from routing.tasks.book import Visit, key_of
from routing.tasks.life import TaskKind
from routing.tasks.make import Ids, task_id
from routing.tasks.plans import VisitPlan

PlanFact = own.VisitWaits | own.VisitEnded


def configured(state: State, after: Registry, at: Instant) -> Iterator[PlanFact]:
    """Yield what changes because plans have come, changed or gone; `after` is the registry as it
    will be."""
    wanted = {
        key_of(home.id, plan.id): (home, plan)
        for home in after.residents.values()
        for plan in home.visits
    }
    for key, known in state.book.visits.items():
        if key not in wanted:
            yield own.VisitEnded(resident=known.resident, plan=known.plan)
    for key, (home, plan) in wanted.items():
        waits = following(after, home, plan, at)
        known_visit = state.book.visits.get(key)
        if waits is None:
            if known_visit is not None:
                yield own.VisitEnded(resident=home.id, plan=plan.id)
        elif known_visit is None or not _stands(after, plan, known_visit):
            yield waits


def _stands(registry: Registry, plan: VisitPlan, known: Visit) -> bool:
    """Whether what waits is what the plan says, so that applying a file again moves nothing."""
    here = where(registry)
    day = local_day(here, known.start)
    on_its_day = known.start == at_minute(here, day, plan.minute)
    ahead = known.start - known.due_at == plan.ahead_s * SECOND
    return on_its_day and ahead and day.weekday() in plan.weekdays


def following(
    registry: Registry, home: Resident, plan: VisitPlan, after: Instant
) -> own.VisitWaits | None:
    """Return the plan's first visit that starts after the instant; None when it has no days."""
    here = where(registry)
    today = local_day(here, after)
    for number in range(9):
        day = today + timedelta(days=number)
        start = at_minute(here, day, plan.minute)
        if day.weekday() in plan.weekdays and start > after:
            due_at = start - plan.ahead_s * SECOND
            return own.VisitWaits(resident=home.id, plan=plan.id, start=start, due_at=due_at)
    return None


def fell_due(
    state: State, visit: Visit, at: Instant, ids: Ids
) -> Iterator[own.TaskMade | PlanFact]:
    """Yield the visit's task, and when the next one is made.

    After downtime every visit that has been missed becomes a task, which is overdue at once where
    its window has ended: what was planned and not done is told to somebody.
    """
    home = state.registry.residents.get(visit.resident)
    plan = next((p for p in home.visits if p.id == visit.plan), None) if home else None
    if home is None or plan is None:
        yield own.VisitEnded(resident=visit.resident, plan=visit.plan)
        return
    task = task_id(ids, home.id, plan.id, visit.start)
    away = home.pause is not None and home.pause.until > visit.start
    if not away and task not in state.book.tasks:
        yield _made(state.registry, home, plan, visit, at=at, task=task)
    again = following(state.registry, home, plan, visit.start)
    yield again or own.VisitEnded(resident=home.id, plan=plan.id)


def _made(
    registry: Registry, home: Resident, plan: VisitPlan, visit: Visit, *, at: Instant, task: str
) -> own.TaskMade:
    return own.TaskMade(
        task=task,
        kind=TaskKind.VISIT,
        resident=home.id,
        unit=home.unit,
        policy=policy_for(registry, Category.TASK, home.id, home.unit, at),
        severity=plan.severity,
        people=plan.people,
        competence=plan.competence,
        overdue=plan.overdue,
        start=visit.start,
        end=visit.start + plan.within_s * SECOND,
        offer_at=max(at, visit.start),
        reason=because(ReasonCode.TASK_BY_PLAN, plan=plan.id),
    )
