"""The fold: the only code that writes to state. Replay calls nothing else."""

from collections.abc import Callable
from functools import singledispatch
from heapq import heappop, heappush
from typing import Any, Protocol

from routing import facts
from routing.alarm import Alarm, apply, raised
from routing.by_class import ByClass, registered
from routing.correlate.remember import remember
from routing.facts_correlate import AlarmSettled
from routing.instant import HOUR, Instant
from routing.lifecycle import SOOTHED
from routing.locks.fold import fold_locks
from routing.owed import index_owed
from routing.proofs.fold import fold_proofs
from routing.registry_fold import configure
from routing.state import State
from routing.tasks.fold import fold_tasks, folds_tasks
from routing.trouble import trouble
from routing.unseen import watch_calls

EVENTS_REMEMBERED: Instant = HOUR
"""Longer than the longest dedupe window in the quality ledger (SCAIP: 30 min)."""
COMMANDS_REMEMBERED: Instant = HOUR
"""Longer than a phone retries a command."""


class Recorded(Protocol):
    """A fact in its place in the journal."""

    @property
    def seq(self) -> int: ...
    @property
    def recorded_at(self) -> Instant: ...
    @property
    def fact(self) -> facts.AnyFact: ...


def evolve(state: State, record: Recorded) -> State:
    """Fold one record into the state and return it."""
    state.seq = record.seq
    state.recorded_at = record.recorded_at
    fact, at = record.fact, record.recorded_at
    for fold in _FOLDS[type(fact)]:
        fold(fact, state, at)
    _drop_dead_deadlines(state)
    return state


def _drop_dead_deadlines(state: State) -> None:
    """Keep the top of the heap true, so that reading the next deadline writes nothing."""
    due = state.due
    while due:
        due_at, alarm_id = due[0]
        alarm = state.alarms.get(alarm_id)
        if alarm is not None and alarm.next_at == due_at:
            return
        heappop(due)


@singledispatch
def _fold(fact: facts.Fact, state: State, at: Instant) -> None:
    """Facts that only tell history change nothing."""


def _folds(kind: type) -> tuple[Callable[[Any, State, Instant], None], ...]:
    """Return who folds facts of the class: what is remembered comes first."""
    tasks = fold_tasks if folds_tasks(kind) else None
    locks = registered(fold_locks, kind)
    proofs = registered(fold_proofs, kind)
    every = (registered(remember, kind), tasks, locks, proofs, registered(_fold, kind))
    return tuple(fold for fold in every if fold is not None)


_FOLDS = ByClass(_folds)


@_fold.register
def _(fact: facts.EventRecorded, state: State, at: Instant) -> None:
    state.events.add(fact.event)
    state.event_times.append((at, fact.event))
    while state.event_times[0][0] + EVENTS_REMEMBERED < at:
        state.events.discard(state.event_times.popleft()[1])


@_fold.register
def _(fact: facts.CommandEnded, state: State, at: Instant) -> None:
    state.commands[fact.command] = fact
    state.command_times.append((at, fact.command))
    while state.command_times[0][0] + COMMANDS_REMEMBERED < at:
        del state.commands[state.command_times.popleft()[1]]


@_fold.register
def _(fact: facts.AlarmRaised, state: State, at: Instant) -> None:
    put_alarm(state, None, raised(fact, at))


@_fold.register
def _(fact: facts.AlarmFact, state: State, at: Instant) -> None:
    old = state.alarms[fact.alarm]
    put_alarm(state, old, apply(fact, old, at))


@_fold.register
def _(fact: facts.AlarmClosed | AlarmSettled, state: State, at: Instant) -> None:
    old = state.alarms[fact.alarm]
    put_alarm(state, old, apply(fact, old, at))
    key = _trouble_of(old)
    if state.open_by_trouble.get(key) == old.id:
        del state.open_by_trouble[key]
    state.closed.append((at, old.id))
    soothe(state, state.alarms[old.id])


@_fold.register
def _(fact: facts.AlarmReopened, state: State, at: Instant) -> None:
    old = state.alarms[fact.alarm]
    put_alarm(state, old, apply(fact, old, at))
    if old.closed_at is not None:
        state.closed.remove((old.closed_at, old.id))
        state.open_by_trouble[_trouble_of(old)] = old.id
        _unsoothe(state, old)


def soothe(state: State, closed: Alarm) -> None:
    """Remember an alarm that was closed as no need or talk: the next ones are looked at."""
    if closed.outcome in SOOTHED:
        key = _trouble_of(closed)
        state.soothed[key] = (*state.soothed.get(key, ()), (closed.raised_at, closed.id))


def _unsoothe(state: State, alarm: Alarm) -> None:
    key = _trouble_of(alarm)
    left = tuple(one for one in state.soothed.get(key, ()) if one[1] != alarm.id)
    if left:
        state.soothed[key] = left
    else:
        state.soothed.pop(key, None)


@_fold.register
def _(fact: facts.AlarmArchived, state: State, at: Instant) -> None:
    _unsoothe(state, state.alarms.pop(fact.alarm))
    state.closed.popleft()


def _trouble_of(alarm: Alarm) -> tuple[str, str]:
    return trouble(alarm.kind, alarm.resident, alarm.subject)


def put_alarm(state: State, old: Alarm | None, new: Alarm) -> None:
    """Put an alarm's new value in place and bring the indexes along."""
    state.alarms[new.id] = new
    if old is None:
        state.open_by_trouble[_trouble_of(new)] = new.id
    due_at = new.next_at
    if due_at is not None and (old is None or due_at != old.next_at):
        heappush(state.due, (due_at, new.id))
    index_owed(state, old, new)
    watch_calls(state, old, new)


@_fold.register
def _(fact: facts.ConfigurationSet, state: State, at: Instant) -> None:
    configure(state.registry, fact)


@_fold.register
def _(fact: facts.ConfigurationRemoved, state: State, at: Instant) -> None:
    configure(state.registry, fact)
