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
    MANY_STRANGERS = "many_strangers"  # subject, count
    OLD_HELP_STILL_RINGS = "old_help_still_rings"  # age_s
    OLD_MESSAGE_ONLY_NOTED = "old_message_only_noted"  # age_s
    OBSERVATION_ONLY = "observation_only"  # kind
    SAME_TROUBLE_AGAIN = "same_trouble_again"  # activation
    CANCEL_NEVER_HIDES = "cancel_never_hides"
    TROUBLE_PASSED = "trouble_passed"  # kind
    DEVICE_SILENT = "device_silent"  # limit_s
    DUTY_GAP = "duty_gap"  # team, from_time, until
    KEPT_FULL = "kept_full"  # count, from_time, until
    DUTY_FAR = "duty_far"  # unit, from_time, until, target_s
    PERSON_NOT_PROVEN = "person_not_proven"  # person
    RELATIVE_NOT_AGREED = "relative_not_agreed"  # person
    RELATIVE_WITHDREW = "relative_withdrew"  # person
    MEMBER_OF_STORM = "member_of_storm"  # kind
    STORM = "storm"  # kind, count, within_s
    FOLLOWS_INCIDENT = "follows_incident"  # kind
    OVERTAKEN = "overtaken"  # kind, sequence
    WAITS_FOR_OPPOSITE = "waits_for_opposite"  # kind, after_s
    LASTED = "lasted"  # kind, after_s
    MAINTENANCE = "maintenance"  # until
    RESIDENT_PAUSED = "resident_paused"  # until
    TEST_RECORDED = "test_recorded"
    TEST_COUNTS_AS_REAL = "test_counts_as_real"
    EXERCISE_DEVICE = "exercise_device"
    EXERCISE_YIELDS = "exercise_yields"
    RESIDENT_OBJECTS = "resident_objects"
    CLOCK_OFF = "clock_off"  # off_s
    TOLD_ALREADY = "told_already"  # kind
    DOSE_NOT_TAKEN = "dose_not_taken"  # minute
    DOSE_UNKNOWN = "dose_unknown"  # minute
    DOSE_TAKEN_LATE = "dose_taken_late"
    CALL_FOR_ASSISTANCE = "call_for_assistance"
    CALL_EMERGENCY = "call_emergency"
    CALL_DURING_PRESENCE = "call_during_presence"
    CALL_RESET = "call_reset"
    PRESENCE_IN_ROOM = "presence_in_room"
    HOME_TOO_QUIET = "home_too_quiet"
    RETURNED = "returned"
    LEFT_AGAIN = "left_again"
    LOWERED_ON_RETURN = "lowered_on_return"
    UNPROTECTED = "unprotected"
    FREQUENT_CALLER = "frequent_caller"  # person
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
    LEAD_TOLD_LEFT = "lead_told_left"  # owner
    NEXT_CHANNEL = "next_channel"  # failed
    NO_RECEIPT = "no_receipt"  # channel, wait_s
    NOT_SEEN = "not_seen"  # channel, wait_s
    OWNER_TOLD_AGAIN = "owner_told_again"  # activation
    OWNER_ASKED = "owner_asked"  # lease_s
    STILL_THERE = "still_there"  # stay_s
    LEAD_TOLD_STILL_THERE = "lead_told_still_there"  # owner, stay_s
    LEASE_LAPSED = "lease_lapsed"  # owner
    OWNER_LEFT = "owner_left"  # owner
    OWNER_PHONE_LOST = "owner_phone_lost"  # owner
    LEAD_TOLD_PHONE_LOST = "lead_told_phone_lost"  # owner
    CHANNEL_LOST = "channel_lost"  # channel
    CHANNEL_TEST = "channel_test"
    STEP_NOT_NOW = "step_not_now"  # step
    NEXT_IN_TURN = "next_in_turn"  # step
    IN_COMPETENCE = "in_competence"  # competence
    IS_LEAD = "is_lead"
    IS_RELATIVE = "is_relative"
    IN_CENTRE = "in_centre"  # team
    IN_PARTNER_TEAM = "in_partner_team"  # team, partner
    ONLY_INFORMED = "only_informed"
    POLICY_FOLLOWED = "policy_followed"  # policy
    POLICY_RENEWED = "policy_renewed"  # policy
    PERSON_JUMPED = "person_jumped"  # person, step
    PERSON_REOPENED = "person_reopened"  # person
    STAFF_CALLS = "staff_calls"  # person
    TARGET_OUT_OF_REACH = "target_out_of_reach"  # target_s, soonest_s
    # Handover, help, and the physical check.
    HANDOVER_ASKED = "handover_asked"  # owner
    HANDOVER_DECLINED = "handover_declined"
    HANDOVER_TIMED_OUT = "handover_timed_out"  # wait_s
    HELP_ASKED = "help_asked"  # owner
    PEOPLE_NEEDED = "people_needed"  # people
    LEAD_TOLD_NO_HELP = "lead_told_no_help"  # owner
    LEAD_TOLD_UNREACHED = "lead_told_unreached"  # owner
    HELP_HAS_COME = "help_has_come"  # person
    SILENCE_NEEDS_CHECK = "silence_needs_check"  # person
    REPEATS_NEED_CHECK = "repeats_need_check"  # count, within_s
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
    NOT_CLOSED = "not_closed"
    NOT_ASKED = "not_asked"
    NOBODY_TO_HAND_TO = "nobody_to_hand_to"
    HANDOVER_PENDING = "handover_pending"
    HELP_PENDING = "help_pending"
    CHECK_FIRST = "check_first"
    SPEECH_MISSING = "speech_missing"
    NOTE_MISSING = "note_missing"
    NOT_OF_THIS_DEVICE = "not_of_this_device"
    NO_SUCH_STEP = "no_such_step"
    TOO_LATE_TO_REOPEN = "too_late_to_reopen"  # within_s
    OPEN_AGAIN_ALREADY = "open_again_already"
    YOUR_OWN_CALL = "your_own_call"
    # Why a command about being reached was refused.
    NO_SUCH_CHANNEL = "no_such_channel"
    TEST_UNDER_WAY = "test_under_way"
    TEST_IS_OVER = "test_is_over"
    TEST_NOT_YOURS = "test_not_yours"
    NO_CHANNEL_PROVEN = "no_channel_proven"  # within_s
    HAS_OPEN_ALARMS = "has_open_alarms"  # count
    LAST_ON_DUTY = "last_on_duty"  # team
    TEAM_MISSING = "team_missing"
    TIME_DOES_NOT_FIT = "time_does_not_fit"
    NOT_A_RELATIVE = "not_a_relative"
    # Tasks: why they exist, who is asked, and why a command about one was refused.
    TASK_BY_RULE = "task_by_rule"  # kind
    TASK_BY_PLAN = "task_by_plan"  # plan
    TASK_BY_HAND = "task_by_hand"  # person
    TASK_LOOK = "task_look"
    TASK_DUTY_OPEN = "task_duty_open"  # team
    TASK_VISIT_ASKED = "task_visit_asked"
    TASK_OFFERED = "task_offered"  # policy
    TASK_NOBODY_YET = "task_nobody_yet"  # step
    TASK_RETURNED = "task_returned"  # person
    TASK_PERSON_LEFT = "task_person_left"  # person
    NIGHT_IS_QUIET = "night_is_quiet"
    LEAD_TOLD_TASK_UNTAKEN = "lead_told_task_untaken"
    TASK_WINDOW_ENDED = "task_window_ended"
    RESIDENT_LEFT = "resident_left"
    NO_SUCH_TASK = "no_such_task"
    TASK_IS_OVER = "task_is_over"
    TASK_MADE_ALREADY = "task_made_already"
    TASK_HAS_ENOUGH = "task_has_enough"
    TASK_NOT_YOURS = "task_not_yours"
    TASK_YOURS_ALREADY = "task_yours_already"
    TASK_INCOMPLETE = "task_incomplete"
    TASK_WINDOW_WRONG = "task_window_wrong"
    # Of locks: why a door is opened from here, why not, and what the lock said.
    LOCK_FOR_ALARM = "lock_for_alarm"  # kind
    LOCK_FOR_VISIT = "lock_for_visit"
    LOCK_NOT_FOR_THIS = "lock_not_for_this"
    LOCK_NOT_NOW = "lock_not_now"
    NO_LOCK = "no_lock"
    LOCK_OBJECTED = "lock_objected"
    LOCK_NOT_NAMED = "lock_not_named"
    LOCK_BUSY = "lock_busy"  # person
    LOCK_ANSWERED = "lock_answered"
    LOCK_ANSWERED_LATE = "lock_answered_late"
    LOCK_SAYS_FAILED = "lock_says_failed"  # says
    LOCK_NO_ANSWER = "lock_no_answer"  # wait_s
    LOCK_OF_COMMAND = "lock_of_command"
    # Of looks through an outside viewer: why the link is not given, and what a look may ask for.
    VIEW_NOT_FOR_THIS = "view_not_for_this"
    VIEW_NOT_NOW = "view_not_now"
    VIEW_OBJECTED = "view_objected"
    VIEW_NOT_DECIDED = "view_not_decided"
    OUTCOME_NOT_FOR_THIS = "outcome_not_for_this"
    TASK_AFTER_LOOK = "task_after_look"  # person
    # Of duties that are offered.
    DUTY_TAKEN = "duty_taken"  # person
    DUTY_COVERED = "duty_covered"
    DUTY_PASSED = "duty_passed"
    DUTY_UNKNOWN = "duty_unknown"
    DUTY_OFFERED_ALREADY = "duty_offered_already"
    DUTY_BY_ROSTER = "duty_by_roster"
    DUTY_ABSENT = "duty_absent"
    DUTY_ALREADY_ON = "duty_already_on"  # team
    DUTY_NO_REST = "duty_no_rest"  # rest_s
    NO_SUCH_RESIDENT = "no_such_resident"
    COMPETENCE_MISSING = "competence_missing"  # competence


class Reason(msgspec.Struct, frozen=True, gc=False):
    """One named reason with its parameters."""

    code: ReasonCode
    params: Mapping[str, str | int] = {}


def because(code: ReasonCode, **params: str | int) -> Reason:
    """Return the reason with its parameters."""
    return Reason(code, params)
