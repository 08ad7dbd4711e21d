"""The directory's file: one connection, its transactions, and the salt of its hashes."""

import hashlib
import secrets
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hub.directory.port import DirectoryBroken
from hub.directory.schema import bring_up


def token() -> str:
    """Return a new token for a cookie: 256 random bits."""
    return secrets.token_urlsafe(32)


def token_digest(text: str) -> bytes:
    """Return what is stored of a token; it has 256 random bits, so a fast hash is enough."""
    return hashlib.sha256(text.encode()).digest()


class DirectoryFile:
    """One SQLite file. Usable from any thread."""

    def __init__(self, path: Path) -> None:
        """Open or make the file. DirectoryBroken when it is no directory of ours."""
        self.path = path
        self._lock = threading.Lock()
        with self._explained():
            path.touch(mode=0o600)
            connect = sqlite3.connect
            self._db = connect(path, isolation_level=None, check_same_thread=False, timeout=5)
            self._db.execute("PRAGMA journal_mode=WAL")
            bring_up(self._db)
            self._db.execute(
                "INSERT OR IGNORE INTO salt (one, value) VALUES (1, ?)", (secrets.token_bytes(16),)
            )
            self.salt: bytes = self._db.execute("SELECT value FROM salt").fetchone()[0]

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise DirectoryBroken(
                f"{self.path} cannot be used ({error}). It holds sign-ins and one-time codes only, "
                "no alarm: if it is damaged, move it and its -wal and -shm files away; a new one "
                "is made, and people sign in again with new codes"
            ) from error

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Give the connection to one writer. DirectoryBroken when it cannot be written."""
        with self._lock, self._explained():
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Give the connection to one reader. DirectoryBroken when it cannot be read."""
        with self._lock, self._explained():
            yield self._db

    def keyed(self, text: str) -> bytes:
        """Return a digest of what must not stand here in clear, such as a network address."""
        return hashlib.blake2b(text.encode(), key=self.salt, digest_size=16).digest()

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._db.close()
