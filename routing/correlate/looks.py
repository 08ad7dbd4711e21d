"""Planned digital supervision: looks that fall due at local times of day. Who does them, and what
becomes of one that nobody does, is the business of tasks."""

from collections.abc import Iterator

from routing import facts
from routing import facts_correlate as own
from routing.concerned import paused_until
from routing.correlate.daily import next_daily
from routing.correlate.memory import pair
from routing.instant import SECOND, Instant
from routing.municipality import Resident
from routing.plans import LookPlan
from routing.roster import where
from routing.state import Registry, State
from routing.watch import Watch, WatchKind


def planned(registry: Registry, resident: Resident, at: Instant) -> Iterator[own.WatchSet]:
    """Yield the waits for the next look of each plan of the resident."""
    for plan in resident.looks:
        yield _next(registry, resident.id, plan, at)


def _next(registry: Registry, resident: str, plan: LookPlan, after: Instant) -> own.WatchSet:
    due_at = next_daily(where(registry), plan.minute, plan.weekdays, after)
    key = pair(resident, str(plan.minute))
    return own.WatchSet(kind=WatchKind.LOOK_DUE, key=key, due_at=due_at)


def due(state: State, watch: Watch, at: Instant) -> Iterator[facts.AnyFact]:
    """Yield the look that is due, unless the resident is away, and the wait for the next."""
    name, _, minute = watch.key.partition("|")
    home = state.registry.residents.get(name)
    plans = [plan for plan in home.looks if str(plan.minute) == minute] if home else []
    for plan in plans[:1]:
        yield _next(state.registry, name, plan, at)
        if paused_until(state.registry, name, at) is None:
            until = at + plan.within_s * SECOND
            yield own.LookDue(resident=name, due_at=watch.due_at, until=until)
