"""What a command lacks although the alarm's phase would allow it."""

from msgspec.structs import replace

from routing.alarm import Alarm
from routing.aside import candidates
from routing.chain import Draft, policy_of
from routing.colleague import subject_of
from routing.concerned import away_until
from routing.inputs import Command
from routing.instant import SECOND, Instant
from routing.lifecycle import Action, OutcomeCode, Phase
from routing.locks.act import DOORS, not_for_alarm
from routing.municipality import Role
from routing.reasons import Reason, ReasonCode, because
from routing.state import Registry, State
from routing.targets import can_handle, is_relative
from routing.trouble import trouble

_TAKES = frozenset({Action.ACCEPT, Action.ON_THE_WAY, Action.ARRIVE, Action.TAKE_OVER, Action.JOIN})
_CONDUCTS = frozenset({Role.LEAD, Role.OPERATOR})


def lacks(state: State, alarm: Alarm, command: Command, at: Instant) -> Reason | None:
    """Return why the command cannot be done, None when nothing is missing."""
    if alarm.subject == subject_of(command.person) and command.action in _TAKES:
        return because(ReasonCode.YOUR_OWN_CALL)
    if command.action is Action.JUMP:
        return _jump(state.registry, alarm, command)
    if command.action is Action.REOPEN:
        return _reopen(state, alarm, at)
    if command.action in DOORS:
        return not_for_alarm(state, alarm, command, at)
    code = _code(state.registry, alarm, command, at)
    return None if code is None else because(code)


def _code(registry: Registry, alarm: Alarm, command: Command, at: Instant) -> ReasonCode | None:
    person = command.person
    match command.action:
        case Action.ACCEPT | Action.REFUSE | Action.ARRIVE:
            return ReasonCode.STATE_HAS_PASSED if _is_late(alarm, command) else None
        case Action.CLOSE:
            return _close(alarm, command.outcome)
        case Action.HAND_OVER:
            return _hand_over(registry, alarm, command, at)
        case Action.NEED_HELP:
            return ReasonCode.HELP_PENDING if alarm.help else None
        case Action.TAKE_OVER | Action.JOIN | Action.DECLINE:
            return None if _is_asked(alarm, person, command.action) else ReasonCode.NOT_ASKED
        case _:
            return _content(registry, alarm, command)


def _is_late(alarm: Alarm, command: Command) -> bool:
    """Whether the page was old. A yes or no is for an alarm that was looking when the person saw
    it; that one is there already is news only to a question."""
    if command.action is Action.ARRIVE:
        return alarm.phase is Phase.AT_RESIDENT and not alarm.asked
    return command.seen_phase is not Phase.LOOKING


def _content(registry: Registry, alarm: Alarm, command: Command) -> ReasonCode | None:
    match command.action:
        case Action.SPEAK:
            return ReasonCode.SPEECH_MISSING if command.speech is None else None
        case Action.NOTE:
            return None if (command.note or "").strip() else ReasonCode.NOTE_MISSING
        case Action.CHOOSE:
            return _choose(registry, alarm, command)
        case _:
            return None


def _choose(registry: Registry, alarm: Alarm, command: Command) -> ReasonCode | None:
    """A relative chooses nobody of whom the alarm could not be theirs: it would be orphaned."""
    if command.resident not in _residents(registry, alarm):
        return ReasonCode.NOT_OF_THIS_DEVICE
    away = away_until(registry, alarm, command.resident) is not None
    chosen = replace(alarm, concerns=command.resident)
    relative = not away and is_relative(registry, chosen, command.person)
    keeps = relative or can_handle(registry, command.person)
    return None if keeps else ReasonCode.ROLE_MAY_NOT


def _close(alarm: Alarm, outcome: OutcomeCode | None) -> ReasonCode | None:
    if outcome is None:
        return ReasonCode.OUTCOME_MISSING
    unchecked = alarm.check and not alarm.arrived and outcome is not OutcomeCode.SILENT_CHECKED
    return ReasonCode.CHECK_FIRST if unchecked else None


def _hand_over(
    registry: Registry, alarm: Alarm, command: Command, at: Instant
) -> ReasonCode | None:
    if alarm.handover is not None:
        return ReasonCode.HANDOVER_PENDING
    found = candidates(registry, Draft(alarm, at), command)
    return None if found else ReasonCode.NOBODY_TO_HAND_TO


def _is_asked(alarm: Alarm, person: str, action: Action) -> bool:
    to_take = alarm.handover is not None and person in alarm.handover.to
    to_help = alarm.help is not None and person not in alarm.helpers
    if action is Action.TAKE_OVER:
        return to_take
    if action is Action.JOIN:
        return to_help
    return to_take or (to_help and alarm.help is not None and person in alarm.help.to)


def _residents(registry: Registry, alarm: Alarm) -> tuple[str | None, ...]:
    device = registry.devices.get(alarm.device or "")
    return () if device is None else (alarm.resident, *device.shared_with)


def _jump(registry: Registry, alarm: Alarm, command: Command) -> Reason | None:
    if _CONDUCTS.isdisjoint(registry.people[command.person].roles):
        return because(ReasonCode.ROLE_MAY_NOT)
    steps = len(policy_of(registry, alarm).steps)
    known = command.step is not None and command.step < steps
    return None if known else because(ReasonCode.NO_SUCH_STEP)


def _reopen(state: State, alarm: Alarm, at: Instant) -> Reason | None:
    within_s = policy_of(state.registry, alarm).reopen_s
    if alarm.closed_at is not None and at - alarm.closed_at > within_s * SECOND:
        return because(ReasonCode.TOO_LATE_TO_REOPEN, within_s=within_s)
    key = trouble(alarm.kind, alarm.resident, alarm.subject)
    return because(ReasonCode.OPEN_AGAIN_ALREADY) if key in state.open_by_trouble else None
