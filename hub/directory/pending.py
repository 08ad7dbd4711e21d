"""What a sign-in under way waits for: a challenge, a state. Each is taken once, within minutes."""

from hub.directory.file import DirectoryFile, token, token_digest
from routing.instant import MINUTE, Instant

LIFE: Instant = 5 * MINUTE
MOST = 10_000
"""Of one kind at a time: strangers may begin a sign-in, so the oldest give way."""


class Pending:
    """Sign-ins under way in one municipality. What is kept is opaque here."""

    def __init__(self, file: DirectoryFile, municipality: str) -> None:
        self._file, self._municipality = file, municipality

    def begin(self, what: str, value: bytes, at: Instant) -> str:
        """Keep a value and return the ticket that it is taken by."""
        made = token()
        with self._file.transaction() as db:
            db.execute("DELETE FROM pending WHERE expires_at <= ?", (at,))
            db.execute(
                "INSERT INTO pending (digest, municipality, what, value, expires_at) "
                "VALUES (?, ?, ?, ?, ?)",
                (token_digest(made), self._municipality, what, value, at + LIFE),
            )
            db.execute(
                "DELETE FROM pending WHERE digest IN (SELECT digest FROM pending WHERE what = ? "
                "AND municipality = ? ORDER BY expires_at DESC LIMIT -1 OFFSET ?)",
                (what, self._municipality, MOST),
            )
        return made

    def take(self, what: str, ticket: str, at: Instant) -> bytes | None:
        """Return the value and forget it; None when it is unknown, taken or too old."""
        with self._file.transaction() as db:
            row = db.execute(
                "DELETE FROM pending WHERE digest = ? AND municipality = ? AND what = ? "
                "RETURNING value, expires_at",
                (token_digest(ticket), self._municipality, what),
            ).fetchone()
        return None if row is None or at >= row[1] else bytes(row[0])
