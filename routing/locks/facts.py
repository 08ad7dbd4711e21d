"""Facts about commands to locks, each on the alarm or the task that the command belongs to."""

from enum import StrEnum

from routing.fact_base import AlarmFact
from routing.instant import Instant
from routing.reasons import Reason
from routing.tasks.facts import TaskFact
from routing.to_device import DeviceAction


class LockOutcome(StrEnum):
    """What became of a command to a lock."""

    OK = "ok"
    FAILED = "failed"
    UNKNOWN = "unknown"
    """The lock has said nothing in time; what it says later is told as well."""


class LockAsked(AlarmFact, kw_only=True, frozen=True, tag="lock.asked"):
    """A lock is to open or to lock the door, for somebody who has the alarm."""

    command: str
    """The id under which the lock's adapter hears of it, and answers."""
    person: str
    resident: str
    device: str
    subject: str
    adapter: str
    """The listener that tells the lock."""
    action: DeviceAction
    expires_at: Instant
    """Not to be begun at or after this."""
    due_at: Instant
    """Until when the lock's answer is waited for."""
    reason: Reason


class LockEnded(AlarmFact, kw_only=True, frozen=True, tag="lock.ended"):
    """What the lock said, or that it said nothing. A late answer corrects `unknown`."""

    command: str
    person: str
    resident: str
    device: str
    action: DeviceAction
    outcome: LockOutcome
    reason: Reason


class TaskLockAsked(TaskFact, kw_only=True, frozen=True, tag="task.lock_asked"):
    """As `LockAsked`, for somebody who has the visit."""

    command: str
    person: str
    resident: str
    device: str
    subject: str
    adapter: str
    action: DeviceAction
    expires_at: Instant
    due_at: Instant
    reason: Reason


class TaskLockEnded(TaskFact, kw_only=True, frozen=True, tag="task.lock_ended"):
    """As `LockEnded`, of a visit."""

    command: str
    person: str
    resident: str
    device: str
    action: DeviceAction
    outcome: LockOutcome
    reason: Reason


AnyLockFact = LockAsked | LockEnded | TaskLockAsked | TaskLockEnded
