"""One-time codes: for a person's sign-in, or for making a phone a unit's shared one."""

from hub.directory import code as form
from hub.directory.file import DirectoryFile
from hub.directory.guesses import CODES, Guesses, Limit
from hub.directory.port import CODE_LIFE, CodeWrong, Grant
from routing.instant import Instant


class Codes:
    """Codes of one municipality, hashed at rest."""

    def __init__(self, file: DirectoryFile, municipality: str, guesses: Guesses) -> None:
        self._file, self._municipality, self._guesses = file, municipality, guesses

    def issue(self, at: Instant, *, person: str = "", unit: str | None = None) -> str:
        """Return a new code `XXXX-XXXX` for a person, or for a unit's shared phone."""
        made = form.make()
        digest = form.digest(made.replace("-", ""), self._file.salt)
        with self._file.transaction() as db:
            db.execute("DELETE FROM code WHERE expires_at <= ?", (at,))
            db.execute(
                "INSERT INTO code (digest, person, issued_at, expires_at, municipality, unit) "
                "VALUES (?, ?, ?, ?, ?, ?)",
                (digest, person, at, at + CODE_LIFE, self._municipality, unit),
            )
        return made

    def redeem(self, typed: str, place: str, at: Instant, limit: Limit = CODES) -> Grant:
        """Use a code up and return what it gives.

        Takes some 50 ms of processor time on purpose. CodeWrong, or TooManyGuesses for this place
        (or for all of the limit together); a network address unless the limit counts by another.
        """
        self._guesses.allow(limit, place, at)
        text = form.normal(typed)
        found = None if text is None else self._use_up(form.digest(text, self._file.salt), at)
        if found is None:
            raise CodeWrong
        self._guesses.forgive(limit, place)
        return found

    def _use_up(self, digest: bytes, at: Instant) -> Grant | None:
        with self._file.transaction() as db:
            mine = "DELETE FROM code WHERE digest = ? AND municipality = ?"
            which = (digest, self._municipality)
            row = db.execute(f"{mine} RETURNING person, unit, expires_at", which).fetchone()
        if row is None or at >= row[2]:
            return None
        return Grant(person=row[0] or None, unit=row[1])

    def end_of(self, person: str, until: Instant) -> None:
        """End the unused codes that the person was given up to that instant."""
        with self._file.transaction() as db:
            db.execute(
                "DELETE FROM code WHERE person = ? AND issued_at <= ? AND municipality = ?",
                (person, until, self._municipality),
            )
