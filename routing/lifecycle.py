"""The life of an alarm as a table: (phase, action) -> what happens. The diagram in docs is made
from it.

    looking --accept--> accepted --on_the_way--> on_the_way --arrive--> at_resident --close-->
    closed

States may be skipped by the owner. `refuse` and `see` change no phase. Time moves an alarm too, but
only between `looking` and itself, or back to `looking` when a lease lapses: silence never closes.
"""

from collections.abc import Mapping
from enum import StrEnum

from routing.reasons import ReasonCode


class Phase(StrEnum):
    """Where an alarm is in its life."""

    LOOKING = "looking"
    ACCEPTED = "accepted"
    ON_THE_WAY = "on_the_way"
    AT_RESIDENT = "at_resident"
    CLOSED = "closed"


class Action(StrEnum):
    """What a person can do with an alarm."""

    SEE = "see"
    ACCEPT = "accept"
    REFUSE = "refuse"
    ON_THE_WAY = "on_the_way"
    ARRIVE = "arrive"
    CLOSE = "close"


class OutcomeCode(StrEnum):
    """How an alarm ended."""

    NO_NEED = "no_need"
    TALK = "talk"
    INFORMATION = "information"
    CARE = "care"
    FALL = "fall"
    MEDICAL = "medical"
    SILENT_CHECKED = "silent_checked"
    TECHNICAL = "technical"
    TEST = "test"


OWNED = frozenset({Phase.ACCEPTED, Phase.ON_THE_WAY, Phase.AT_RESIDENT})
OPEN = OWNED | {Phase.LOOKING}

Verdict = Phase | ReasonCode
"""The phase that follows, or why not."""

_ANYBODY: Mapping[tuple[Phase, Action], Verdict] = {
    (Phase.LOOKING, Action.SEE): Phase.LOOKING,
    (Phase.LOOKING, Action.ACCEPT): Phase.ACCEPTED,
    (Phase.LOOKING, Action.REFUSE): Phase.LOOKING,
    (Phase.LOOKING, Action.ON_THE_WAY): ReasonCode.ACCEPT_FIRST,
    (Phase.LOOKING, Action.ARRIVE): ReasonCode.ACCEPT_FIRST,
    (Phase.LOOKING, Action.CLOSE): ReasonCode.ACCEPT_FIRST,
}

_OWNER: Mapping[tuple[Phase, Action], Verdict] = {
    (Phase.ACCEPTED, Action.ON_THE_WAY): Phase.ON_THE_WAY,
    (Phase.ACCEPTED, Action.ARRIVE): Phase.AT_RESIDENT,
    (Phase.ACCEPTED, Action.CLOSE): Phase.CLOSED,
    (Phase.ON_THE_WAY, Action.ON_THE_WAY): Phase.ON_THE_WAY,
    (Phase.ON_THE_WAY, Action.ARRIVE): Phase.AT_RESIDENT,
    (Phase.ON_THE_WAY, Action.CLOSE): Phase.CLOSED,
    (Phase.AT_RESIDENT, Action.CLOSE): Phase.CLOSED,
    (Phase.AT_RESIDENT, Action.ON_THE_WAY): ReasonCode.STATE_HAS_PASSED,
    (Phase.AT_RESIDENT, Action.ARRIVE): ReasonCode.STATE_HAS_PASSED,
}


def verdict(phase: Phase, action: Action, *, owner: bool) -> Verdict:
    """Return the phase that follows when the owner (or somebody else) takes the action, or why
    not."""
    if phase is Phase.CLOSED:
        return phase if action is Action.SEE else ReasonCode.ALREADY_CLOSED
    if phase is Phase.LOOKING:
        return _ANYBODY[phase, action]
    if action is Action.SEE:
        return phase
    if owner:
        return _OWNER.get((phase, action), ReasonCode.ALREADY_YOURS)
    return ReasonCode.NOT_OWNER if action is Action.CLOSE else ReasonCode.TAKEN_BY_OTHER
