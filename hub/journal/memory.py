"""The journal in memory: for tests and simulation. What it holds is gone with the process.

`MemoryStore` plays the disk: writers and readers of one partition share it, and it outlives a
writer that is abandoned in the middle. As on the disk, all that has queued is committed together.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any

from msgspec.structs import replace

from hub.journal.appends import Appends, Job, Pulse, Removal
from hub.journal.lease import LASTS, STARTS_WITHIN, Lease
from hub.journal.port import (
    AnotherWriter,
    Checkpoint,
    Cursor,
    Document,
    JournalBroken,
    Record,
    Removed,
)
from hub.journal.rows import Row, Upcasters, to_record
from routing.facts import UPCASTERS, AnyFact
from routing.instant import Instant


class MemoryStore:
    """One partition's durable content."""

    def __init__(self, partition: str) -> None:
        self.partition = partition
        self.rows: list[Row] = []
        self.removed = 0
        """How many records were removed before the first of `rows`."""
        self.documents: dict[tuple[str, str], bytes] = {}
        self.checkpoints: dict[str, Checkpoint] = {}
        self.committed = Pulse()
        self.full = False
        """Set to play a disk that takes no more."""
        self.written = False
        """Whether a writer that lives has it open."""
        self.lease: Lease | None = None

    def claim(self, owner: str, instead_of: Lease | None) -> Lease:
        """Take the lease with a new token; AnotherWriter when `instead_of` is not the present
        one."""
        if instead_of is not None and instead_of != self.lease:
            raise AnotherWriter(f"{self.lease and self.lease.owner} has the lease: wait")
        token = self.lease.token + 1 if self.lease else 1
        self.lease = Lease(owner, token, 0, STARTS_WITHIN)
        return self.lease

    def commit(self, jobs: Sequence[Job], token: int) -> None:
        """Take all the jobs or none; JournalBroken when full, AnotherWriter when rows or another
        worker came."""
        if self.lease is None or self.lease.token != token:
            raise AnotherWriter(f"another worker has taken the lease of {self.partition}: stop one")
        rows = [row for job in jobs for row in job.rows]
        if self.full:
            raise JournalBroken("the store is full: make room, then start again")
        if rows and rows[0].seq != self.head() + 1:
            raise AnotherWriter(f"somebody else has appended to {self.partition}: stop one")
        self.rows += rows
        for job in jobs:
            if job.renew:
                self.lease = replace(self.lease, renewed=self.lease.renewed + 1, lasts=LASTS)
            if job.checkpoint is not None:
                self.checkpoints[job.checkpoint.name] = job.checkpoint
            for document in job.documents:
                self._keep(document)
            if job.remove is not None:
                self._remove(job.remove)
        self.committed.beat()

    def head(self) -> Cursor:
        return self.removed + len(self.rows)

    def _remove(self, removal: Removal) -> None:
        count = min(removal.limit, removal.upto - self.removed)
        if count > 0:
            del self.rows[:count]
            self.removed += count

    def _keep(self, document: Document) -> None:
        if document.body is None:
            self.documents.pop((document.kind, document.id), None)
        else:
            self.documents[document.kind, document.id] = document.body


class MemoryReader:
    """Reads a store; see `hub.journal.port.JournalReader`."""

    def __init__(self, store: MemoryStore, upcasters: Upcasters) -> None:
        self._store = store
        self._upcasters = upcasters

    @property
    def partition(self) -> str:
        return self._store.partition

    def head(self) -> Cursor:
        return self._store.head()

    def start(self) -> Cursor:
        return self._store.removed

    def read(self, after: Cursor, limit: int = 1000) -> Sequence[Record]:
        first = after - self._store.removed
        if first < 0:
            raise Removed(self.partition, after, self._store.removed)
        rows = self._store.rows[first : first + limit]
        return [to_record(row, self._upcasters) for row in rows]

    async def tail(self, after: Cursor) -> AsyncIterator[Sequence[Record]]:
        while True:
            if records := self.read(after):
                after = records[-1].seq
                yield records
            else:
                await self._store.committed.wait()

    def load_checkpoint(self, name: str) -> Checkpoint | None:
        return self._store.checkpoints.get(name)

    def document(self, kind: str, id: str) -> bytes | None:
        return self._store.documents.get((kind, id))

    def lease(self) -> Lease | None:
        return self._store.lease

    def close(self) -> None:
        """Nothing to let go of."""


class MemoryJournal(MemoryReader):
    """Writes a store; see `hub.journal.port.Journal`."""

    def __init__(self, store: MemoryStore, upcasters: Upcasters, token: int) -> None:
        super().__init__(store, upcasters)
        self._token = token
        last_at = store.rows[-1].recorded_at if store.rows else 0
        self._appends = Appends(store.head(), last_at)
        self._queued: list[Job] = []

    def append(
        self, facts: Sequence[AnyFact], at: Instant, documents: Sequence[Document] = ()
    ) -> "asyncio.Future[Cursor]":
        return self._queue(self._appends.append(facts, at, documents))

    def save_checkpoint(self, checkpoint: Checkpoint) -> "asyncio.Future[None]":
        return self._queue(self._appends.checkpoint(checkpoint))

    def remove(self, upto: Cursor, limit: int) -> "asyncio.Future[None]":
        return self._queue(self._appends.remove(upto, limit))

    def renew(self) -> "asyncio.Future[None]":
        return self._queue(self._appends.renew())

    def abandon(self) -> None:
        """Let go as a killed process does: what is queued is lost."""
        self._queued = []
        self._store.written = False

    def close(self) -> None:
        self._appends.close()
        self._commit()
        self._store.written = False

    def _queue(self, job: Job) -> "asyncio.Future[Any]":
        if not self._queued:
            asyncio.get_running_loop().call_soon(self._commit)
        self._queued.append(job)
        return job.future

    def _commit(self) -> None:
        jobs, self._queued = self._queued, []
        if not jobs:
            return
        broken = self._appends.broken
        if broken is None:
            try:
                self._store.commit(jobs, self._token)
            except JournalBroken as error:
                broken = error
        self._appends.settle(jobs, broken)


def open_writer(
    store: MemoryStore,
    upcasters: Upcasters = UPCASTERS,
    *,
    owner: str = "memory",
    instead_of: Lease | None = None,
) -> MemoryJournal:
    """Open the store's journal for writing; see `hub.journal.sqlite.open_writer`."""
    if store.written and instead_of is None:
        raise AnotherWriter(f"another writer has {store.partition} open: stop it first")
    lease = store.claim(owner, instead_of)
    store.written = True
    return MemoryJournal(store, upcasters, lease.token)


def open_reader(store: MemoryStore, upcasters: Upcasters = UPCASTERS) -> MemoryReader:
    """Open the store's journal for reading."""
    return MemoryReader(store, upcasters)
