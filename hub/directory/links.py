"""One-time recovery links: a lead or IT makes one for somebody who cannot sign in otherwise."""

import sqlite3

from hub.directory.file import DirectoryFile, token, token_digest
from hub.directory.guesses import Guesses, Limit
from hub.directory.port import CODE_LIFE, CodeWrong
from routing.instant import Instant

LINKS = Limit(what="link", each=10, in_all=1000)
"""By network address. A link has 256 bits and cannot be guessed: a good one is never held up by the
wrong ones of others."""


class Links:
    """Recovery links of one municipality, hashed at rest."""

    def __init__(self, file: DirectoryFile, municipality: str, guesses: Guesses) -> None:
        self._file, self._municipality, self._guesses = file, municipality, guesses

    def issue(self, person: str, at: Instant) -> str:
        """Return the secret of a new link, in the place of the person's former ones."""
        made = token()
        with self._file.transaction() as db:
            _end(db, self._municipality, person, at)
            db.execute(
                "INSERT INTO link (digest, municipality, person, issued_at, expires_at) "
                "VALUES (?, ?, ?, ?, ?)",
                (token_digest(made), self._municipality, person, at, at + CODE_LIFE),
            )
        return made

    def redeem(self, secret: str, address: str, at: Instant) -> str:
        """Use the link up and return whose it is. CodeWrong; TooManyGuesses of wrong ones."""
        with self._file.transaction() as db:
            row = db.execute(
                "DELETE FROM link WHERE digest = ? AND municipality = ? "
                "RETURNING person, expires_at",
                (token_digest(secret), self._municipality),
            ).fetchone()
        if row is None or at >= row[1]:
            self._guesses.allow(LINKS, address, at)
            raise CodeWrong
        return str(row[0])

    def end_of(self, person: str, until: Instant) -> None:
        """End the person's unused links up to that instant."""
        with self._file.transaction() as db:
            _end(db, self._municipality, person, until)


def _end(db: sqlite3.Connection, municipality: str, person: str, until: Instant) -> None:
    db.execute(
        "DELETE FROM link WHERE municipality = ? AND person = ? AND issued_at <= ?",
        (municipality, person, until),
    )
