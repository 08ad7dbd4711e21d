"""The life of an alarm as a table: (phase, action) -> what happens. The diagram in docs is made
from it.

    looking --accept--> accepted --on_the_way--> on_the_way --arrive--> at_resident --close-->
    closed

States may be skipped: who is there already says so, and owns it. `refuse`, `see` and what concerns
a handover that is only asked, a search for a helper, speech or notes change no phase. Time moves an
alarm too, but only between `looking` and itself, or back to `looking` when a lease lapses: silence
never closes.
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
    HAND_OVER = "hand_over"
    """The owner asks a person or a team to take it; the owner stays the owner until then."""
    TAKE_OVER = "take_over"
    NEED_HELP = "need_help"
    """The owner stays, and a second search calls for somebody who joins."""
    JOIN = "join"
    DECLINE = "decline"
    """No to a handover, or to joining."""
    SPEAK = "speak"
    NOTE = "note"
    CHOOSE = "choose"
    """Whom the alarm of a shared device concerned."""
    JUMP = "jump"
    REOPEN = "reopen"
    CALL_FOR_HELP = "call_for_help"
    """Hold-to-call: the person who does it becomes an alarm."""
    UNLOCK = "unlock"
    """The resident's door is opened from here, for its owner or a helper."""
    LOCK = "lock"


class Speech(StrEnum):
    """What has become of the words between the resident and us."""

    ATTEMPT = "attempt"
    ANSWERED = "answered"
    SILENT = "silent"
    """Nobody answers: somebody must go and look."""
    ENDED = "ended"


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


SOOTHED = frozenset({OutcomeCode.NO_NEED, OutcomeCode.TALK})
"""Outcomes that, once too often, are believed no more: somebody must go and look."""
OWNED = frozenset({Phase.ACCEPTED, Phase.ON_THE_WAY, Phase.AT_RESIDENT})
OPEN = OWNED | {Phase.LOOKING}

Verdict = Phase | ReasonCode
"""The phase that follows, or why not."""

_ANYBODY: Mapping[tuple[Phase, Action], Verdict] = {
    (Phase.LOOKING, Action.SEE): Phase.LOOKING,
    (Phase.LOOKING, Action.ACCEPT): Phase.ACCEPTED,
    (Phase.LOOKING, Action.REFUSE): Phase.LOOKING,
    (Phase.LOOKING, Action.ON_THE_WAY): Phase.ON_THE_WAY,
    (Phase.LOOKING, Action.ARRIVE): Phase.AT_RESIDENT,
    (Phase.LOOKING, Action.CLOSE): ReasonCode.ACCEPT_FIRST,
    (Phase.LOOKING, Action.HAND_OVER): ReasonCode.ACCEPT_FIRST,
    (Phase.LOOKING, Action.TAKE_OVER): ReasonCode.NOT_ASKED,
    (Phase.LOOKING, Action.NEED_HELP): ReasonCode.ACCEPT_FIRST,
    (Phase.LOOKING, Action.JOIN): ReasonCode.NOT_ASKED,
    (Phase.LOOKING, Action.DECLINE): ReasonCode.NOT_ASKED,
    (Phase.LOOKING, Action.CHOOSE): ReasonCode.ACCEPT_FIRST,
    (Phase.LOOKING, Action.JUMP): Phase.LOOKING,
    (Phase.LOOKING, Action.UNLOCK): ReasonCode.ACCEPT_FIRST,
    (Phase.LOOKING, Action.LOCK): ReasonCode.ACCEPT_FIRST,
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
    (Phase.AT_RESIDENT, Action.ARRIVE): Phase.AT_RESIDENT,
}
_DOORS = frozenset({Action.UNLOCK, Action.LOCK})
"""What the owner and the helpers do, in any owned phase; the phase stays."""
_BY_OWNER = frozenset({Action.HAND_OVER, Action.NEED_HELP, Action.CHOOSE})
"""What only the owner does, in any owned phase; the phase stays."""
_ASIDE = frozenset({Action.SEE, Action.SPEAK, Action.NOTE, Action.CALL_FOR_HELP})
"""What anybody may do while the alarm is open; the phase stays."""
_AFTERWARDS = frozenset({Action.SEE, Action.NOTE, Action.CALL_FOR_HELP})
"""What anybody may do with a closed alarm; it stays closed."""


def verdict(phase: Phase, action: Action, *, owner: bool) -> Verdict:
    """Return the phase that follows when the owner (or somebody else) takes the action, or why
    not."""
    if phase is Phase.CLOSED:
        return _of_closed(action)
    if action in _ASIDE:
        return phase
    if action is Action.REOPEN:
        return ReasonCode.NOT_CLOSED
    if phase is Phase.LOOKING:
        return _ANYBODY[phase, action]
    if action is Action.JUMP:
        return ReasonCode.STATE_HAS_PASSED
    return _of_owner(phase, action) if owner else _of_others(phase, action)


def _of_closed(action: Action) -> Verdict:
    if action is Action.REOPEN:
        return Phase.LOOKING
    return Phase.CLOSED if action in _AFTERWARDS else ReasonCode.ALREADY_CLOSED


def _of_owner(phase: Phase, action: Action) -> Verdict:
    stays = phase if action in _BY_OWNER | _DOORS else ReasonCode.ALREADY_YOURS
    return _OWNER.get((phase, action), stays)


def _of_others(phase: Phase, action: Action) -> Verdict:
    if action is Action.TAKE_OVER:
        return Phase.ACCEPTED
    if action in {Action.JOIN, Action.DECLINE} | _DOORS:
        return phase
    owners = action is Action.CLOSE or action in _BY_OWNER
    return ReasonCode.NOT_OWNER if owners else ReasonCode.TAKEN_BY_OTHER
