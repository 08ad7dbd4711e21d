"""decide(state, input, at, ids) -> facts: what follows from an input. It writes nothing."""

from routing import facts
from routing.act import act, send_ended
from routing.chain import Draft
from routing.hear import Ids, hear
from routing.inputs import Command, Configure, Input, TimeReached
from routing.instant import Instant
from routing.pass_time import pass_time, reopen
from routing.state import State


def decide(state: State, input: Input, at: Instant, ids: Ids) -> list[facts.AnyFact]:
    """Return the facts that the input brings, in order; none when it is known already.

    `at` is the instant at which they will be recorded, never before `state.recorded_at`.
    """
    match input:
        case facts.EventRecorded():
            return hear(state, input, at, ids)
        case Command():
            return act(state, input, at)
        case facts.SendEnded():
            return send_ended(state, input, at)
        case TimeReached():
            return pass_time(state, at)
        case Configure():
            return _configure(state, input, at)


def _configure(state: State, configure: Configure, at: Instant) -> list[facts.AnyFact]:
    """Take over the changes; an alarm whose owner disappears is reopened, never orphaned."""
    gone = {
        change.id
        for change in configure.changes
        if isinstance(change, facts.ConfigurationRemoved) and change.section == "person"
    }
    out: list[facts.AnyFact] = list(configure.changes)
    for alarm in state.alarms.values():
        if alarm.owner in gone and alarm.closed_at is None:
            draft = Draft(alarm, at)
            reopen(state.registry, draft)
            out += draft.decided
    return out
