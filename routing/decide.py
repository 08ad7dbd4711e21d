"""decide(state, input, at, ids) -> facts: what follows from an input. It writes nothing."""

from routing import facts, kept_full
from routing.act import act
from routing.birth import after_births
from routing.chain import Draft
from routing.concerned import concerned
from routing.correlate.arm import armed, needs
from routing.correlate.exercise import yielding
from routing.correlate.wake import wake
from routing.duty_gap import is_gap, tell
from routing.facts_devices import FramesReplayed
from routing.hear import Ids, hear
from routing.inputs import Command, Configure, Input, Receipt, TimeReached
from routing.instant import Instant
from routing.lifecycle import OWNED
from routing.pass_time import pass_time, reopen
from routing.proofs.act import act as act_on_reach
from routing.proofs.command import ReachCommand
from routing.proofs.family import missed
from routing.proofs.order import after
from routing.proofs.testing import end_of_test, shown_by
from routing.reasons import ReasonCode
from routing.registry_fold import configured
from routing.sends import send_ended
from routing.state import State
from routing.targets import may_own
from routing.tasks.act import act as act_on_task
from routing.tasks.act import send_ended as task_send_ended
from routing.tasks.command import TaskCommand
from routing.tasks.due import pass_time as pass_task_time
from routing.tasks.follow import follow, follow_configuration
from routing.tasks.open_duty import is_open_duty, offered


def decide(state: State, input: Input, at: Instant, ids: Ids) -> list[facts.AnyFact]:
    """Return the facts that the input brings, in order; none when it is known already.

    `at` is the instant at which they will be recorded, never before `state.recorded_at`.
    """
    decided = _decided(state, input, at, ids)
    return [*decided, *yielding(state, decided)]


def _decided(state: State, input: Input, at: Instant, ids: Ids) -> list[facts.AnyFact]:
    match input:
        case facts.EventRecorded():
            return _heard(state, input, at, ids)
        case Command() | TaskCommand() | ReachCommand():
            return _commanded(state, input, at, ids)
        case facts.SendEnded() | Receipt():
            ended = _end_of(state, input) if isinstance(input, Receipt) else input
            return [] if ended is None else _send_ended(state, ended, at)
        case TimeReached():
            return pass_time(state, at) or _wake(state, at, ids) or pass_task_time(state, at, ids)
        case Configure() | FramesReplayed():
            return _configure(state, input, at) if isinstance(input, Configure) else [input]


def _commanded(
    state: State, command: Command | TaskCommand | ReachCommand, at: Instant, ids: Ids
) -> list[facts.AnyFact]:
    match command:
        case Command():
            return after_births(state, act(state, command, at, ids), at)
        case TaskCommand():
            return act_on_task(state, command, at, ids)
        case ReachCommand():
            return act_on_reach(state, command, at, ids)


def _send_ended(state: State, ended: facts.SendEnded, at: Instant) -> list[facts.AnyFact]:
    if ended.send not in state.owed:
        return []
    if ended.alarm in state.proofs.tests:
        return end_of_test(state.registry, ended)
    shown = shown_by(state.registry, ended)
    registry = after(state.registry, shown) if shown else state.registry
    task = state.book.tasks.get(ended.alarm)
    if task is not None:
        first, *more = task_send_ended(registry, task, ended, at)
    else:
        first, *more = send_ended(registry, state.alarms[ended.alarm], ended, at)
    return [first, *shown, *more]


def _end_of(state: State, receipt: Receipt) -> facts.SendEnded | None:
    """Return the end of a send of which a receipt tells from outside, as long as it is owed."""
    known = state.owed.get(receipt.send)
    if known is None:
        return None
    return facts.SendEnded(
        alarm=known.alarm,
        send=receipt.send,
        person=known.page.person,
        channel=known.page.channel,
        delivered=receipt.delivered,
        code=receipt.code,
    )


def _heard(state: State, event: facts.EventRecorded, at: Instant, ids: Ids) -> list[facts.AnyFact]:
    if is_gap(event):
        return tell(state, event, at, ids)
    if kept_full.is_overflow(event):
        return kept_full.tell(state, event, at, ids)
    if is_open_duty(event):
        return offered(state, event, at, ids)
    heard = follow(state, after_births(state, hear(state, event, at, ids), at), at, ids)
    return [*heard, *missed(state, heard, at, ids)]


def _wake(state: State, at: Instant, ids: Ids) -> list[facts.AnyFact]:
    """Return what the first watch that has fallen due brings."""
    woken = wake(state, at, lambda event, why: hear(state, event, at, ids, why))
    return follow(state, after_births(state, woken, at), at, ids)


def _configure(state: State, configure: Configure, at: Instant) -> list[facts.AnyFact]:
    """Take over the changes. An alarm whose owner may no longer handle it is reopened, never
    orphaned, and by the new configuration: whoever has left is not called."""
    out: list[facts.AnyFact] = list(configure.changes)
    touched = {_id(change) for change in configure.changes}
    owned = [alarm for alarm in state.alarms.values() if alarm.phase in OWNED]
    mine = [alarm for alarm in owned if {alarm.owner, *concerned(alarm)} & touched]
    plans = needs(configure.changes)
    changed = bool(mine) or plans
    after = configured(state.registry, configure.changes) if changed else state.registry
    out += armed(state, after, configure.changes, at) if plans else ()
    for alarm in mine:
        if not may_own(after, alarm, alarm.owner or ""):
            draft = Draft(alarm, at)
            reopen(after, draft, ReasonCode.OWNER_LEFT, ReasonCode.LEAD_TOLD_LEFT)
            out += draft.decided
    return [*out, *follow_configuration(state, configure.changes, at)]


def _id(change: facts.ConfigurationSet | facts.ConfigurationRemoved) -> str:
    return change.item.id if isinstance(change, facts.ConfigurationSet) else change.id
