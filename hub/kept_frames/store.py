"""The file of kept frames: one SQLite file per municipality, beside the journal.

Whose frames give way: those of the device that has most of them, telemetry before help, the oldest
first. So a device that floods pushes out its own frames and nobody else's. What gave way is counted
with the instants of its first and last, for the alarm that tells of it.
"""

import os
import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from hub.kept_frames.model import HeardOf, Kept, Limits, Lost
from routing.instant import Instant
from routing.kinds import Kind

SUFFIX = ".kept.sqlite"
_BUSY_S = 5.0
_KINDS_SHOWN = 5
_LIMITS = Limits()
_SCHEMA = """
CREATE TABLE IF NOT EXISTS kept (
  id TEXT PRIMARY KEY, subject TEXT NOT NULL, listener TEXT NOT NULL, kind TEXT NOT NULL,
  received_at INTEGER NOT NULL, help INTEGER NOT NULL, octets INTEGER NOT NULL, body BLOB NOT NULL,
  replayed_at INTEGER
);
CREATE INDEX IF NOT EXISTS kept_subject ON kept (subject, received_at);
CREATE TABLE IF NOT EXISTS heard (
  subject TEXT PRIMARY KEY, listener TEXT NOT NULL, first_at INTEGER NOT NULL,
  last_at INTEGER NOT NULL, count INTEGER NOT NULL, kinds BLOB NOT NULL
);
"""


def path_beside(folder: Path, municipality: str) -> Path:
    """Return where the municipality's kept frames are."""
    return folder / f"{municipality}{SUFFIX}"


class KeptFrames:
    """One municipality's kept frames. Used from one thread at a time."""

    def __init__(self, path: Path, limits: Limits = _LIMITS) -> None:
        """Open the file for writing, made for its owner only where it is new."""
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        self._db = sqlite3.connect(
            path, timeout=_BUSY_S, isolation_level=None, check_same_thread=False
        )
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=FULL")
        self._db.execute("PRAGMA secure_delete=ON")
        self._db.executescript(_SCHEMA)
        self._limits = limits

    def keep(self, frames: Iterable[Kept], at: Instant) -> Lost | None:
        """Keep the frames in one commit, and return what had to give way for them.

        A frame that is kept already is the same frame, heard again: only its count rises.
        """
        lost: list[Instant] = []
        with self._db:
            self._db.execute("BEGIN IMMEDIATE")
            self._db.execute("DELETE FROM kept WHERE received_at < ?", (at - self._limits.keep,))
            self._db.execute("DELETE FROM heard WHERE last_at < ?", (at - self._limits.keep,))
            for one in frames:
                self._tally(one)
                if one.replayable:
                    self._put(one)
                    lost += self._make_room()
            self._forget_the_longest_silent()
        return Lost(len(lost), min(lost), max(lost)) if lost else None

    def _put(self, one: Kept) -> None:
        row = (one.id, one.subject, one.listener, one.kind, one.received_at, one.help)
        self._db.execute(
            "INSERT OR IGNORE INTO kept VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL)",
            (*row, len(one.body), one.body),
        )

    def _tally(self, one: Kept) -> None:
        row = self._db.execute(
            "SELECT kinds FROM heard WHERE subject = ?", (one.subject,)
        ).fetchone()
        before: list[str] = [] if row is None else msgspec.json.decode(row[0])
        kinds = [str(one.kind), *(kind for kind in before if kind != one.kind)][:_KINDS_SHOWN]
        self._db.execute(
            "INSERT INTO heard VALUES (?, ?, ?, ?, 1, ?) ON CONFLICT (subject) DO UPDATE SET "
            "listener = excluded.listener, last_at = max(last_at, excluded.last_at), "
            "count = count + 1, kinds = excluded.kinds",
            (
                one.subject,
                one.listener,
                one.received_at,
                one.received_at,
                msgspec.json.encode(kinds),
            ),
        )

    def _make_room(self) -> list[Instant]:
        """Let frames go until the rest fits; return when they had been heard."""
        gone: list[Instant] = []
        while self._is_over():
            (most,) = self._db.execute(
                "SELECT subject FROM kept GROUP BY subject ORDER BY count(*) DESC LIMIT 1"
            ).fetchone()
            id, received_at = self._db.execute(
                "SELECT id, received_at FROM kept WHERE subject = ? "
                "ORDER BY help, received_at LIMIT 1",
                (most,),
            ).fetchone()
            self._db.execute("DELETE FROM kept WHERE id = ?", (id,))
            gone.append(received_at)
        return gone

    def _is_over(self) -> bool:
        count, octets = self._db.execute(
            "SELECT count(*), coalesce(sum(octets), 0) FROM kept"
        ).fetchone()
        return bool(count > self._limits.frames or octets > self._limits.octets)

    def _forget_the_longest_silent(self) -> None:
        self._db.execute(
            "DELETE FROM heard WHERE subject IN "
            "(SELECT subject FROM heard ORDER BY last_at DESC LIMIT -1 OFFSET ?)",
            (self._limits.subjects,),
        )

    def replayed(self, ids: Sequence[str], at: Instant) -> None:
        """Note that the frames were treated again: they are not taken up a second time."""
        with self._db:
            self._db.execute("BEGIN IMMEDIATE")
            self._db.executemany(
                "UPDATE kept SET replayed_at = ? WHERE id = ?", [(at, id) for id in ids]
            )

    def select(
        self, who: str, from_at: Instant | None, to_at: Instant | None, limit: int
    ) -> list[Kept]:
        """Return up to `limit` frames that were not treated again yet, the oldest first. `who` is
        the id of one frame, or the subject of a device; the period is [from_at, to_at)."""
        rows = self._db.execute(
            "SELECT id, subject, listener, kind, received_at, body FROM kept "
            "WHERE (subject = ?1 OR id = ?1) AND replayed_at IS NULL "
            "AND received_at >= coalesce(?2, received_at) "
            "AND received_at < coalesce(?3, received_at + 1) ORDER BY received_at, id LIMIT ?4",
            (who, from_at, to_at, limit),
        ).fetchall()
        return [
            Kept(id, subject, by, Kind(kind), heard_at, body)
            for id, subject, by, kind, heard_at, body in rows
        ]

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()


def heard_of(path: Path) -> list[HeardOf]:
    """Return the devices that were heard, the latest first; none where there is no file yet."""
    if not path.exists():
        return []
    db = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=_BUSY_S)
    try:
        rows = db.execute(
            "SELECT subject, listener, first_at, last_at, count, kinds, (SELECT count(*) FROM kept "
            "WHERE kept.subject = heard.subject AND replayed_at IS NULL) "
            "FROM heard ORDER BY last_at DESC"
        ).fetchall()
    finally:
        db.close()
    return [
        HeardOf(subject, by, first, last, count, _kinds(kinds), kept)
        for subject, by, first, last, count, kinds, kept in rows
    ]


def _kinds(body: bytes) -> tuple[Kind, ...]:
    return tuple(Kind(kind) for kind in msgspec.json.decode(body))
