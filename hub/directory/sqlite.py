"""The directory in one SQLite file, shared by the web process and `varde code`."""

import hashlib
import secrets
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hub.directory import code as codes
from hub.directory.port import (
    CODE_LIFE,
    GUESS_WINDOW,
    GUESSES_IN_ALL,
    GUESSES_PER_ADDRESS,
    RENEW_AFTER,
    SESSION_LIFE,
    CodeWrong,
    DirectoryBroken,
    Keep,
    TooManyGuesses,
)
from routing.instant import SECOND, Instant

_SCHEMA = """
CREATE TABLE IF NOT EXISTS salt (one INTEGER PRIMARY KEY CHECK (one = 1), value BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS code (
  digest BLOB PRIMARY KEY, person TEXT NOT NULL, issued_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL, municipality TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS session (
  digest BLOB PRIMARY KEY, person TEXT NOT NULL, issued_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL, municipality TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS guess (address BLOB NOT NULL, at INTEGER NOT NULL);
"""


def _token_digest(token: str) -> bytes:
    """A token has 256 random bits, so a fast hash is enough."""
    return hashlib.sha256(token.encode()).digest()


class SqliteDirectory:
    """See `hub.directory.port.Directory`. Usable from any thread."""

    def __init__(self, path: Path, municipality: str) -> None:
        """Open or make the file. DirectoryBroken when it is no directory of ours.

        Municipalities may share the file, and each may have a person of the same id: what one has
        given does not count in another.
        """
        self._lock = threading.Lock()
        self._municipality = municipality
        try:
            self._open(path)
        except (sqlite3.Error, OSError) as error:
            raise DirectoryBroken(
                f"{path} cannot be used ({error}). It holds sign-ins and one-time codes only, no "
                f"alarm: if it is damaged, move it and its -wal and -shm files away; a new one is "
                "made, and people sign in again with new codes"
            ) from error

    def _open(self, path: Path) -> None:
        path.touch(mode=0o600)
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=5)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.executescript(_SCHEMA)
        self._bring_up()
        self._db.execute("INSERT OR IGNORE INTO salt VALUES (1, ?)", (secrets.token_bytes(16),))
        self._salt: bytes = self._db.execute("SELECT value FROM salt").fetchone()[0]

    def _bring_up(self) -> None:
        """A file of an earlier version does not say whose its rows are: they count nowhere."""
        for table in ("code", "session"):
            columns = self._db.execute(f"PRAGMA table_info({table})").fetchall()
            if all(column[1] != "municipality" for column in columns):
                more = f"ALTER TABLE {table} ADD COLUMN municipality TEXT NOT NULL DEFAULT ''"
                self._db.execute(more)

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def issue_code(self, person: str, at: Instant) -> str:
        code = codes.make()
        digest = codes.digest(code.replace("-", ""), self._salt)
        with self._transaction() as db:
            db.execute("DELETE FROM code WHERE expires_at <= ?", (at,))
            row = (digest, person, at, at + CODE_LIFE, self._municipality)
            db.execute("INSERT INTO code VALUES (?, ?, ?, ?, ?)", row)
        return code

    def redeem(self, code: str, address: str, at: Instant) -> str:
        self._allow_guess(address, at)
        text = codes.normal(code)
        person = None if text is None else self._use_up(codes.digest(text, self._salt), at)
        if person is None:
            raise CodeWrong
        self._forgive_guess(address)
        token = secrets.token_urlsafe(32)
        with self._transaction() as db:
            db.execute("DELETE FROM session WHERE expires_at <= ?", (at - SESSION_LIFE,))
            row = (_token_digest(token), person, at, at + SESSION_LIFE, self._municipality)
            db.execute("INSERT INTO session VALUES (?, ?, ?, ?, ?)", row)
        return token

    def _use_up(self, digest: bytes, at: Instant) -> str | None:
        with self._transaction() as db:
            mine = "DELETE FROM code WHERE digest = ? AND municipality = ?"
            which = (digest, self._municipality)
            row = db.execute(f"{mine} RETURNING person, expires_at", which).fetchone()
        return row[0] if row is not None and at < row[1] else None

    def _allow_guess(self, address: str, at: Instant) -> None:
        """Count the guess before it is tried, so that many at once cannot slip through."""
        who = self._address_digest(address)
        with self._transaction() as db:
            db.execute("DELETE FROM guess WHERE at <= ?", (at - GUESS_WINDOW,))
            for where, most in (("1 OR ?", GUESSES_IN_ALL), ("address = ?", GUESSES_PER_ADDRESS)):
                counted = f"SELECT count(*), min(at) FROM guess WHERE {where}"
                count, oldest = db.execute(counted, (who,)).fetchone()
                if count >= most:
                    raise TooManyGuesses((oldest + GUESS_WINDOW - at) // SECOND + 1)
            db.execute("INSERT INTO guess VALUES (?, ?)", (who, at))

    def _forgive_guess(self, address: str) -> None:
        with self._transaction() as db:
            db.execute("DELETE FROM guess WHERE address = ?", (self._address_digest(address),))

    def _address_digest(self, address: str) -> bytes:
        return hashlib.blake2b(address.encode(), key=self._salt, digest_size=16).digest()

    def person_of(self, token: str, at: Instant, keep: Keep) -> str | None:
        digest = _token_digest(token)
        with self._lock:
            found = "SELECT person, expires_at FROM session WHERE digest = ? AND municipality = ?"
            row = self._db.execute(found, (digest, self._municipality)).fetchone()
        if row is None:
            return None
        person, expires_at = str(row[0]), int(row[1])
        if at >= expires_at and not keep(person):
            return None
        if expires_at < at + SESSION_LIFE - RENEW_AFTER:
            self._renew(digest, at)
        return person

    def _renew(self, digest: bytes, at: Instant) -> None:
        with self._transaction() as db:
            longer = "UPDATE session SET expires_at = ? WHERE digest = ?"
            db.execute(longer, (at + SESSION_LIFE, digest))

    def end_session(self, token: str) -> None:
        with self._transaction() as db:
            db.execute("DELETE FROM session WHERE digest = ?", (_token_digest(token),))

    def end_sessions_of(self, person: str, until: Instant) -> None:
        given = "WHERE person = ? AND issued_at <= ? AND municipality = ?"
        which = (person, until, self._municipality)
        with self._transaction() as db:
            db.execute(f"DELETE FROM session {given}", which)
            db.execute(f"DELETE FROM code {given}", which)

    def close(self) -> None:
        with self._lock:
            self._db.close()
