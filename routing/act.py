"""What follows from a person's command, and from the end of a send."""

from routing import facts
from routing.alarm import LIVE_PAGE, Alarm
from routing.chain import Draft, advance, at_last_step, can_handle, page, policy_of
from routing.inputs import Command
from routing.instant import MINUTE, SECOND, Instant
from routing.lifecycle import Action, Phase, verdict
from routing.reasons import Reason, ReasonCode, because
from routing.state import Registry, State

COMMAND_LIFE: Instant = 2 * MINUTE
"""A command that waited longer (broker away) is refused: the person has been told it was not
confirmed."""


def act(state: State, command: Command, at: Instant) -> list[facts.AnyFact]:
    """Return what the command does, and its end. A known command id gives nothing: it has ended."""
    if command.id in state.commands:
        return []
    alarm = state.alarms.get(command.alarm)
    refused = _refusal(state.registry, alarm, command, at)
    if alarm is None or refused is not None:
        return [_ended(command, refused)]
    draft = Draft(alarm, at)
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


def _refusal(
    registry: Registry, alarm: Alarm | None, command: Command, at: Instant
) -> Reason | None:
    if alarm is None:
        return because(ReasonCode.NO_SUCH_ALARM)
    if command.person not in registry.people:
        return because(ReasonCode.NO_SUCH_PERSON)
    if not can_handle(registry, command.person):
        return because(ReasonCode.ROLE_MAY_NOT)
    if at - command.made_at > COMMAND_LIFE:
        return because(ReasonCode.COMMAND_EXPIRED)
    return _judged(alarm, command)


def _judged(alarm: Alarm, command: Command) -> Reason | None:
    judged = verdict(alarm.phase, command.action, owner=command.person == alarm.owner)
    if isinstance(judged, ReasonCode):
        return _explained(judged, alarm)
    if _stale(alarm, command):
        return because(ReasonCode.STATE_HAS_PASSED, phase=alarm.phase)
    if command.action is Action.CLOSE and command.outcome is None:
        return because(ReasonCode.OUTCOME_MISSING)
    return None


def _explained(code: ReasonCode, alarm: Alarm) -> Reason:
    if code is ReasonCode.TAKEN_BY_OTHER and alarm.owner and alarm.owner_since:
        return because(code, owner=alarm.owner, at=alarm.owner_since)
    return (
        because(code, phase=alarm.phase) if code is ReasonCode.STATE_HAS_PASSED else because(code)
    )


def _stale(alarm: Alarm, command: Command) -> bool:
    """A yes or no is for an alarm that was looking when the person saw it; owners may run ahead."""
    decides = command.action in {Action.ACCEPT, Action.REFUSE}
    return decides and command.seen_phase is not Phase.LOOKING


def _do(registry: Registry, draft: Draft, command: Command) -> None:
    alarm, person, at = draft.alarm, command.person, draft.at
    lease_s = command.arrive_within_s or policy_of(registry, alarm).lease_s
    match command.action:
        case Action.SEE:
            if person not in alarm.seen:
                draft.add(facts.AlarmSeen(alarm=alarm.id, person=person))
        case Action.ACCEPT:
            until = at + lease_s * SECOND
            draft.add(facts.AlarmAccepted(alarm=alarm.id, person=person, due_at=until))
        case Action.REFUSE:
            _refuse(registry, draft, person)
        case Action.ON_THE_WAY:
            until = at + lease_s * SECOND
            draft.add(
                facts.AlarmProgressed(
                    alarm=alarm.id, person=person, phase=Phase.ON_THE_WAY, due_at=until
                )
            )
        case Action.ARRIVE:
            draft.add(facts.AlarmProgressed(alarm=alarm.id, person=person, phase=Phase.AT_RESIDENT))
        case Action.CLOSE:
            if command.outcome is not None:
                draft.add(facts.AlarmClosed(alarm=alarm.id, person=person, outcome=command.outcome))


def _refuse(registry: Registry, draft: Draft, person: str) -> None:
    """A no; when nobody is left whom the step calls and reaches, the next step comes at once."""
    if person in draft.alarm.refused:
        return
    draft.add(facts.AlarmRefused(alarm=draft.alarm.id, person=person))
    alarm = draft.alarm
    rest = [called for called in alarm.calling if called not in alarm.refused]
    if person in alarm.calling and all(_has_failed(alarm, called) for called in rest):
        code = ReasonCode.ALL_UNREACHABLE if rest else ReasonCode.ALL_REFUSED
        advance(registry, draft, because(code))


def _has_failed(alarm: Alarm, person: str) -> bool:
    """Whether the person was called and no page to them is under way or delivered."""
    mine = [page for page in alarm.pages if page.person == person]
    return bool(mine) and all(page.send in alarm.failed for page in mine)


def send_ended(state: State, ended: facts.SendEnded, at: Instant) -> list[facts.AnyFact]:
    """Return the outcome of a send that was owed, and the next channel or step where it failed."""
    if ended.send not in state.owed:
        return []
    draft = Draft(state.alarms[ended.alarm], at)
    draft.add(ended)
    if not ended.delivered:
        _after_failure(state.registry, draft, ended)
    return draft.decided


def _after_failure(registry: Registry, draft: Draft, ended: facts.SendEnded) -> None:
    alarm = draft.alarm
    following = _next_channel(registry, ended)
    if following is not None:
        why = because(ReasonCode.NEXT_CHANNEL, failed=ended.channel)
        where = ended.send.split(":")[1]
        called = page(alarm, where, ended.person, following, why)
        draft.add(facts.Paged(alarm=alarm.id, pages=(called,), reason=why))
        return
    of_this_step = alarm.phase is Phase.LOOKING and ended.person in alarm.calling
    if of_this_step and not at_last_step(registry, alarm) and _nobody_reached(alarm):
        advance(registry, draft, because(ReasonCode.ALL_UNREACHABLE))


def _next_channel(registry: Registry, ended: facts.SendEnded) -> str | None:
    person = registry.people.get(ended.person)
    channels = () if person is None else person.channels
    if ended.channel not in channels:
        return None
    rest = channels[channels.index(ended.channel) + 1 :]
    return rest[0] if rest else None


def _nobody_reached(alarm: Alarm) -> bool:
    """Whether no page of the present step is under way or delivered. An open live page never counts
    as reachable by itself."""
    return not any(
        page.person in alarm.calling
        and page.channel != LIVE_PAGE
        and (alarm.owes(page) or page.send in alarm.delivered)
        for page in alarm.pages
    )
