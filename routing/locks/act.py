"""Who may have a door opened or locked, and what the wish becomes."""

from collections.abc import Mapping
from typing import Any

from routing.alarm import Alarm
from routing.event import derive_id
from routing.inputs import Command
from routing.instant import SECOND, Instant
from routing.lifecycle import Action
from routing.locks.facts import LockAsked, TaskLockAsked
from routing.locks.plans import LockCare
from routing.municipality import Device
from routing.reasons import Reason, ReasonCode, because
from routing.state import Registry, State
from routing.tasks.command import TaskCommand
from routing.tasks.life import TaskAction, TaskKind
from routing.tasks.value import Task
from routing.to_device import DeviceAction

DOORS: Mapping[Action | TaskAction, DeviceAction] = {
    Action.UNLOCK: DeviceAction.UNLOCK,
    Action.LOCK: DeviceAction.LOCK,
    TaskAction.UNLOCK: DeviceAction.UNLOCK,
    TaskAction.LOCK: DeviceAction.LOCK,
}
AT_HOME = frozenset(
    {
        TaskKind.VISIT,
        TaskKind.CHANGE_BATTERY,
        TaskKind.REFILL,
        TaskKind.GIVE_DOSE,
        TaskKind.CHECK_DEVICE,
    }
)
"""Tasks for which somebody goes to the resident."""


def care(registry: Registry) -> LockCare:
    """Return the municipality's way with locks."""
    return LockCare() if registry.municipality is None else registry.municipality.locks


def locks_of(state: State, resident: str | None) -> list[Device]:
    """Return the home's locks that can be told something, in the order in which they first spoke.

    A lock of exercise opens no real door and belongs to no home.
    """
    registry = state.registry
    subjects = (*state.locks.heard, *state.locks.strangers)
    known = (registry.devices.get(registry.device_of.get(subject, "")) for subject in subjects)
    found = (d for d in known if d is not None and not d.exercise and d.resident is not None)
    return [device for device in found if device.resident == resident]


def not_for_alarm(state: State, alarm: Alarm, command: Command, at: Instant) -> Reason | None:
    """Return why the door is not opened (or locked) for the alarm; None where it is."""
    if command.person not in (alarm.owner, *alarm.helpers):
        return because(ReasonCode.NOT_OWNER)
    return _refusal(state, alarm.of_whom, command, at)


def not_for_task(state: State, task: Task, command: TaskCommand, at: Instant) -> Reason | None:
    """Return why the door is not opened (or locked) for the visit; None where it is.

    A visit that the person has made by hand for themselves opens no door: otherwise anybody could
    open any.
    """
    if task.kind not in AT_HOME or task.maker == command.person:
        return because(ReasonCode.LOCK_NOT_FOR_THIS)
    near = care(state.registry)
    first, last = task.start - near.before_s * SECOND, task.end + near.after_s * SECOND
    if not first <= at <= last:
        return because(ReasonCode.LOCK_NOT_NOW)
    return _refusal(state, task.resident, command, at)


def _refusal(
    state: State, resident: str | None, command: Command | TaskCommand, at: Instant
) -> Reason | None:
    home, locks = state.registry.residents.get(resident or ""), locks_of(state, resident)
    if home is None or not locks:
        return because(ReasonCode.NO_LOCK)
    if "lock" in home.objects:
        return because(ReasonCode.LOCK_OBJECTED)
    if command.device is None and len(locks) > 1:
        return because(ReasonCode.LOCK_NOT_NAMED)
    lock = _meant(locks, command.device)
    if lock is None:
        return because(ReasonCode.NO_LOCK)
    if lock.id in state.locks.busy:
        other = state.locks.runs[state.locks.busy[lock.id]]
        return because(ReasonCode.LOCK_BUSY, person=other.person)
    late = at - command.made_at > care(state.registry).wait_s * SECOND
    return because(ReasonCode.COMMAND_EXPIRED) if late else None


def _meant(locks: list[Device], device: str | None) -> Device | None:
    return next((lock for lock in locks if device in {None, lock.id}), None)


def asked_for_alarm(state: State, alarm: Alarm, command: Command, at: Instant) -> LockAsked:
    """Return the command to the lock of a home whose alarm the person has."""
    why = because(ReasonCode.LOCK_FOR_ALARM, kind=alarm.kind)
    said = _said(state, alarm.of_whom, alarm.id, command, at)
    return LockAsked(alarm=alarm.id, reason=why, **said)


def asked_for_task(state: State, task: Task, command: TaskCommand, at: Instant) -> TaskLockAsked:
    """Return the command to the lock of a home whose visit the person has."""
    why = because(ReasonCode.LOCK_FOR_VISIT)
    said = _said(state, task.resident, task.id, command, at)
    return TaskLockAsked(task=task.id, reason=why, **said)


def _said(
    state: State, resident: str | None, about: str, command: Command | TaskCommand, at: Instant
) -> dict[str, Any]:
    lock = _meant(locks_of(state, resident), command.device)
    if lock is None:
        raise ValueError(f"{about}: a command to a lock that is not there was not refused")
    wait = care(state.registry).wait_s * SECOND
    return {
        "command": derive_id("lock", about, command.id),
        "person": command.person,
        "resident": resident or "",
        "device": lock.id,
        "subject": lock.subject,
        "adapter": state.locks.way_to(lock.subject) or "",
        "action": DOORS[command.action],
        "expires_at": at + wait // 2,
        "due_at": at + wait,
    }
