"""The journal in one SQLite file per partition, for one machine: reading it, and opening it.

Readers, in the writer's process or another one, have connections of their own and block nobody.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

from hub.journal import sqlite_saving
from hub.journal.appends import Appends, Job
from hub.journal.lease import Lease
from hub.journal.port import Checkpoint, Cursor, Document, Record, Removed
from hub.journal.rows import Row, Upcasters, to_record
from hub.journal.sqlite_file import (
    connect_reader,
    connect_writer,
    lock_writer,
    take_lock_over,
)
from hub.journal.sqlite_lease import claim, read_lease
from hub.journal.sqlite_writer import Writer
from routing.facts import UPCASTERS, AnyFact
from routing.instant import Instant

POLL_S = 0.01
"""How often a reader in another process looks for a commit (`PRAGMA data_version`, about 2 us)."""


class SqliteReader:
    """Reads a file; see `hub.journal.port.JournalReader`. Used from one thread."""

    def __init__(self, path: Path, partition: str, upcasters: Upcasters) -> None:
        self.partition = partition
        self._upcasters = upcasters
        self._db = connect_reader(path, partition)

    def head(self) -> Cursor:
        found: Cursor = self._db.execute("SELECT coalesce(max(seq), 0) FROM facts").fetchone()[0]
        return found

    def start(self) -> Cursor:
        found: Cursor = self._db.execute("SELECT coalesce(min(seq), 1) FROM facts").fetchone()[0]
        return found - 1

    def read(self, after: Cursor, limit: int = 1000) -> Sequence[Record]:
        rows = self._db.execute(
            "SELECT seq, recorded_at, tag, version, body FROM facts"
            " WHERE seq > ? ORDER BY seq LIMIT ?",
            (after, limit),
        )
        records = [to_record(Row(*row), self._upcasters) for row in rows.fetchall()]
        # The last record always stays, so what is missing shows in what is found.
        if records and records[0].seq != after + 1:
            raise Removed(self.partition, after, records[0].seq - 1)
        return records

    async def tail(self, after: Cursor) -> AsyncIterator[Sequence[Record]]:
        while True:
            version = self._data_version()
            if records := self.read(after):
                after = records[-1].seq
                yield records
            else:
                while self._data_version() == version:  # noqa: ASYNC110 another process cannot wake us
                    await asyncio.sleep(POLL_S)

    def load_checkpoint(self, name: str) -> Checkpoint | None:
        return sqlite_saving.load(self._db, name)

    def document(self, kind: str, id: str) -> bytes | None:
        row = self._db.execute(
            "SELECT body FROM documents WHERE kind = ? AND id = ?", (kind, id)
        ).fetchone()
        return None if row is None else bytes(row[0])

    def lease(self) -> Lease | None:
        return read_lease(self._db)

    def close(self) -> None:
        self._db.close()

    def _last_at(self) -> Instant:
        """Return the last record's `recorded_at`, 0 when there is none."""
        row = self._db.execute("SELECT recorded_at FROM facts ORDER BY seq DESC LIMIT 1").fetchone()
        return 0 if row is None else int(row[0])

    def _data_version(self) -> int:
        """Return a number that changes when another connection has committed."""
        version: int = self._db.execute("PRAGMA data_version").fetchone()[0]
        return version


class SqliteJournal(SqliteReader):
    """Writes a file; see `hub.journal.port.Journal`. Made by `open_writer`."""

    def __init__(
        self,
        path: Path,
        partition: str,
        upcasters: Upcasters,
        owner: str,
        instead_of: Lease | None,
    ) -> None:
        with ExitStack() as undo:
            if instead_of is None:
                undo.enter_context(lock_writer(path))
            db = undo.enter_context(closing(connect_writer(path, partition)))
            lease = claim(db, owner, instead_of)
            if instead_of is not None:
                undo.enter_context(take_lock_over(path))
            super().__init__(path, partition, upcasters)
            self._held = undo.pop_all()
        self._appends = Appends(self.head(), self._last_at())
        self._writer = Writer(db, self._appends.settle, lease.token)
        self._writer.start()

    async def tail(self, after: Cursor) -> AsyncIterator[Sequence[Record]]:
        while True:
            if records := self.read(after):
                after = records[-1].seq
                yield records
            else:
                await self._appends.settled.wait()

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

    def close(self) -> None:
        self._appends.close()
        self._writer.stop()
        super().close()
        self._held.close()

    def _queue(self, job: Job) -> "asyncio.Future[Any]":
        self._writer.put(job)
        return job.future


def open_writer(
    path: Path,
    partition: str,
    upcasters: Upcasters = UPCASTERS,
    *,
    owner: str | None = None,
    instead_of: Lease | None = None,
) -> SqliteJournal:
    """Open the file for writing under a new lease, and make it where there is none.

    AnotherWriter when a process that lives already writes it, WrongJournal when it is not the
    partition's. `instead_of` is a lease that has run out (`hub.journal.lease.Vigil`): its holder is
    shut out although it lives; AnotherWriter when it is not the present one any more.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return SqliteJournal(path, partition, upcasters, owner or f"process {os.getpid()}", instead_of)


def open_reader(path: Path, partition: str, upcasters: Upcasters = UPCASTERS) -> SqliteReader:
    """Open the file for reading only; NoJournal when the router has not made it yet."""
    return SqliteReader(path, partition, upcasters)
