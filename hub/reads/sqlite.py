"""The access log in one SQLite file per municipality, beside its journal.

It is a file of its own: it lives longer than the journal, other people may read it, and a full
table of looks never slows an alarm down. Rows are only added, and a look that goes on moves its
`last_at`; nothing else is ever changed. `synchronous=FULL`: who reads is on disk before they read.
"""

import os
import sqlite3
import threading
from collections.abc import Iterable
from contextlib import closing
from dataclasses import fields
from pathlib import Path

from hub.reads.port import SAME_LOOK, TOUCH, LogBroken, Look, Read, Sought, What
from routing.instant import HOUR, Instant

FORMAT = 1
_BUSY_S = 5.0
_LOOK = tuple(field.name for field in fields(Look))
_SCHEMA = """
CREATE TABLE IF NOT EXISTS reads (
  number INTEGER PRIMARY KEY, at INTEGER NOT NULL, last_at INTEGER NOT NULL,
  person TEXT NOT NULL, name TEXT NOT NULL, roles TEXT NOT NULL, handset TEXT NOT NULL,
  resident TEXT NOT NULL, what TEXT NOT NULL, why TEXT NOT NULL, kind TEXT NOT NULL,
  tap TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS reads_resident ON reads (resident, at);
CREATE INDEX IF NOT EXISTS reads_same ON reads (person, resident, what, why, last_at);
CREATE INDEX IF NOT EXISTS reads_handset ON reads (handset, at);
CREATE INDEX IF NOT EXISTS reads_last ON reads (last_at);
"""
_SAME = (
    "SELECT number, last_at FROM reads WHERE person = ? AND resident = ? AND what = ? AND why = ? "
    "AND handset = ? AND tap = ? AND (tap <> '' OR last_at >= ?) ORDER BY last_at DESC LIMIT 1"
)


class SqliteReads:
    """One municipality's access log. May be used from several threads."""

    def __init__(self, path: Path, keep: Instant) -> None:
        """Open the file, made for its owner only where it is new. LogBroken when it is none."""
        self._path, self._keep = path, keep
        self._cut_at: Instant | None = None
        self._lock = threading.Lock()
        try:
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
            self._db = _connect(path)
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA synchronous=FULL")
            self._db.execute("PRAGMA secure_delete=ON")
            self._db.executescript(_SCHEMA)
            self._db.execute(f"PRAGMA user_version={FORMAT}")
        except (OSError, sqlite3.Error) as error:
            raise LogBroken(f"{path}: {error}") from error

    def append(self, looks: Iterable[Look], at: Instant) -> None:
        """Write the looks down in one commit; durable when it returns. LogBroken when not."""
        with self._lock:
            try:
                fresh, going_on = self._sorted(looks, at)
                if fresh or going_on or self._is_due(at):
                    self._write(fresh, going_on, at)
            except sqlite3.Error as error:
                raise LogBroken(f"{self._path}: {error}") from error

    def _sorted(self, looks: Iterable[Look], at: Instant) -> tuple[list[Look], list[int]]:
        """Part the looks into those that are new, and the rows whose `last_at` moves."""
        fresh: list[Look] = []
        going_on: list[int] = []
        for look in looks:
            key = (look.person, look.resident, look.what, look.why, look.handset, look.tap)
            row = self._db.execute(_SAME, (*key, at - SAME_LOOK)).fetchone()
            if row is None:
                fresh.append(look)
            elif at - row[1] >= TOUCH:
                going_on.append(row[0])
        return fresh, going_on

    def _write(self, fresh: list[Look], going_on: list[int], at: Instant) -> None:
        marks = ", ".join("?" * (len(_LOOK) + 2))
        insert = f"INSERT INTO reads (at, last_at, {', '.join(_LOOK)}) VALUES ({marks})"
        with self._db:
            self._db.execute("BEGIN IMMEDIATE")
            self._db.executemany(
                insert, [(at, at, *(getattr(look, name) for name in _LOOK)) for look in fresh]
            )
            self._db.executemany(
                "UPDATE reads SET last_at = ? WHERE number = ?", [(at, row) for row in going_on]
            )
            if self._is_due(at):
                self._db.execute("DELETE FROM reads WHERE last_at < ?", (at - self._keep,))
                self._cut_at = at

    def _is_due(self, at: Instant) -> bool:
        return self._cut_at is None or at - self._cut_at >= HOUR

    def find(self, sought: Sought) -> list[Read]:
        """Return the looks, the oldest first. LogBroken."""
        with self._lock:
            try:
                return _find(self._db, sought)
            except sqlite3.Error as error:
                raise LogBroken(f"{self._path}: {error}") from error

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()


def find_in(path: Path, sought: Sought) -> list[Read]:
    """Read a log beside a running hub; none where there is no file yet. LogBroken."""
    if not path.exists():
        return []
    try:
        with closing(_connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as db:
            return _find(db, sought)
    except sqlite3.Error as error:
        raise LogBroken(f"{path}: {error}") from error


def _connect(path: Path | str, *, uri: bool = False) -> sqlite3.Connection:
    db = sqlite3.connect(
        path, timeout=_BUSY_S, isolation_level=None, check_same_thread=False, uri=uri
    )
    (version,) = db.execute("PRAGMA user_version").fetchone()
    if version not in {0, FORMAT}:
        db.close()
        raise LogBroken(f"{path} is of format {version}, which this version cannot read")
    return db


def _find(db: sqlite3.Connection, sought: Sought) -> list[Read]:
    rows = db.execute(
        f"SELECT at, last_at, {', '.join(_LOOK)} FROM reads "
        "WHERE (?1 IS NULL OR resident = ?1) AND (?2 IS NULL OR person = ?2) "
        "AND (?3 IS NULL OR handset = ?3) AND at >= ?4 AND (?5 IS NULL OR at < ?5) "
        "ORDER BY at, number",
        (sought.resident, sought.person, sought.handset, sought.from_at, sought.to_at),
    ).fetchall()
    names = ("at", "last_at", *_LOOK)
    made = (dict(zip(names, row, strict=True)) for row in rows)
    return [Read(**{**one, "what": What(one["what"])}) for one in made]
