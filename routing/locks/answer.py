"""What a lock says to a command, and what its silence means."""

from collections.abc import Mapping

from routing.facts import EventRecorded
from routing.kinds import Kind
from routing.locks.act import care
from routing.locks.book import LockRun
from routing.locks.facts import LockEnded, LockOutcome, TaskLockEnded
from routing.reasons import Reason, ReasonCode, because
from routing.state import State
from routing.to_device import DeviceAction

_DONE: Mapping[DeviceAction, Kind] = {
    DeviceAction.UNLOCK: Kind.LOCK_UNLOCKED,
    DeviceAction.LOCK: Kind.LOCK_LOCKED,
}
Ended = LockEnded | TaskLockEnded


def answered(state: State, event: EventRecorded) -> tuple[Ended, ...] | None:
    """Return the end that the event is to a command; empty when that has ended already, None when
    the event answers no command that we know."""
    run = state.locks.runs.get(event.answers or "")
    if run is None or (run.subject, run.adapter) != (event.subject, event.adapter):
        return None
    if run.outcome not in {None, LockOutcome.UNKNOWN}:
        return ()
    if event.kind is _DONE[run.action]:
        late = run.outcome is LockOutcome.UNKNOWN
        code = ReasonCode.LOCK_ANSWERED_LATE if late else ReasonCode.LOCK_ANSWERED
        return (_ended(run, LockOutcome.OK, because(code)),)
    why = because(ReasonCode.LOCK_SAYS_FAILED, says=event.code or event.kind)
    return (_ended(run, LockOutcome.FAILED, why),)


def silent(state: State, command: str) -> Ended:
    """Return the end of a command to which the lock has said nothing in time."""
    why = because(ReasonCode.LOCK_NO_ANSWER, wait_s=care(state.registry).wait_s)
    return _ended(state.locks.runs[command], LockOutcome.UNKNOWN, why)


def _ended(run: LockRun, outcome: LockOutcome, why: Reason) -> Ended:
    said = {
        "command": run.command,
        "person": run.person,
        "resident": run.resident,
        "device": run.device,
    }
    if run.task:
        return TaskLockEnded(task=run.about, action=run.action, outcome=outcome, reason=why, **said)
    return LockEnded(alarm=run.about, action=run.action, outcome=outcome, reason=why, **said)
