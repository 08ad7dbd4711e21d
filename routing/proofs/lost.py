"""A channel or a phone is gone: whom it would have called is called by another way at once, and
what its owner has is given to others."""

from collections.abc import Iterator

from routing import facts
from routing.alarm import Alarm
from routing.chain import Draft, page
from routing.instant import Instant
from routing.lifecycle import OPEN, OWNED
from routing.pass_time import reopen
from routing.proofs.book import PUSH, kind_of
from routing.proofs.command import ReachCommand
from routing.proofs.facts import ChannelBack, ChannelUnproven, PhoneLost
from routing.proofs.order import after, channels, next_channel
from routing.reasons import Reason, ReasonCode, because
from routing.state import Registry, State

NO_SUBSCRIPTION = "no-subscription"
PHONE_GONE = "phone-lost"


def nothing(state: State, command: ReachCommand, at: Instant) -> Reason | None:
    """A lost phone is never too little reason."""
    return None


def no_channel(state: State, command: ReachCommand, at: Instant) -> Reason | None:
    """Return why there is nothing to say about the channel."""
    mine = channels(state.registry, command.of or command.person)
    return None if command.channel in mine else because(ReasonCode.NO_SUCH_CHANNEL)


def subscribed(state: State, command: ReachCommand, at: Instant) -> list[facts.AnyFact]:
    """Return that the channel is there again, where it was lost. One whose test nobody has answered
    stays unproven: only an answer says that somebody hears it."""
    person, channel = command.of or command.person, command.channel or ""
    lost = state.proofs.of(person, channel).is_lost
    return [ChannelBack(person=person, channel=channel)] if lost else []


def channel_lost(state: State, command: ReachCommand, at: Instant) -> list[facts.AnyFact]:
    """Return that the channel is gone, and the calls that go on by another."""
    person, channel = command.of or command.person, command.channel or ""
    gone = _unproven(state, person, channel, command.code or NO_SUBSCRIPTION)
    return [*gone, *_called_otherwise(state, person, (channel,), at)]


def phone_lost(state: State, command: ReachCommand, at: Instant) -> list[facts.AnyFact]:
    """Return that the phone is gone. What its owner has is looking for somebody again, also where
    they are at the resident: without the phone they can neither be asked nor close it."""
    person = command.of or command.person
    mine = [one for one in channels(state.registry, person) if kind_of(one) == PUSH]
    out: list[facts.AnyFact] = [PhoneLost(person=person, by=command.person)]
    for channel in mine:
        out += _unproven(state, person, channel, PHONE_GONE)
    known = after(state.registry, out)
    for alarm in state.alarms.values():
        if alarm.owner == person and alarm.phase in OWNED:
            draft = Draft(alarm, at)
            codes = (ReasonCode.OWNER_PHONE_LOST, ReasonCode.LEAD_TOLD_PHONE_LOST)
            reopen(known, draft, *codes)
            out += draft.decided
    return [*out, *_called_otherwise(state, person, tuple(mine), at)]


def _unproven(state: State, person: str, channel: str, code: str) -> Iterator[facts.AnyFact]:
    tests = [test for test in state.proofs.tests_of(person) if test.channel == channel]
    for test in tests:
        yield ChannelUnproven(test=test.id, person=person, channel=channel, code=code)
    if not tests and state.proofs.of(person, channel).code != code:
        yield ChannelUnproven(person=person, channel=channel, code=code)


def _called_otherwise(
    state: State, person: str, gone: tuple[str, ...], at: Instant
) -> Iterator[facts.AnyFact]:
    """Yield the next call of each open alarm whose last call to the person went by such a
    channel."""
    for alarm in state.alarms.values():
        if alarm.phase in OPEN and alarm.owner != person:
            for one in alarm.pages:
                if one.person == person and one.channel in gone and _counts(alarm, one):
                    yield from _next(state.registry, alarm, one)


def _counts(alarm: Alarm, one: facts.Page) -> bool:
    """Whether the call rests on this send."""
    ended = one.send in alarm.failed or one.send in alarm.passed_on
    return not ended and one.person not in alarm.seen


def _next(registry: Registry, alarm: Alarm, one: facts.Page) -> Iterator[facts.AnyFact]:
    following = next_channel(registry, alarm, one.person, one.send)
    if following is None:
        return
    why = because(ReasonCode.CHANNEL_LOST, channel=one.channel)
    where = one.send.split(":")[1]
    called = page(alarm, where, one.person, following, why, informed=one.informed)
    yield facts.Paged(alarm=alarm.id, pages=(called,), reason=why, instead_of=one.send)
