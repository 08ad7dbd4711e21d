"""What follows from a person's command about being reached."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from routing import facts
from routing.act import COMMAND_LIFE
from routing.hear import Ids
from routing.instant import Instant
from routing.municipality import Role
from routing.proofs import duty, family, lost, testing
from routing.proofs.command import ReachAction, ReachCommand
from routing.proofs.facts import ReachEnded
from routing.proofs.tell import tell_leads_of
from routing.reasons import Reason, ReasonCode, because
from routing.state import Registry, State

_CARE = frozenset({Role.LEAD, Role.IT})
"""Who may report another person's phone or channel lost, or back."""
_LEAD = frozenset({Role.LEAD})
_NOBODY: frozenset[Role] = frozenset()


class _Done(NamedTuple):
    """How an action is judged, what it brings, and who may do it for another person."""

    refusal: Callable[[State, ReachCommand, Instant], Reason | None]
    facts: Callable[[State, ReachCommand, Instant], list[facts.AnyFact]]
    for_others: frozenset[Role]


_ACTIONS: Mapping[ReachAction, _Done] = {
    ReachAction.TEST: _Done(testing.not_to_test, testing.tested, _LEAD),
    ReachAction.ANSWER: _Done(testing.not_to_answer, testing.answered, _NOBODY),
    ReachAction.SUBSCRIBED: _Done(lost.no_channel, lost.subscribed, _CARE),
    ReachAction.LOST: _Done(lost.no_channel, lost.channel_lost, _CARE),
    ReachAction.PHONE_LOST: _Done(lost.nothing, lost.phone_lost, _CARE),
    ReachAction.BEGIN: _Done(duty.not_to_begin, duty.begun, _LEAD),
    ReachAction.END: _Done(duty.not_to_end, duty.ended, _LEAD),
    ReachAction.AGREE: _Done(family.not_to_agree, family.said, _NOBODY),
    ReachAction.WITHDRAW: _Done(family.not_to_withdraw, family.said, _NOBODY),
    ReachAction.AWAY: _Done(family.not_away, family.away, _LEAD),
}
_OF_RESIDENT = frozenset({ReachAction.AGREE, ReachAction.WITHDRAW})
"""Actions whose `of` is a resident."""


def act(state: State, command: ReachCommand, at: Instant, ids: Ids) -> list[facts.AnyFact]:
    """Return what the command does, and its end. A known command id gives nothing: it has ended."""
    if command.id in state.proofs.commands:
        return []
    refused = _refusal(state, command, at)
    done = [] if refused else _ACTIONS[command.action].facts(state, command, at)
    test = next((fact.test for fact in done if isinstance(fact, facts.ChannelTested)), None)
    ended = ReachEnded(
        command=command.id,
        person=command.person,
        action=command.action,
        refused=refused,
        test=test,
    )
    return [*done, *_told(state, command, refused, at, ids), ended]


def _refusal(state: State, command: ReachCommand, at: Instant) -> Reason | None:
    registry, action = state.registry, _ACTIONS[command.action]
    if command.person not in registry.people:
        return because(ReasonCode.NO_SUCH_PERSON)
    if command.action not in _OF_RESIDENT and not _may(registry, command, action.for_others):
        known = (command.of or "") in registry.people
        return because(ReasonCode.ROLE_MAY_NOT if known else ReasonCode.NO_SUCH_PERSON)
    if at - command.made_at > COMMAND_LIFE:
        return because(ReasonCode.COMMAND_EXPIRED)
    return action.refusal(state, command, at)


def _may(registry: Registry, command: ReachCommand, roles: frozenset[Role]) -> bool:
    if command.of in {None, command.person}:
        return True
    known = command.of in registry.people
    return known and not roles.isdisjoint(registry.people[command.person].roles)


def _told(
    state: State, command: ReachCommand, refused: Reason | None, at: Instant, ids: Ids
) -> list[facts.AnyFact]:
    """Return the word to the leads: somebody wants to go on duty and cannot be reached, or a
    relative is not to be called any more."""
    if refused is not None and refused.code is ReasonCode.NO_CHANNEL_PROVEN:
        person = command.of or command.person
        why = because(ReasonCode.PERSON_NOT_PROVEN, person=person)
        return tell_leads_of(state, person, why, at, ids)
    if refused is None and command.action is ReachAction.WITHDRAW:
        why = because(ReasonCode.RELATIVE_WITHDREW, person=command.person)
        return tell_leads_of(state, command.person, why, at, ids)
    return []
