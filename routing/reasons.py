"""Why something happened: a code and its parameters. Text is rendered at the edge, in the reader's
language.

Every code has an entry `reason.<code>` in the catalogue. Parameters are ids, numbers and instants,
never names or free text.
"""

from collections.abc import Mapping
from enum import StrEnum

import msgspec


class ReasonCode(StrEnum):
    """Named reasons. Their parameters stand beside them."""

    # Why an alarm exists, or does not.
    KIND_RAISES = "kind_raises"  # kind
    RULE_RAISES = "rule_raises"  # kind, rule
    DEVICE_NOT_REGISTERED = "device_not_registered"  # subject
    OLD_HELP_STILL_RINGS = "old_help_still_rings"  # age_s
    OLD_MESSAGE_ONLY_NOTED = "old_message_only_noted"  # age_s
    OBSERVATION_ONLY = "observation_only"  # kind
    SAME_TROUBLE_AGAIN = "same_trouble_again"  # activation
    CANCEL_NEVER_HIDES = "cancel_never_hides"
    TROUBLE_PASSED = "trouble_passed"  # kind
    DEVICE_SILENT = "device_silent"  # limit_s
    # Why a step runs, and why a person is called.
    CHAIN_STARTED = "chain_started"  # policy
    NOBODY_ACCEPTED_IN_TIME = "nobody_accepted_in_time"  # step
    ALL_REFUSED = "all_refused"
    ALL_UNREACHABLE = "all_unreachable"
    NOBODY_IN_STEP = "nobody_in_step"  # step
    NOBODY_ANYWHERE = "nobody_anywhere"
    LAST_STEP_LOOPS = "last_step_loops"  # round
    ON_DUTY = "on_duty"  # team
    IN_TEAM = "in_team"  # team
    NAMED_IN_STEP = "named_in_step"
    FALLBACK = "fallback"  # policy
    LEAD_TOLD_EXHAUSTED = "lead_told_exhausted"  # round
    LEAD_TOLD_LAPSED = "lead_told_lapsed"  # owner
    NEXT_CHANNEL = "next_channel"  # failed
    OWNER_TOLD_AGAIN = "owner_told_again"  # activation
    OWNER_ASKED = "owner_asked"  # lease_s
    LEASE_LAPSED = "lease_lapsed"  # owner
    # What a person did.
    PERSON_ACTED = "person_acted"  # person, action
    # Why a command was refused.
    TAKEN_BY_OTHER = "taken_by_other"  # owner, at
    ALREADY_YOURS = "already_yours"
    ALREADY_CLOSED = "already_closed"
    NOT_OWNER = "not_owner"
    ACCEPT_FIRST = "accept_first"
    STATE_HAS_PASSED = "state_has_passed"  # phase
    NO_SUCH_ALARM = "no_such_alarm"
    NO_SUCH_PERSON = "no_such_person"
    ROLE_MAY_NOT = "role_may_not"
    OUTCOME_MISSING = "outcome_missing"
    COMMAND_EXPIRED = "command_expired"


class Reason(msgspec.Struct, frozen=True, gc=False):
    """One named reason with its parameters."""

    code: ReasonCode
    params: Mapping[str, str | int] = {}


def because(code: ReasonCode, **params: str | int) -> Reason:
    """Return the reason with its parameters."""
    return Reason(code, params)
