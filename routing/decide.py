"""decide(state, input, at, ids) -> facts: what follows from an input. It writes nothing."""

from routing import facts
from routing.act import act, send_ended
from routing.chain import Draft, can_handle
from routing.evolve import configured
from routing.hear import Ids, hear
from routing.inputs import Command, Configure, Input, TimeReached
from routing.instant import Instant
from routing.lifecycle import OWNED
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
    """Take over the changes. An alarm whose owner may no longer handle it is reopened, never
    orphaned, and by the new configuration: whoever has left is not called."""
    out: list[facts.AnyFact] = list(configure.changes)
    touched = {_id(change) for change in configure.changes}
    owned = [alarm for alarm in state.alarms.values() if alarm.phase in OWNED]
    mine = [alarm for alarm in owned if alarm.owner in touched]
    after = configured(state.registry, configure.changes) if mine else state.registry
    for alarm in mine:
        if not can_handle(after, alarm.owner or ""):
            draft = Draft(alarm, at)
            reopen(after, draft)
            out += draft.decided
    return out


def _id(change: facts.ConfigurationSet | facts.ConfigurationRemoved) -> str:
    return change.item.id if isinstance(change, facts.ConfigurationSet) else change.id
