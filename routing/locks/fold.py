"""What facts change in the book of locks. Called by `routing.evolve` only."""

from functools import singledispatch

from msgspec.structs import replace

from routing import facts
from routing.instant import Instant
from routing.locks.book import KINDS, LockRun
from routing.locks.facts import LockAsked, LockEnded, TaskLockAsked, TaskLockEnded
from routing.state import State
from routing.tasks.facts import TaskArchived
from routing.watch import WatchKind


@singledispatch
def fold_locks(fact: facts.Fact, state: State, at: Instant) -> None:
    """Most facts have nothing to do with locks."""


@fold_locks.register
def _(fact: facts.EventRecorded, state: State, at: Instant) -> None:
    if fact.told and fact.kind in KINDS:
        known = fact.subject in state.registry.device_of
        state.locks.hear(fact.subject, fact.adapter, registered=known)


@fold_locks.register
def _(fact: LockAsked | TaskLockAsked, state: State, at: Instant) -> None:
    task = isinstance(fact, TaskLockAsked)
    run = LockRun(
        command=fact.command,
        about=fact.task if isinstance(fact, TaskLockAsked) else fact.alarm,
        task=task,
        person=fact.person,
        resident=fact.resident,
        device=fact.device,
        subject=fact.subject,
        adapter=fact.adapter,
        action=fact.action,
        asked_at=at,
        expires_at=fact.expires_at,
        due_at=fact.due_at,
    )
    state.locks.put(run)
    state.watches.put(WatchKind.LOCK, fact.command, fact.due_at)


@fold_locks.register
def _(fact: LockEnded | TaskLockEnded, state: State, at: Instant) -> None:
    state.locks.put(replace(state.locks.runs[fact.command], outcome=fact.outcome))
    state.watches.end(WatchKind.LOCK, fact.command)


@fold_locks.register
def _(fact: facts.AlarmArchived, state: State, at: Instant) -> None:
    _forget(state, fact.alarm)


@fold_locks.register
def _(fact: TaskArchived, state: State, at: Instant) -> None:
    _forget(state, fact.task)


def _forget(state: State, about: str) -> None:
    for command in state.locks.forget(about):
        state.watches.end(WatchKind.LOCK, command)
