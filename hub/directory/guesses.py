"""Limits on guessing: wrong ones are counted by what is guessed and from where, before they are
tried, so that many at once cannot slip through."""

from dataclasses import dataclass

from hub.directory.file import DirectoryFile
from hub.directory.port import TooManyGuesses
from routing.instant import MINUTE, SECOND, Instant


@dataclass(frozen=True, kw_only=True)
class Limit:
    """How many wrong ones within the window close the door for as long."""

    what: str
    """What is guessed; counted apart from everything else."""
    each: int
    """From one place: a network address, or a handset and a person."""
    in_all: int
    window: Instant = 15 * MINUTE


CODES = Limit(what="code", each=10, in_all=1000)
"""By network address. A code has 40 bits: with 50 codes alive, a window of guesses hits once in 20
million."""
CODES_HERE = Limit(what="code-here", each=10, in_all=1000)
"""By handset, on one where somebody has signed in before: strangers, who have none, cannot close
the door for those who work here."""


class Guesses:
    """Counted wrong guesses of one municipality: what is guessed at one closes no other."""

    def __init__(self, file: DirectoryFile, municipality: str) -> None:
        self._file, self._municipality = file, municipality

    def allow(self, limit: Limit, place: str, at: Instant) -> None:
        """Count a guess that is about to be tried. TooManyGuesses when it may not be."""
        who, what = self._file.keyed(place), self._what(limit)
        with self._file.transaction() as db:
            since = at - limit.window
            db.execute("DELETE FROM guess WHERE what = ? AND at <= ?", (what, since))
            for where, most in (("1 OR ?", limit.in_all), ("address = ?", limit.each)):
                counted = f"SELECT count(*), min(at) FROM guess WHERE what = ? AND ({where})"
                count, oldest = db.execute(counted, (what, who)).fetchone()
                if count >= most:
                    raise TooManyGuesses((oldest + limit.window - at) // SECOND + 1)
            row = (who, at, what)
            db.execute("INSERT INTO guess (address, at, what) VALUES (?, ?, ?)", row)

    def forgive(self, limit: Limit, place: str) -> None:
        """Forget what was counted from there: the last one was right."""
        with self._file.transaction() as db:
            row = (self._file.keyed(place), self._what(limit))
            db.execute("DELETE FROM guess WHERE address = ? AND what = ?", row)

    def _what(self, limit: Limit) -> str:
        return f"{self._municipality}/{limit.what}"
