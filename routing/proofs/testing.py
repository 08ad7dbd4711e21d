"""A test alarm: a send that the person must answer within two minutes. It is passed by the answer
only; that it has arrived proves radio, not ears."""

from routing import facts
from routing.instant import SECOND, Instant
from routing.proofs.book import NO_ANSWER
from routing.proofs.command import ReachCommand
from routing.proofs.facts import (
    ChannelBack,
    ChannelProven,
    ChannelReceived,
    ChannelTested,
    ChannelUnproven,
)
from routing.proofs.order import channels
from routing.reasons import Reason, ReasonCode, because
from routing.state import Registry, State

ANSWER_S = 120
"""Time to answer a test."""


def _channel(registry: Registry, command: ReachCommand) -> str | None:
    """Return the channel to be tested; None where the person has none like it."""
    mine = channels(registry, command.of or command.person)
    if command.channel is None:
        return mine[0] if mine else None
    return command.channel if command.channel in mine else None


def not_to_test(state: State, command: ReachCommand, at: Instant) -> Reason | None:
    """Return why no test goes out now."""
    person, channel = command.of or command.person, _channel(state.registry, command)
    if channel is None:
        return because(ReasonCode.NO_SUCH_CHANNEL)
    under_way = any(test.channel == channel for test in state.proofs.tests_of(person))
    return because(ReasonCode.TEST_UNDER_WAY) if under_way else None


def tested(state: State, command: ReachCommand, at: Instant) -> list[facts.AnyFact]:
    """Return the test that goes out."""
    return [
        ChannelTested(
            test=f"test-{command.id}",
            person=command.of or command.person,
            channel=_channel(state.registry, command) or "",
            by=command.person,
            due_at=at + ANSWER_S * SECOND,
        )
    ]


def not_to_answer(state: State, command: ReachCommand, at: Instant) -> Reason | None:
    """Return why the answer does not count."""
    test = state.proofs.tests.get(command.test or "")
    if test is None or at >= test.due_at:
        return because(ReasonCode.TEST_IS_OVER)
    return because(ReasonCode.TEST_NOT_YOURS) if test.person != command.person else None


def answered(state: State, command: ReachCommand, at: Instant) -> list[facts.AnyFact]:
    """Return the proof."""
    test = state.proofs.tests[command.test or ""]
    took_ms = (at - test.at) * 1000 // SECOND
    return [ChannelProven(test=test.id, person=test.person, channel=test.channel, took_ms=took_ms)]


def unanswered(state: State, test_id: str) -> ChannelUnproven:
    """Return the end of a test that nobody has answered in time."""
    test = state.proofs.tests[test_id]
    return ChannelUnproven(test=test.id, person=test.person, channel=test.channel, code=NO_ANSWER)


def end_of_test(registry: Registry, ended: facts.SendEnded) -> list[facts.AnyFact]:
    """Return what the end of a test's send means."""
    kind = ChannelReceived if ended.delivered else ChannelUnproven
    told = kind(test=ended.alarm, person=ended.person, channel=ended.channel, code=ended.code)
    return [told, *(shown_by(registry, ended) if ended.delivered else ())]


def shown_by(registry: Registry, ended: facts.SendEnded) -> list[facts.AnyFact]:
    """Return what the end of an ordinary send says about its channel, where that is news."""
    known = registry.people.get(ended.person)
    if known is None or ended.channel not in known.channels:
        return []
    proof = registry.proofs.of(ended.person, ended.channel)
    if not ended.delivered and proof.failed_at is None:
        return [ChannelUnproven(person=ended.person, channel=ended.channel, code=ended.code)]
    if ended.delivered and proof.is_lost:
        return [ChannelBack(person=ended.person, channel=ended.channel)]
    return []
