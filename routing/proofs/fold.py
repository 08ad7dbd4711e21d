"""What facts change in the book of proofs. Called by `routing.evolve` only."""

from collections.abc import Collection
from functools import singledispatch

from msgspec.structs import replace

from routing import facts
from routing.fact_base import Page
from routing.instant import Instant
from routing.municipality import Person, Resident
from routing.owed import index_owed
from routing.proofs.book import COMMANDS_REMEMBERED, PUSH, Agreement, ChannelTest, kind_of
from routing.proofs.facts import (
    ChannelBack,
    ChannelProven,
    ChannelReceived,
    ChannelTested,
    ChannelUnproven,
    DutyBegun,
    DutyEnded,
    ReachEnded,
    RelativeAgreed,
    RelativeMissed,
)
from routing.reasons import ReasonCode, because
from routing.state import State
from routing.watch import WatchKind


@singledispatch
def fold_proofs(fact: facts.Fact, state: State, at: Instant) -> None:
    """Most facts say nothing about the ways to people."""


@fold_proofs.register
def _(fact: ChannelTested, state: State, at: Instant) -> None:
    book, person, channel = state.proofs, fact.person, fact.channel
    why = because(ReasonCode.CHANNEL_TEST)
    page = Page(f"{fact.test}:t:{person}:{channel}", person, channel, why)
    test = ChannelTest(fact.test, person, channel, fact.by, at, fact.due_at, (page,))
    book.tests[test.id] = test
    book.put(person, channel, replace(book.of(person, channel), tested_at=at, received_at=None))
    index_owed(state, None, test)
    state.watches.put(WatchKind.TEST, test.id, test.due_at)


@fold_proofs.register
def _(fact: ChannelReceived, state: State, at: Instant) -> None:
    book, test = state.proofs, state.proofs.tests[fact.test]
    book.tests[test.id] = received = replace(test, received=True)
    known = book.of(fact.person, fact.channel)
    book.put(fact.person, fact.channel, replace(known, received_at=at))
    index_owed(state, test, received)


@fold_proofs.register
def _(fact: ChannelProven, state: State, at: Instant) -> None:
    _end(state, fact.test)
    book = state.proofs
    proof = replace(
        book.of(fact.person, fact.channel),
        proven_at=at,
        took_ms=fact.took_ms,
        failed_at=None,
        code=None,
    )
    book.put(fact.person, fact.channel, proof)


@fold_proofs.register
def _(fact: ChannelUnproven, state: State, at: Instant) -> None:
    if fact.test is not None:
        _end(state, fact.test)
    known = state.proofs.of(fact.person, fact.channel)
    state.proofs.put(fact.person, fact.channel, replace(known, failed_at=at, code=fact.code))


@fold_proofs.register
def _(fact: ChannelBack, state: State, at: Instant) -> None:
    known = state.proofs.of(fact.person, fact.channel)
    state.proofs.put(fact.person, fact.channel, replace(known, failed_at=None, code=None))


def _end(state: State, test: str) -> None:
    known = state.proofs.tests.pop(test, None)
    if known is not None:
        index_owed(state, known, replace(known, pages=()))
        state.watches.end(WatchKind.TEST, test)


@fold_proofs.register
def _(fact: DutyBegun, state: State, at: Instant) -> None:
    state.proofs.present[fact.person] = at


@fold_proofs.register
def _(fact: DutyEnded, state: State, at: Instant) -> None:
    state.proofs.present.pop(fact.person, None)


@fold_proofs.register
def _(fact: RelativeAgreed, state: State, at: Instant) -> None:
    said = Agreement(fact.person, fact.resident, fact.agreed, at)
    state.proofs.agreed[fact.person, fact.resident] = said
    state.proofs.missed.discard((fact.person, fact.resident))


@fold_proofs.register
def _(fact: RelativeMissed, state: State, at: Instant) -> None:
    state.proofs.missed.add((fact.person, fact.resident))


@fold_proofs.register
def _(fact: ReachEnded, state: State, at: Instant) -> None:
    book = state.proofs
    book.commands[fact.command] = fact
    book.command_times.append((at, fact.command))
    while book.command_times[0][0] + COMMANDS_REMEMBERED < at:
        del book.commands[book.command_times.popleft()[1]]


@fold_proofs.register
def _(fact: facts.ConfigurationRemoved, state: State, at: Instant) -> None:
    if fact.section == "person":
        _end_tests(state, fact.id, ())
        state.proofs.forget(fact.id)
    elif fact.section == "resident":
        state.proofs.unname(lambda _, resident: resident == fact.id)


@fold_proofs.register
def _(fact: facts.ConfigurationSet, state: State, at: Instant) -> None:
    """What is known of a channel is known of where it led: a new number must be proven anew, and
    who is named anew as a relative is asked anew. Configuration is folded after this."""
    item, registry = fact.item, state.registry
    if isinstance(item, Resident):
        named = item.relatives
        state.proofs.unname(lambda one, home: home == item.id and one not in named)
    elif isinstance(item, Person) and item.id in registry.people:
        before = registry.people[item.id].channels
        if (before, registry.private.get(("person", item.id))) != (item.channels, fact.private):
            same = [one for one in item.channels if one in before and kind_of(one) == PUSH]
            _end_tests(state, item.id, same)
            state.proofs.readdress(item.id, same)


def _end_tests(state: State, person: str, besides: Collection[str]) -> None:
    tests = [one.id for one in state.proofs.tests_of(person) if one.channel not in besides]
    for test in tests:
        _end(state, test)


def take_up_tests(state: State) -> None:
    """Make the sends of a snapshot's tests owed again."""
    for test in state.proofs.tests.values():
        index_owed(state, None, test)
