"""Both journals behind one face, so that every contract test runs against each."""

import resource
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from hub.journal import memory, sqlite
from hub.journal.lease import Lease
from hub.journal.memory import MemoryStore
from hub.journal.port import Journal, JournalReader
from routing.facts import UPCASTERS, EventRecorded, Upcaster
from routing.kinds import Kind

Upcasters = Mapping[tuple[str, int], Upcaster]


def press(event: str) -> EventRecorded:
    """A small fact; `event` tells it from others."""
    return EventRecorded(
        event=event,
        kind=Kind.HELP_PRESSED,
        subject="scaip:26317",
        received_at=1_780_000_000_000_000,
        adapter="scaip",
    )


class Lab(Protocol):
    """A place with journals."""

    def writer(self, partition: str = "solvik", instead_of: Lease | None = None) -> Journal:
        """Open the partition for writing; `instead_of` a lease that has run out."""

    def reader(self, upcasters: Upcasters = UPCASTERS) -> JournalReader:
        """Open partition `solvik` for reading."""

    def intrude(self, seq: int) -> None:
        """Write a fact into partition `solvik` behind the writer's back."""

    @contextmanager
    def full_disk(self) -> Iterator[None]:
        """Let nothing more be stored for a while."""


class MemoryLab:
    def __init__(self) -> None:
        self._stores: dict[str, MemoryStore] = {}

    def _store(self, partition: str) -> MemoryStore:
        return self._stores.setdefault(partition, MemoryStore(partition))

    def writer(self, partition: str = "solvik", instead_of: Lease | None = None) -> Journal:
        return memory.open_writer(self._store(partition), instead_of=instead_of)

    def reader(self, upcasters: Upcasters = UPCASTERS) -> JournalReader:
        return memory.open_reader(self._store("solvik"), upcasters)

    def intrude(self, seq: int) -> None:
        store = self._store("solvik")
        store.rows.append(store.rows[-1]._replace(seq=seq))

    @contextmanager
    def full_disk(self) -> Iterator[None]:
        self._store("solvik").full = True
        try:
            yield
        finally:
            self._store("solvik").full = False


class SqliteLab:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def _path(self, partition: str) -> Path:
        return self._folder / f"{partition}.journal"

    def writer(self, partition: str = "solvik", instead_of: Lease | None = None) -> Journal:
        return sqlite.open_writer(self._path(partition), partition, instead_of=instead_of)

    def reader(self, upcasters: Upcasters = UPCASTERS) -> JournalReader:
        return sqlite.open_reader(self._path("solvik"), "solvik", upcasters)

    def intrude(self, seq: int) -> None:
        db = sqlite3.connect(self._path("solvik"))
        with db:
            db.execute(
                "INSERT INTO facts SELECT ?, recorded_at, tag, version, body FROM facts LIMIT 1",
                (seq,),
            )
        db.close()

    @contextmanager
    def full_disk(self) -> Iterator[None]:
        """No file of this process may grow: the kernel's own refusal (setrlimit(2), EFBIG)."""
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1, hard))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
