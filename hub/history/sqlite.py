"""History in one SQLite file per municipality, beside its journal: the facts of every alarm, task
and configuration, and of how people were reached and on duty, filed under whom they are about, for
as long as the municipality keeps them.

Facts are copied as they are: ids, codes and instants, no free text. The position is committed with
the rows it stands for and synced (`synchronous=FULL`), because the journal is cut behind it.
"""

import sqlite3
from collections.abc import Collection, Iterator, Sequence
from contextlib import closing, contextmanager
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Literal

from hub.history.subject import CONFIGURATION, subject
from hub.journal.port import Cursor, Record
from hub.journal.rows import Row, Upcasters, to_record, to_row
from routing.facts import UPCASTERS, AlarmRaised, EventRecorded

FORMAT = 1
FILED = 2
"""What is taken up of the journal: 1 nothing about people, 2 that too."""
_BUSY_S = 5.0
_IDS = 500
"""Ids in one question."""
_SCHEMA = """
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS facts (
  seq INTEGER PRIMARY KEY, about TEXT NOT NULL, recorded_at INTEGER NOT NULL,
  tag TEXT NOT NULL, version INTEGER NOT NULL, body BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS facts_about ON facts (about, seq);
CREATE TABLE IF NOT EXISTS gaps (after INTEGER PRIMARY KEY, upto INTEGER NOT NULL);
COMMIT;
"""
_ROW = "seq, recorded_at, tag, version, body"


class NoHistory(Exception):
    """There is no history yet: the web process makes it."""


class WrongHistory(Exception):
    """The file is not this municipality's history, or of a format this version cannot read."""


class History:
    """One municipality's history. A connection for one thread at a time."""

    def __init__(self, db: sqlite3.Connection, upcasters: Upcasters) -> None:
        self._db, self._upcasters = db, upcasters
        self.event: Record | None = None
        """The device event read last: if it raises an alarm, it is filed under that."""

    @property
    def position(self) -> Cursor:
        """The last record of the journal that has been taken up or passed."""
        return int(self._meta("position") or 0)

    @property
    def last(self) -> str:
        """Digest of the record at the position."""
        return self._meta("last") or ""

    def about(self, ids: Collection[str], upto: Cursor | None = None) -> Iterator[Record]:
        """Yield all records filed under the ids, in order, up to a cursor."""
        wanted, rows = iter(ids), list[Row]()
        while some := list(islice(wanted, _IDS)):
            marks = ", ".join("?" * len(some))
            found = self._db.execute(
                f"SELECT {_ROW} FROM facts WHERE about IN ({marks}) AND seq <= ?",
                (*some, self.position if upto is None else upto),
            )
            rows += [Row(*row) for row in found]
        yield from (to_record(row, self._upcasters) for row in sorted(rows))

    def knows(self, id: str) -> bool:
        """Whether anything is filed under the id."""
        found = self._db.execute("SELECT 1 FROM facts WHERE about = ? LIMIT 1", (id,))
        return id != CONFIGURATION and found.fetchone() is not None

    def removals(self, upto: Cursor) -> Iterator[Record]:
        """Yield what has been removed from the configuration, in order, up to a cursor."""
        found = self._db.execute(
            f"SELECT {_ROW} FROM facts WHERE about = ? AND tag = 'configuration.removed'"
            " AND seq <= ? ORDER BY seq",
            (CONFIGURATION, upto),
        )
        yield from (to_record(Row(*row), self._upcasters) for row in found.fetchall())

    def latest(self, count: int) -> list[str]:
        """Return the alarms raised last, newest first."""
        found = self._db.execute(
            "SELECT about FROM facts WHERE tag = 'alarm.raised' ORDER BY seq DESC LIMIT ?", (count,)
        )
        return [about for (about,) in found]

    def gaps(self) -> list[tuple[Cursor, Cursor]]:
        """Return (after, upto) of the records that were removed before history had read them."""
        return [(after, upto) for after, upto in self._db.execute("SELECT * FROM gaps")]

    def take(self, records: Sequence[Record]) -> None:
        """Take up records that follow the position, and move it behind them, in one commit."""
        rows = [row for record in records for row in self._file(record)]
        with self._db:
            self._db.execute("BEGIN IMMEDIATE")
            # Two web processes may follow the same journal: the same rows come twice.
            self._db.executemany("INSERT OR REPLACE INTO facts VALUES (?, ?, ?, ?, ?, ?)", rows)
            self._move(records[-1].seq, digest(records[-1]))

    def _file(self, record: Record) -> Iterator[tuple[object, ...]]:
        fact, about = record.fact, subject(record.fact)
        if isinstance(fact, EventRecorded):
            self.event = record
        event = self.event
        if isinstance(fact, AlarmRaised) and event is not None and _raised(event, fact):
            yield _row(event, fact.alarm)
        if about is not None:
            yield _row(record, about)

    def skip(self, upto: Cursor) -> None:
        """Note that what comes up to the cursor cannot be had any more, and go on behind it."""
        with self._db:
            self._db.execute("BEGIN IMMEDIATE")
            self._db.execute("INSERT OR REPLACE INTO gaps VALUES (?, ?)", (self.position, upto))
            self._move(upto, "")

    def complete(self, start: Cursor) -> None:
        """Go back to the journal's start where an earlier version has taken up less of it than this
        one does: the same rows come twice, and those that it left out once."""
        if int(self._meta("filed") or 1) >= FILED:
            return
        with self._db:
            self._db.execute("BEGIN IMMEDIATE")
            if self.position > start:
                self._move(start, "")
            self._note("filed", str(FILED))

    def forget(self, after: Cursor) -> None:
        """Drop what was taken up after the cursor: the journal says otherwise now."""
        with self._db:
            self._db.execute("BEGIN IMMEDIATE")
            self._db.execute("DELETE FROM facts WHERE seq > ?", (after,))
            self._move(after, "")

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def _meta(self, name: str) -> str | None:
        row = self._db.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return None if row is None else str(row[0])

    def _move(self, position: Cursor, last: str) -> None:
        self._note("position", str(position))
        self._note("last", last)

    def _note(self, name: str, value: str) -> None:
        self._db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, value))


