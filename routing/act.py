"""What follows from a person's command."""

from routing import aside, facts, facts_life
from routing.alarm import Alarm
from routing.chain import Draft, advance, next_in_turn, policy_of, start
from routing.check import need
from routing.concerned import away_until
from routing.facts_correlate import AlarmMarked
from routing.hear import Ids
from routing.inputs import Command
from routing.instant import MINUTE, SECOND, Instant
from routing.lacking import lacks
from routing.lifecycle import Action, Phase, Speech, verdict
from routing.locks.act import DOORS, asked_for_alarm
from routing.marks import Mark
from routing.reach import lease_s, look_at_promise
from routing.reasons import Reason, ReasonCode, because
from routing.staff_call import call_for_help
from routing.state import Registry, State
from routing.targets import can_handle, may_own

COMMAND_LIFE: Instant = 2 * MINUTE
"""A command that waited longer (broker away) is refused: the person has been told it was not
confirmed."""


def act(state: State, command: Command, at: Instant, ids: Ids) -> list[facts.AnyFact]:
    """Return what the command does, and its end. A known command id gives nothing: it has ended."""
    if command.id in state.commands:
        return []
    alarm = state.alarms.get(command.alarm)
    refused = _refusal(state, alarm, command, at)
    if refused is not None:
        return [_ended(command, refused)]
    if alarm is None or command.action is Action.CALL_FOR_HELP:
        return [*call_for_help(state, command, at, ids), _ended(command, None)]
    draft = Draft(alarm, at)
    if command.action in DOORS:
        draft.add(asked_for_alarm(state, alarm, command, at))
    else:
        _do(state.registry, draft, command)
    return [*draft.decided, _ended(command, None)]


def _ended(command: Command, refused: Reason | None) -> facts.CommandEnded:
    return facts.CommandEnded(
        command=command.id,
        alarm=command.alarm,
        person=command.person,
        action=command.action,
        refused=refused,
    )


def _refusal(state: State, alarm: Alarm | None, command: Command, at: Instant) -> Reason | None:
    registry, person = state.registry, command.person
    if alarm is None and command.action is not Action.CALL_FOR_HELP:
        return because(ReasonCode.NO_SUCH_ALARM)
    if person not in registry.people:
        return because(ReasonCode.NO_SUCH_PERSON)
    calls = command.action is Action.CALL_FOR_HELP
    if not (can_handle(registry, person) if calls else may_own(registry, alarm, person)):
        return because(ReasonCode.ROLE_MAY_NOT)
    if at - command.made_at > COMMAND_LIFE:
        return because(ReasonCode.COMMAND_EXPIRED)
    return None if alarm is None else _judged(state, alarm, command, at)


def _judged(state: State, alarm: Alarm, command: Command, at: Instant) -> Reason | None:
    judged = verdict(alarm.phase, command.action, owner=command.person == alarm.owner)
    if isinstance(judged, ReasonCode):
        return _explained(judged, alarm)
    reason = lacks(state, alarm, command, at)
    if reason is not None and reason.code is ReasonCode.STATE_HAS_PASSED:
        return _explained(reason.code, alarm)
    return reason


def _explained(code: ReasonCode, alarm: Alarm) -> Reason:
    if code is ReasonCode.TAKEN_BY_OTHER and alarm.owner and alarm.owner_since:
        return because(code, owner=alarm.owner, at=alarm.owner_since)
    return (
        because(code, phase=alarm.phase) if code is ReasonCode.STATE_HAS_PASSED else because(code)
    )


def _do(registry: Registry, draft: Draft, command: Command) -> None:
    person = command.person
    match command.action:
        case Action.SEE:
            if person not in draft.alarm.seen:
                draft.add(facts.AlarmSeen(alarm=draft.alarm.id, person=person))
        case Action.ACCEPT | Action.ON_THE_WAY | Action.ARRIVE:
            _own(registry, draft, command)
            aside.ask_for_more(registry, draft)
        case Action.REFUSE:
            refuse(registry, draft, person)
        case Action.CLOSE:
            if command.outcome is not None:
                closed = facts.AlarmClosed(
                    alarm=draft.alarm.id, person=person, outcome=command.outcome
                )
                draft.add(closed)
        case Action.JUMP | Action.REOPEN:
            _look_again(registry, draft, command)
        case _:
            _do_beside(registry, draft, command)


