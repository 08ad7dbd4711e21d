"""PINs: short, so they work on a unit's shared phone alone, and few may be tried.

Five wrong ones close a handset for that person for a quarter of an hour; ten in a row, wherever
they were typed, close the PIN until its person sets a new one.
"""

import hashlib
import re
import secrets

from hub.directory.file import DirectoryFile
from hub.directory.guesses import Guesses, Limit
from routing.instant import Instant

PIN_HERE = Limit(what="pin", each=5, in_all=1000)
"""By handset and person."""
PIN_PHONE = Limit(what="pin-phone", each=20, in_all=1000)
"""By handset, whoever is named."""
WRONG_IN_A_ROW = 10
_DIGITS = re.compile(r"[0-9]{4,6}")
_RUNS = ("01234567890", "09876543210")


class PinWrong(Exception):
    """The PIN is wrong, or not set, or the person has no part in it; which of them is not told."""


class PinClosed(Exception):
    """This wrong PIN was one too many: it is closed until its person sets a new one."""


class PinWeak(Exception):
    """It is no PIN of 4 to 6 digits, or one that everybody tries first."""


class Pins:
    """PINs of one municipality, hashed at rest."""

    def __init__(self, file: DirectoryFile, municipality: str, guesses: Guesses) -> None:
        self._file, self._municipality, self._guesses = file, municipality, guesses

    def set(self, person: str, pin: str, at: Instant) -> None:
        """Set the person's PIN in the place of a former one. PinWeak. Takes some 50 ms."""
        if not _DIGITS.fullmatch(pin) or len(set(pin)) == 1 or any(pin in run for run in _RUNS):
            raise PinWeak
        salt = secrets.token_bytes(16)
        row = (self._municipality, person, salt, _digest(pin, salt), at)
        with self._file.transaction() as db:
            db.execute(
                "INSERT OR REPLACE INTO pin (municipality, person, salt, digest, set_at) "
                "VALUES (?, ?, ?, ?, ?)",
                row,
            )

    def set_at(self, person: str) -> Instant | None:
        """Return when the person set it, None when there is none that can be used."""
        row = self._row(person)
        return None if row is None or row[3] >= WRONG_IN_A_ROW else row[2]

    def check(self, person: str, pin: str, handset: str, at: Instant, *, may: bool) -> None:
        """Return when it is right. PinWrong, PinClosed (once), TooManyGuesses.

        `may` says whether the person is on the handset's list; who is not costs and answers the
        same. Takes some 50 ms of processor time on purpose.
        """
        here = f"{handset}/{person}"
        self._guesses.allow(PIN_PHONE, handset, at)
        self._guesses.allow(PIN_HERE, here, at)
        row = self._row(person) if may else None
        salt, digest, _, wrong = row or (b"nobody's", b"", 0, 0)
        right = secrets.compare_digest(_digest(pin, salt), digest)
        if row is None or wrong >= WRONG_IN_A_ROW:
            raise PinWrong
        if not right:
            self._count(person)
        self._guesses.forgive(PIN_HERE, here)
        self._guesses.forgive(PIN_PHONE, handset)
        self._forgive(person)

    def _count(self, person: str) -> None:
        with self._file.transaction() as db:
            which = (self._municipality, person)
            more = "UPDATE pin SET wrong = wrong + 1 WHERE municipality = ? AND person = ?"
            wrong = db.execute(f"{more} RETURNING wrong", which).fetchone()[0]
        raise PinClosed if wrong == WRONG_IN_A_ROW else PinWrong

    def _forgive(self, person: str) -> None:
        with self._file.transaction() as db:
            which = (self._municipality, person)
            db.execute("UPDATE pin SET wrong = 0 WHERE municipality = ? AND person = ?", which)

    def remove_of(self, person: str, until: Instant) -> None:
        """Remove what the person had set up to that instant."""
        with self._file.transaction() as db:
            row = (self._municipality, person, until)
            db.execute("DELETE FROM pin WHERE municipality = ? AND person = ? AND set_at <= ?", row)

    def _row(self, person: str) -> tuple[bytes, bytes, Instant, int] | None:
        with self._file.reading() as db:
            row: tuple[bytes, bytes, Instant, int] | None = db.execute(
                "SELECT salt, digest, set_at, wrong FROM pin WHERE municipality = ? AND person = ?",
                (self._municipality, person),
            ).fetchone()
        return row


def _digest(pin: str, salt: bytes) -> bytes:
    return hashlib.scrypt(pin.encode(), salt=salt, n=2**14, r=8, p=1, dklen=32)
