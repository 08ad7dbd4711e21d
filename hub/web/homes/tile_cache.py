"""Map tiles on disk: one SQLite file, bounded; what was not looked at for longest gives way."""

import os
import sqlite3
import threading
from dataclasses import dataclass
from pathlib import Path

from routing.instant import Instant

Tile = tuple[int, int, int]
"""Zoom, column and row."""
_SCHEMA = """
CREATE TABLE IF NOT EXISTS tiles (
  source TEXT NOT NULL, z INTEGER NOT NULL, x INTEGER NOT NULL, y INTEGER NOT NULL,
  fetched_at INTEGER NOT NULL, used INTEGER NOT NULL, octets INTEGER NOT NULL, body BLOB NOT NULL,
  PRIMARY KEY (source, z, x, y)
);
CREATE INDEX IF NOT EXISTS tiles_used ON tiles (used);
"""
_PAGES = 1000
"""Freed pages given back to the file system at once."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A tile as it is kept."""

    body: bytes
    fetched_at: Instant


class TileCache:
    """The tiles of one source. May be used from several threads."""

    def __init__(self, path: Path, source: str, octets: int) -> None:
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._db.execute("PRAGMA auto_vacuum=INCREMENTAL")
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")  # what is lost is fetched again
        self._db.executescript(_SCHEMA)
        self._db.execute("DELETE FROM tiles WHERE source <> ?", (source,))
        self._source, self._most = source, octets
        self._lock = threading.Lock()
        (self._octets,) = self._db.execute("SELECT coalesce(sum(octets), 0) FROM tiles").fetchone()
        (self._use,) = self._db.execute("SELECT coalesce(max(used), 0) FROM tiles").fetchone()

    @property
    def octets(self) -> int:
        """How much is kept."""
        return int(self._octets)

    def find(self, tile: Tile) -> Kept | None:
        """Return the tile, and count it as looked at."""
        with self._lock:
            key = (self._source, *tile)
            row = self._db.execute(
                "SELECT body, fetched_at FROM tiles WHERE source=? AND z=? AND x=? AND y=?", key
            ).fetchone()
            if row is None:
                return None
            self._use += 1
            self._db.execute(
                "UPDATE tiles SET used=? WHERE source=? AND z=? AND x=? AND y=?", (self._use, *key)
            )
            return Kept(*row)

    def keep(self, tile: Tile, body: bytes, at: Instant) -> None:
        """Keep the tile, and let others go until all fit."""
        with self._lock, self._db:
            self._db.execute("BEGIN IMMEDIATE")
            self._use += 1
            key = (self._source, *tile)
            self._remove("source=? AND z=? AND x=? AND y=?", key)
            self._db.execute(
                "INSERT INTO tiles VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (*key, at, self._use, len(body), body),
            )
            self._octets += len(body)
            while self._octets > self._most:
                oldest = "rowid = (SELECT rowid FROM tiles ORDER BY used LIMIT 1)"
                if not self._remove(oldest, ()):
                    break
        self._db.execute(f"PRAGMA incremental_vacuum({_PAGES})")

    def _remove(self, which: str, values: tuple[object, ...]) -> bool:
        rows = self._db.execute(f"DELETE FROM tiles WHERE {which} RETURNING octets", values)
        gone = [octets for (octets,) in rows.fetchall()]
        self._octets -= sum(gone)
        return bool(gone)

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()