def _do_beside(registry: Registry, draft: Draft, command: Command) -> None:
    person = command.person
    match command.action:
        case Action.HAND_OVER:
            aside.ask_handover(registry, draft, command)
        case Action.TAKE_OVER:
            aside.take_over(draft, person, _due_at(registry, draft, command))
            aside.ask_for_more(registry, draft)
        case Action.NEED_HELP:
            aside.ask_help(registry, draft, person)
        case Action.JOIN:
            aside.join(registry, draft, person)
            aside.ask_for_more(registry, draft)
        case Action.DECLINE:
            aside.decline(registry, draft, person)
        case Action.SPEAK:
            _speak(draft, command)
        case Action.CHOOSE:
            _choose(registry, draft, command)
            aside.ask_for_more(registry, draft)
        case _:
            """A note is a document; that it was written is told by the end of the command."""


def _due_at(registry: Registry, draft: Draft, command: Command) -> Instant:
    promised_s = command.arrive_within_s
    within_s = lease_s(registry, draft.alarm, command.person, promised_s, draft.at)
    return draft.at + within_s * SECOND


def _own(registry: Registry, draft: Draft, command: Command) -> None:
    """Accept, and say how far: who is there already has skipped what comes before."""
    alarm, person, action = draft.alarm.id, command.person, command.action
    due_at = _due_at(registry, draft, command)
    if action is Action.ACCEPT or draft.alarm.phase is Phase.LOOKING:
        draft.add(facts.AlarmAccepted(alarm=alarm, person=person, due_at=due_at))
    if action is Action.ARRIVE:
        there = Phase.AT_RESIDENT
        until = draft.at + policy_of(registry, draft.alarm).stay_s * SECOND
        here = facts.AlarmProgressed(alarm=alarm, person=person, phase=there, due_at=until)
        draft.add(here)
    if action is Action.ON_THE_WAY:
        way = Phase.ON_THE_WAY
        draft.add(facts.AlarmProgressed(alarm=alarm, person=person, phase=way, due_at=due_at))
    if action is Action.ACCEPT:
        look_at_promise(registry, draft, due_at)


def _choose(registry: Registry, draft: Draft, command: Command) -> None:
    home = registry.residents.get(command.resident or "")
    until = away_until(registry, draft.alarm, command.resident)
    draft.add(
        facts_life.ResidentChosen(
            alarm=draft.alarm.id,
            person=command.person,
            resident=command.resident or "",
            people_needed=1 if home is None else home.people_needed,
        )
    )
    if until is not None and Mark.RELATIVES_NOT_TOLD not in draft.alarm.marks:
        why = because(ReasonCode.RESIDENT_PAUSED, until=until)
        draft.add(AlarmMarked(alarm=draft.alarm.id, mark=Mark.RELATIVES_NOT_TOLD, reason=why))


def _speak(draft: Draft, command: Command) -> None:
    if command.speech is None:
        return
    alarm, person = draft.alarm.id, command.person
    draft.add(facts_life.Spoken(alarm=alarm, person=person, speech=command.speech))
    if command.speech is Speech.SILENT and not draft.alarm.check:
        need(draft, because(ReasonCode.SILENCE_NEEDS_CHECK, person=person))


def _look_again(registry: Registry, draft: Draft, command: Command) -> None:
    """Begin a new round: at a chosen step, or from the start with an alarm that was closed."""
    alarm, person = draft.alarm, command.person
    if command.action is Action.JUMP:
        step = command.step or 0
        why = because(ReasonCode.PERSON_JUMPED, person=person, step=step + 1)
    else:
        step, why = 0, because(ReasonCode.PERSON_REOPENED, person=person)
        reopened = facts.AlarmReopened(alarm=alarm.id, previous_owner=alarm.owner or "", reason=why)
        draft.add(reopened)
    start(registry, draft, alarm.round + 1, step, why)


def refuse(registry: Registry, draft: Draft, person: str) -> None:
    """A no; when nobody is left whom the step calls and reaches, it goes on at once."""
    if person in draft.alarm.refused:
        return
    draft.add(facts.AlarmRefused(alarm=draft.alarm.id, person=person))
    alarm = draft.alarm
    if alarm.waiting:
        if alarm.calling and person == alarm.calling[-1]:
            next_in_turn(registry, draft, because(ReasonCode.ALL_REFUSED))
        return
    # Whoever has been taken out of the configuration since cannot answer, and is not waited for.
    there = [called for called in alarm.calling if called in registry.people]
    rest = [called for called in there if called not in alarm.refused]
    if person in alarm.calling and all(_has_failed(alarm, called) for called in rest):
        code = ReasonCode.ALL_UNREACHABLE if rest else ReasonCode.ALL_REFUSED
        advance(registry, draft, because(code))


def _has_failed(alarm: Alarm, person: str) -> bool:
    """Whether the person was called and no page to them is under way or delivered."""
    mine = [page for page in alarm.pages if page.person == person]
    return bool(mine) and all(page.send in alarm.failed for page in mine)
