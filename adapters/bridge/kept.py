"""What a listener keeps over restarts (`Keep`): a small key-value file, durable on return."""

import os
import sqlite3
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType

from adapters.session import Keep


class Kept:
    """One listener's values. Values that do not change cost nothing; a device that registers the
    same contact every few minutes writes once."""

    def __init__(self, directory: Path, listener: str) -> None:
        """Open or make `<listener>.sqlite`, readable by its owner only."""
        path = directory / f"{listener}.sqlite"
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=FULL")
        self._db.execute("CREATE TABLE IF NOT EXISTS kept (key TEXT PRIMARY KEY, value TEXT)")
        self._values: dict[str, str] = dict(self._db.execute("SELECT key, value FROM kept"))

    @property
    def values(self) -> Mapping[str, str]:
        """What is kept now."""
        return MappingProxyType(self._values)

    def apply(self, changes: Iterable[Keep]) -> None:
        """Store the changes in one transaction."""
        real = [one for one in changes if self._values.get(one.key) != one.value]
        if not real:
            return
        self._db.execute("BEGIN")
        for one in real:
            if one.value is None:
                self._values.pop(one.key, None)
                self._db.execute("DELETE FROM kept WHERE key = ?", (one.key,))
            else:
                self._values[one.key] = one.value
                self._db.execute("INSERT OR REPLACE INTO kept VALUES (?, ?)", (one.key, one.value))
        self._db.execute("COMMIT")

    def close(self) -> None:
        self._db.close()
