"""What is known of every way to every person. Only `routing.evolve` calls the fold."""

from collections import deque
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field

import msgspec

from routing.fact_base import Page
from routing.instant import HOUR, Instant
from routing.kinds import Severity
from routing.proofs.facts import ReachEnded

COMMANDS_REMEMBERED: Instant = HOUR
"""Longer than a phone retries a command."""
PUSH = "push"
"""The kind of channel that lives in a phone's browser: where it leads is not in the file."""
NO_ANSWER = "no-answer"
"""Why a test has failed that has perhaps arrived: a receipt says nothing against it."""


def kind_of(channel: str) -> str:
    """Return a channel's kind: `push` of `push-1`."""
    return channel.rpartition("-")[0]


class Proof(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """What is known of one person's channel."""

    tested_at: Instant | None = None
    """When the last test went out."""
    proven_at: Instant | None = None
    """When the person last answered one ..."""
    took_ms: int | None = None
    """... and how long that took."""
    failed_at: Instant | None = None
    """Since when it is not to be relied on; None: it is, or nobody has tried."""
    code: str | None = None
    """Why not."""
    received_at: Instant | None = None
    """When the last test came to the receiver's service."""

    @property
    def is_lost(self) -> bool:
        """Whether nothing arrives by it; otherwise somebody has only not answered."""
        return self.failed_at is not None and self.code != NO_ANSWER


class ChannelTest(msgspec.Struct, frozen=True, gc=False):
    """A test that is under way: for the notifier a send like any other."""

    id: str
    """`test-` and the id of the command that asked for it."""
    person: str
    channel: str
    by: str
    at: Instant
    due_at: Instant
    pages: tuple[Page, ...]
    received: bool = False

    @property
    def severity(self) -> Severity:
        """Medium: it goes out at once, and never before an alarm of somebody in need."""
        return Severity.MEDIUM

    @property
    def failed(self) -> tuple[str, ...]:
        """None: a test whose send has failed is over."""
        return ()

    @property
    def delivered(self) -> tuple[str, ...]:
        """The test's send, once it has been received."""
        return tuple(page.send for page in self.pages) if self.received else ()

    def owes(self, page: Page) -> bool:
        """Whether the send should be under way."""
        return not self.received


class Agreement(msgspec.Struct, frozen=True, gc=False):
    """What a relative has said about one resident."""

    person: str
    resident: str
    agreed: bool
    at: Instant


class KeptProofs(msgspec.Struct, frozen=True):
    """The book in a snapshot."""

    channels: tuple[tuple[str, str, Proof], ...] = ()
    tests: tuple[ChannelTest, ...] = ()
    present: dict[str, Instant] = {}
    agreed: tuple[Agreement, ...] = ()
    missed: tuple[tuple[str, str], ...] = ()
    commands: tuple[tuple[Instant, ReachEnded], ...] = ()


@dataclass(slots=True)
class ProofBook:
    """Every proof, test, presence and agreement."""

    channels: dict[tuple[str, str], Proof] = field(default_factory=dict)
    """(person, channel) to what is known of it; nothing is of one that nobody has tried."""
    tests: dict[str, ChannelTest] = field(default_factory=dict)
    """Tests under way, by id."""
    present: dict[str, Instant] = field(default_factory=dict)
    """Person to since when they say they are there."""
    agreed: dict[tuple[str, str], Agreement] = field(default_factory=dict)
    """(relative, resident) to what the relative has said; nothing: not asked, or not answered."""
    missed: set[tuple[str, str]] = field(default_factory=set)
    """Those of whom the leads have been told that they have not answered."""
    commands: dict[str, ReachEnded] = field(default_factory=dict)
    command_times: deque[tuple[Instant, str]] = field(default_factory=deque)
    failed: dict[str, frozenset[str]] = field(default_factory=dict)
    """Person to the channels that are not to be relied on; nobody else is in it."""

    def of(self, person: str, channel: str) -> Proof:
        """Return what is known of a channel."""
        return self.channels.get((person, channel), _UNTRIED)

    def tests_of(self, person: str) -> Iterator[ChannelTest]:
        """Yield the person's tests that are under way."""
        return (test for test in self.tests.values() if test.person == person)

    def put(self, person: str, channel: str, proof: Proof) -> None:
        """Write down what is known of a channel."""
        self.channels[person, channel] = proof
        others = self.failed.get(person, frozenset()) - {channel}
        failed = others if proof.failed_at is None else others | {channel}
        if failed:
            self.failed[person] = failed
        else:
            self.failed.pop(person, None)

    def forget(self, person: str) -> None:
        """Forget somebody who has left."""
        self.readdress(person, ())
        self.unname(lambda one, _: one == person)
        self.present.pop(person, None)

    def readdress(self, person: str, same: Collection[str]) -> None:
        """Forget what is known of a person's channels but those that lead where they did."""
        proofs = {
            channel: proof for (who, channel), proof in self.channels.items() if who == person
        }
        for channel in proofs:
            del self.channels[person, channel]
        self.failed.pop(person, None)
        for channel in same:
            if channel in proofs:
                self.put(person, channel, proofs[channel])

    def unname(self, gone: Callable[[str, str], bool]) -> None:
        """Forget what relatives have said where they are not named any more; `gone` is asked of
        relative and resident."""
        self.agreed = {pair: said for pair, said in self.agreed.items() if not gone(*pair)}
        self.missed = {pair for pair in self.missed if not gone(*pair)}

    def keep(self) -> KeptProofs:
        """Return what a snapshot holds."""
        return KeptProofs(
            tuple((*key, proof) for key, proof in self.channels.items()),
            tuple(self.tests.values()),
            dict(self.present),
            tuple(self.agreed.values()),
            tuple(sorted(self.missed)),
            tuple((at, self.commands[c]) for at, c in self.command_times),
        )


_UNTRIED = Proof()


def take_up(kept: KeptProofs) -> ProofBook:
    """Return the book that a snapshot holds."""
    book = ProofBook(present=dict(kept.present))
    for person, channel, proof in kept.channels:
        book.put(person, channel, proof)
    book.tests = {test.id: test for test in kept.tests}
    book.agreed = {(one.person, one.resident): one for one in kept.agreed}
    book.missed = set(kept.missed)
    book.commands = {ended.command: ended for _, ended in kept.commands}
    book.command_times = deque((at, ended.command) for at, ended in kept.commands)
    return book
