"""Why a relative's command was refused, without naming anybody who helps."""

from hub.telling.words import Words
from routing.reasons import Reason, ReasonCode

_TOLD = frozenset(
    {
        ReasonCode.TAKEN_BY_OTHER,
        ReasonCode.ALREADY_CLOSED,
        ReasonCode.ALREADY_YOURS,
        ReasonCode.STATE_HAS_PASSED,
        ReasonCode.CHECK_FIRST,
        ReasonCode.OUTCOME_MISSING,
        ReasonCode.HELP_PENDING,
        ReasonCode.COMMAND_EXPIRED,
        ReasonCode.HANDOVER_PENDING,
        ReasonCode.NOBODY_TO_HAND_TO,
        ReasonCode.HAS_OPEN_ALARMS,
        ReasonCode.TIME_DOES_NOT_FIT,
    }
)
"""Reasons that a relative can do something about; the others are told as one."""


def why_not(reason: Reason, words: Words) -> str:
    """Return the refusal in a relative's words."""
    if reason.code not in _TOLD:
        return words.text("family.refused.other")
    at = reason.params.get("at")
    when = words.clock(at) if isinstance(at, int) else ""
    return words.text(f"family.refused.{reason.code}", at=when)
