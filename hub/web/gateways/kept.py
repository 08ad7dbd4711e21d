"""SMS that nobody could be found for, or that nobody could understand: kept for a lead to read.

One SQLite file per municipality. Numbers and texts are personal data: they are here and nowhere
else, no longer than a month, and in no log.
"""

import os
import sqlite3
from pathlib import Path
from typing import Literal

import msgspec

from routing.instant import DAY, Instant

KEEP: Instant = 30 * DAY
MOST = 500
"""The oldest give way; how many did is told."""
LONGEST_TEXT = 1_000
LONGEST_NUMBER = 40
SHOWN = 200
SUFFIX = ".replies.sqlite"
Why = Literal["unknown-number", "unclear", "unknown-code", "nothing"]
_SCHEMA = """
CREATE TABLE IF NOT EXISTS reply (
  id INTEGER PRIMARY KEY, at INTEGER NOT NULL, gateway TEXT NOT NULL, number TEXT NOT NULL,
  person TEXT, why TEXT NOT NULL, text TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS lost (one INTEGER PRIMARY KEY CHECK (one = 1), count INTEGER NOT NULL);
INSERT OR IGNORE INTO lost VALUES (1, 0);
"""


class KeptReply(msgspec.Struct, frozen=True, kw_only=True):
    """One SMS that came in."""

    at: Instant
    gateway: str
    number: str
    person: str | None
    """Whose number it is, where it is known."""
    why: Why
    text: str


class KeptReplies:
    """One municipality's kept replies."""

    def __init__(self, path: Path) -> None:
        """Open the file, made for its owner only where it is new."""
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=FULL")
        self._db.execute("PRAGMA secure_delete=ON")
        self._db.executescript(_SCHEMA)

    def keep(self, one: KeptReply) -> None:
        """Keep it; durable when this returns."""
        with self._db:
            self._db.execute("BEGIN IMMEDIATE")
            self._db.execute(
                "INSERT INTO reply (at, gateway, number, person, why, text) "
                "VALUES (?, ?, ?, ?, ?, ?)",
                (
                    one.at,
                    one.gateway,
                    one.number[:LONGEST_NUMBER],
                    one.person,
                    one.why,
                    one.text[:LONGEST_TEXT],
                ),
            )
            self._db.execute("DELETE FROM reply WHERE at < ?", (one.at - KEEP,))
            gone = self._db.execute(
                "DELETE FROM reply WHERE id NOT IN (SELECT id FROM reply ORDER BY id DESC LIMIT ?)",
                (MOST,),
            ).rowcount
            self._db.execute("UPDATE lost SET count = count + ?", (gone,))

    def newest(self) -> list[KeptReply]:
        """Return the newest, the last one first."""
        rows = self._db.execute(
            "SELECT at, gateway, number, person, why, text FROM reply ORDER BY id DESC LIMIT ?",
            (SHOWN,),
        )
        return [
            KeptReply(at=at, gateway=gateway, number=number, person=person, why=why, text=text)
            for at, gateway, number, person, why, text in rows
        ]

    def lost(self) -> int:
        """Return how many gave way before their month was over."""
        (count,) = self._db.execute("SELECT count FROM lost").fetchone()
        return int(count)

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()
