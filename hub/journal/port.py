"""The journal port: append, read, tail, checkpoint, remove; and documents that facts point to.

A journal belongs to one partition (a municipality) and has a single writer. `append` is atomic: an
input, what was decided from it and the documents it brought are committed together or not at all.
Implementations: `hub.journal.memory`, `hub.journal.sqlite`; both pass the same contract tests.

Bounds: `append` never refuses, because a deadline that is not journalled would be a lost one. The
runner has a few batches under way at a time (`hub.router.runner.AHEAD`); the broker holds the rest.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Protocol

import msgspec

from hub.journal.lease import Lease
from routing.facts import AnyFact
from routing.instant import Instant

Cursor = int
"""Sequence number of the last record seen; 0 is before the first."""


class Record(msgspec.Struct, frozen=True, gc=False):
    """One fact in its place. `seq` counts from 1 without gaps; `recorded_at` never decreases."""

    seq: int
    recorded_at: Instant
    fact: AnyFact


class Document(msgspec.Struct, frozen=True, gc=False):
    """Personal or free content beside the facts, erasable. `body` None erases it."""

    kind: str
    """`person`, `resident`, `event`, `note`, `frame`, `position`."""
    id: str
    body: bytes | None


class NoJournal(Exception):
    """There is no journal of that name yet: start the router, or correct the path."""


class WrongJournal(Exception):
    """The file is not this partition's journal, or is of a format this version cannot read."""


class Removed(Exception):
    """The records asked for are in the journal no more: start from its checkpoint instead."""

    def __init__(self, partition: str, after: "Cursor", start: "Cursor") -> None:
        super().__init__(
            f"the journal of {partition} begins after record {start}; those after {after} have "
            "been removed. Start from its checkpoint; history has what was removed"
        )
        self.start = start


class JournalBroken(Exception):
    """The journal could not commit. Memory is ahead of it, so the process must end and replay."""


class AnotherWriter(JournalBroken):
    """Somebody else has appended to this partition; stop this writer, only one may run."""


class Checkpoint(msgspec.Struct, frozen=True):
    """A projection's saved fold: everything up to and including `seq`."""

    name: str
    seq: int
    body: bytes


class JournalReader(Protocol):
    """One partition's journal, opened for reading; it never holds the writer up."""

    @property
    def partition(self) -> str:
        """The municipality's id."""

    def head(self) -> Cursor:
        """Sequence number of the last committed record."""

    def start(self) -> Cursor:
        """The cursor before the first record still there: 0 as long as none has been removed."""

    def read(self, after: Cursor, limit: int = 1000) -> Sequence[Record]:
        """Return up to `limit` committed records after the cursor, in order.

        Removed when the first of them is there no more, in the middle of a tail too.
        JournalBroken when a stored fact is of a kind or version that this program does not know.
        """

    def tail(self, after: Cursor) -> AsyncIterator[Sequence[Record]]:
        """Yield committed records after the cursor as they come, in order, no gaps, for ever."""

    def load_checkpoint(self, name: str) -> Checkpoint | None:
        """Return the checkpoint of that name, None when there is none."""

    def document(self, kind: str, id: str) -> bytes | None:
        """Return a document's body, None when there is none (any more)."""

    def lease(self) -> Lease | None:
        """Return who may append; None where nobody has ever opened it for writing."""

    def close(self) -> None:
        """Let go of everything; a writer commits what is queued first."""


class Journal(JournalReader, Protocol):
    """One partition's journal, opened for writing under a lease; used from one asyncio loop.

    Whatever it writes is refused with AnotherWriter once somebody else has taken the lease.
    """

    def renew(self) -> "asyncio.Future[None]":
        """Queue a renewal of the lease; the future ends once that is durable, or fails as those
        of `append` do."""

    def append(
        self, facts: Sequence[AnyFact], at: Instant, documents: Sequence[Document] = ()
    ) -> "asyncio.Future[Cursor]":
        """Queue facts for commit; the future gives the last sequence number once they are durable.

        Returns at once; calls are committed in order, as many together as have queued (never a
        timed window). All facts get `recorded_at = at`; ValueError when that is before the last
        append's. Without facts it only writes or erases documents. The future fails with
        JournalBroken (or AnotherWriter), after which every later append fails too.
        """

    def save_checkpoint(self, checkpoint: Checkpoint) -> "asyncio.Future[None]":
        """Keep the checkpoint in place of the earlier one of its name."""

    def remove(self, upto: Cursor, limit: int) -> "asyncio.Future[None]":
        """Remove the oldest records up to the cursor, `limit` of them at most, all or none.

        A commit of its own after those that have queued: an append waits for one removal at most.
        The last record always stays. SQLite refuses, and breaks, where two checkpoints of the
        state do not stand behind what is removed; who may remove what is the caller's to know.
        """
