"""The fold: the only code that writes to state. Replay calls nothing else."""

from collections.abc import Sequence
from copy import copy
from dataclasses import fields
from functools import singledispatch
from heapq import heappop, heappush
from typing import Protocol

from routing import facts
from routing.alarm import Alarm, apply, raised
from routing.correlate.remember import remember
from routing.facts_correlate import AlarmSettled
from routing.instant import HOUR, Instant
from routing.lifecycle import SOOTHED
from routing.municipality import (
    AnyItem,
    Device,
    Municipality,
    Person,
    Policy,
    Resident,
    Role,
    Shift,
    Team,
)
from routing.owed import index_owed
from routing.state import Registry, State
from routing.tasks.fold import fold_tasks
from routing.trouble import trouble
from routing.version import version_of

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
    remember(record.fact, state, record.recorded_at)
    fold_tasks(record.fact, state, record.recorded_at)
    _fold(record.fact, state, record.recorded_at)
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


# -- configuration ---------------------------------------------------------------------------------


@_fold.register
def _(fact: facts.ConfigurationSet, state: State, at: Instant) -> None:
    configure(state.registry, fact)


@_fold.register
def _(fact: facts.ConfigurationRemoved, state: State, at: Instant) -> None:
    configure(state.registry, fact)


def configure(
    registry: Registry, change: facts.ConfigurationSet | facts.ConfigurationRemoved
) -> None:
    """Fold one change into the registry."""
    match change:
        case facts.ConfigurationSet(item=item, private=private):
            put_item(registry, item)
            _put_private(registry, str(item.__struct_config__.tag), item.id, private)
        case facts.ConfigurationRemoved(section=section, id=id):
            _remove(registry, section, id)
            _put_private(registry, section, id, None)


def configured(
    registry: Registry, changes: Sequence[facts.ConfigurationSet | facts.ConfigurationRemoved]
) -> Registry:
    """Return what the registry will be after the changes; the registry itself stays as it is."""
    after = Registry(**{one.name: copy(getattr(registry, one.name)) for one in fields(registry)})
    for change in changes:
        configure(after, change)
    return after


def _put_private(registry: Registry, section: str, id: str, digest: str | None) -> None:
    if digest is None:
        registry.private.pop((section, id), None)
    else:
        registry.private[section, id] = digest


def _remove(registry: Registry, section: str, id: str) -> None:
    if section == "municipality":
        registry.municipality = None
    else:
        registry.items(section).pop(id, None)
    registry.duty = {}
    if section == "policy":
        registry.current.pop(id, None)
    _index_devices(registry)
    _index_people(registry)


def put_item(registry: Registry, item: AnyItem) -> None:
    """Put a configuration item in place and bring the indexes along."""
    match item:
        case Municipality():
            registry.municipality = item
        case Device():
            _put_device(registry, item)
        case Policy():
            put_policy(registry, item)
        case _:
            registry.items(str(item.__struct_config__.tag))[item.id] = item
    if not isinstance(item, Device | Resident | Policy):
        registry.duty = {}
    if isinstance(item, Team | Person | Shift):
        _index_people(registry)


def _put_device(registry: Registry, device: Device) -> None:
    """There are many devices, so that a new one only adds itself to the index."""
    old = registry.devices.get(device.id)
    registry.devices[device.id] = device
    if old is None:
        registry.device_of[device.subject] = device.id
    elif old.subject != device.subject:
        _index_devices(registry)


def put_policy(registry: Registry, policy: Policy) -> None:
    """Make this the policy's present version; earlier ones stay for the alarms that name them."""
    version = version_of(policy)
    registry.policies[policy.id] = policy
    registry.versions[version] = policy
    registry.current[policy.id] = version


def _index_devices(registry: Registry) -> None:
    registry.device_of = {d.subject: d.id for d in registry.devices.values()}


def _index_people(registry: Registry) -> None:
    people = registry.people.values()
    registry.members = {
        team: tuple(p.id for p in people if team in p.teams) for team in registry.teams
    }
    registry.shifts_of = {
        team: tuple(s for s in registry.shifts.values() if s.team == team)
        for team in registry.teams
    }
    registry.leads = tuple(p.id for p in people if Role.LEAD in p.roles)
