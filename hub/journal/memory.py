"""The journal in memory: for tests and simulation. What it holds is gone with the process.

`MemoryStore` plays the disk: writers and readers of one partition share it, and it outlives a
writer that is abandoned in the middle. As on the disk, all that has queued is committed together.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any

from hub.journal.appends import Appends, Job, Pulse
from hub.journal.port import (
    AnotherWriter,
    Checkpoint,
    Cursor,
    Document,
    JournalBroken,
    Record,
)
from hub.journal.rows import Row, Upcasters, to_record
from routing.facts import UPCASTERS, AnyFact
from routing.instant import Instant


class MemoryStore:
    """One partition's durable content."""

    def __init__(self, partition: str) -> None:
        self.partition = partition
        self.rows: list[Row] = []
        self.documents: dict[tuple[str, str], bytes] = {}
        self.checkpoints: dict[str, Checkpoint] = {}
        self.committed = Pulse()
        self.full = False
        """Set to play a disk that takes no more."""
        self.written = False
        """Whether a writer has it open."""

    def commit(self, jobs: Sequence[Job]) -> None:
        """Take all the jobs or none; JournalBroken when full, AnotherWriter when rows came."""
        rows = [row for job in jobs for row in job.rows]
        if self.full:
            raise JournalBroken("the store is full: make room, then start again")
        if rows and rows[0].seq != len(self.rows) + 1:
            raise AnotherWriter(f"somebody else has appended to {self.partition}: stop one")
        self.rows += rows
        for job in jobs:
            if job.checkpoint is not None:
                self.checkpoints[job.checkpoint.name] = job.checkpoint
            for document in job.documents:
                self._keep(document)
        self.committed.beat()

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
        return len(self._store.rows)

    def read(self, after: Cursor, limit: int = 1000) -> Sequence[Record]:
        rows = self._store.rows[after : after + limit]
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

    def close(self) -> None:
        """Nothing to let go of."""


class MemoryJournal(MemoryReader):
    """Writes a store; see `hub.journal.port.Journal`."""

    def __init__(self, store: MemoryStore, upcasters: Upcasters) -> None:
        super().__init__(store, upcasters)
        last_at = store.rows[-1].recorded_at if store.rows else 0
        self._appends = Appends(len(store.rows), last_at)
        self._queued: list[Job] = []

    def append(
        self, facts: Sequence[AnyFact], at: Instant, documents: Sequence[Document] = ()
    ) -> "asyncio.Future[Cursor]":
        return self._queue(self._appends.append(facts, at, documents))

    def save_checkpoint(self, checkpoint: Checkpoint) -> "asyncio.Future[None]":
        return self._queue(self._appends.checkpoint(checkpoint))

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
                self._store.commit(jobs)
            except JournalBroken as error:
                broken = error
        self._appends.settle(jobs, broken)


def open_writer(store: MemoryStore, upcasters: Upcasters = UPCASTERS) -> MemoryJournal:
    """Open the store's journal for writing; AnotherWriter when somebody has."""
    if store.written:
        raise AnotherWriter(f"another writer has {store.partition} open: stop it first")
    store.written = True
    return MemoryJournal(store, upcasters)


def open_reader(store: MemoryStore, upcasters: Upcasters = UPCASTERS) -> MemoryReader:
    """Open the store's journal for reading."""
    return MemoryReader(store, upcasters)