def _raised(event: Record, alarm: AlarmRaised) -> bool:
    return isinstance(event.fact, EventRecorded) and event.fact.event == alarm.event


def _row(record: Record, about: str) -> tuple[object, ...]:
    return record.seq, about, *to_row(record.seq, record.recorded_at, record.fact)[1:]


def digest(record: Record) -> str:
    """Return what tells this record from another one of its number."""
    row = to_row(record.seq, record.recorded_at, record.fact)
    return sha256(f"{row.seq} {row.recorded_at} {row.tag} ".encode() + row.body).hexdigest()


def open_history(
    path: Path,
    municipality: str,
    mode: Literal["ro", "rwc"] = "ro",
    upcasters: Upcasters = UPCASTERS,
) -> History:
    """Open the file for reading, or (`rwc`) for writing, made where there is none.

    NoHistory when there is nothing to read yet, WrongHistory when the file is not the one.
    """
    if mode == "ro" and not path.exists():
        raise NoHistory(f"there is no history at {path}: the web process makes it")
    db = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={mode}",
        uri=True,
        timeout=_BUSY_S,
        isolation_level=None,
        check_same_thread=False,
    )
    try:
        if mode == "rwc":
            _make(db, path, municipality)
        _check(db, path, municipality)
    except sqlite3.DatabaseError as error:
        db.close()
        raise WrongHistory(
            f"{path} cannot be used as a history ({error}). Restore it from the backup, or move it "
            "and its -wal and -shm files away: a new one is made of what the journal still holds, "
            "and what has left the journal is told no more"
        ) from error
    except (NoHistory, WrongHistory):
        db.close()
        raise
    return History(db, upcasters)


def _make(db: sqlite3.Connection, path: Path, municipality: str) -> None:
    path.chmod(0o600)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=FULL")
    db.executescript(_SCHEMA)
    meta = (("municipality", municipality), ("format", str(FORMAT)))
    db.executemany("INSERT OR IGNORE INTO meta VALUES (?, ?)", meta)


def _check(db: sqlite3.Connection, path: Path, municipality: str) -> None:
    made = db.execute("SELECT 1 FROM sqlite_master WHERE name = 'meta'").fetchone()
    meta = dict(db.execute("SELECT name, value FROM meta").fetchall()) if made else {}
    if not meta:
        raise NoHistory(f"the history at {path} is not made yet: the web process makes it")
    if meta.get("format") != str(FORMAT):
        found = meta.get("format", "no")
        raise WrongHistory(f"{path} has {found} history format, this version reads {FORMAT}")
    if meta["municipality"] != municipality:
        raise WrongHistory(f"{path} is the history of {meta['municipality']}, not {municipality}")


@contextmanager
def history_beside(path: Path, municipality: str) -> Iterator[History | None]:
    """Give the history for reading, None where there is none yet. WrongHistory."""
    try:
        history = open_history(path, municipality)
    except NoHistory:
        yield None
        return
    with closing(history):
        yield history
