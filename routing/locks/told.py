"""What adapters are to be told: commands to locks, and how far an alarm has come.

Level-triggered: a message says what is so now, and may come twice. After a restart everything that
still counts is told again, under the same ids.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from routing import facts
from routing.alarm import Alarm
from routing.facts_correlate import AlarmSettled
from routing.facts_life import HandoverAccepted
from routing.instant import HOUR, Instant
from routing.lifecycle import OWNED
from routing.locks.book import LockRun
from routing.locks.facts import LockAsked, TaskLockAsked
from routing.state import State
from routing.to_device import AlarmProgress, DeviceCommand, ToDevice

CLOSED_LATELY: Instant = HOUR
"""A close so long ago is told again after a restart: its panel may not have heard of it."""
_MOVING = (
    facts.AlarmAccepted,
    facts.AlarmProgressed,
    facts.AlarmReopened,
    facts.AlarmClosed,
    AlarmSettled,
    HandoverAccepted,
)
"""Facts after which an alarm may be in another phase."""


@dataclass(frozen=True, slots=True)
class Told:
    """One message to one listener. A later one of the same key takes its place."""

    adapter: str
    key: str
    message: ToDevice


def told_of(state: State, decided: Iterable[facts.AnyFact]) -> list[Told]:
    """Return what facts that were just folded into the state give to tell, commands first."""
    commands: list[Told] = []
    moved: dict[str, None] = {}
    joined: dict[str, Told] = {}
    for fact in decided:
        if isinstance(fact, LockAsked | TaskLockAsked):
            commands.append(_command(state.locks.runs[fact.command]))
        elif isinstance(fact, _MOVING):
            moved[fact.alarm] = None
        elif isinstance(fact, facts.AlarmRepeated) and fact.tells is not None:
            told = _one(state.alarms[fact.alarm], fact.tells)
            joined[told.key] = told
    alarms = (state.alarms.get(alarm) for alarm in moved)
    progress = _progress(alarm for alarm in alarms if alarm is not None)
    return [*commands, *joined.values(), *progress]


def told_at_boot(state: State, at: Instant) -> list[Told]:
    """Return everything that counts at the instant: commands that may still be begun, and every
    alarm that is open or was closed lately."""
    runs = (run for run in state.locks.under_way() if at < run.expires_at and _stands(state, run))
    since = at - CLOSED_LATELY
    alarms = (a for a in state.alarms.values() if a.closed_at is None or a.closed_at > since)
    return [*map(_command, runs), *_progress(alarms)]


def _stands(state: State, run: LockRun) -> bool:
    """Whether somebody still has what the command belongs to."""
    if run.task:
        task = state.book.tasks.get(run.about)
        return task is not None and task.live and run.person in task.owners
    alarm = state.alarms.get(run.about)
    return (
        alarm is not None and alarm.phase in OWNED and run.person in (alarm.owner, *alarm.helpers)
    )


def _command(run: LockRun) -> Told:
    message = DeviceCommand(
        id=run.command, subject=run.subject, action=run.action, expires_at=run.expires_at
    )
    return Told(run.adapter, run.command, message)


def _progress(alarms: Iterable[Alarm]) -> Iterator[Told]:
    for alarm in alarms:
        if alarm.adapter is not None:
            message = AlarmProgress(event=alarm.event, subject=alarm.subject, phase=alarm.phase)
            yield Told(alarm.adapter, alarm.id, message)
        yield from (_one(alarm, joined) for joined in alarm.joined)


def _one(alarm: Alarm, joined: facts.Told) -> Told:
    """Of a later event that joined the alarm: it is told at once how far the alarm is already."""
    message = AlarmProgress(event=joined.event, subject=joined.subject, phase=alarm.phase)
    return Told(joined.adapter, f"{alarm.id} {joined.adapter} {joined.subject}", message)
