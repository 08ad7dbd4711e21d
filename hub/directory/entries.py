"""What has happened to people's ways of signing in, told to themselves and to leads and IT."""

from dataclasses import dataclass
from enum import StrEnum

from hub.directory.file import DirectoryFile
from routing.instant import DAY, Instant

KEEP: Instant = 365 * DAY
SHOWN = 30


class Happened(StrEnum):
    """What happened. Each has a text `signin.entry.<code>`."""

    SIGNED_IN = "signed_in"
    CODE_MADE = "code_made"
    LINK_MADE = "link_made"
    LINK_USED = "link_used"
    PASSKEY_ADDED = "passkey_added"
    PASSKEY_REMOVED = "passkey_removed"
    PASSKEY_COPIED = "passkey_copied"
    PIN_SET = "pin_set"
    PIN_GUESSED = "pin_guessed"
    PIN_CLOSED = "pin_closed"
    PHONE_REVOKED = "phone_revoked"
    PHONES_REVOKED = "phones_revoked"
    PHONE_BOUND = "phone_bound"


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One line."""

    at: Instant
    person: str | None
    """Whom it concerns; None of a shared phone."""
    what: Happened
    by: str | None
    """Who did it; None of the command line and of nobody."""
    handset: str | None


class Entries:
    """Entries of one municipality, kept for a year."""

    def __init__(self, file: DirectoryFile, municipality: str) -> None:
        self._file, self._municipality = file, municipality

    def add(
        self,
        what: Happened,
        at: Instant,
        *,
        person: str | None = None,
        by: str | None = None,
        handset: str | None = None,
    ) -> None:
        """Write a line."""
        with self._file.transaction() as db:
            db.execute("DELETE FROM entry WHERE at <= ?", (at - KEEP,))
            db.execute(
                "INSERT INTO entry (municipality, at, person, what, by, handset) "
                "VALUES (?, ?, ?, ?, ?, ?)",
                (self._municipality, at, person, str(what), by, handset),
            )

    def of(self, person: str) -> list[Entry]:
        """Return what concerns the person, the newest first, as many as are shown."""
        return self._where("person = ?", person)

    def all(self) -> list[Entry]:
        """Return everything, the newest first, as many as are shown."""
        return self._where("?", True)

    def told(self, what: Happened, person: str, handset: str, since: Instant) -> bool:
        """Whether the same stands here since that instant already."""
        with self._file.reading() as db:
            row = db.execute(
                "SELECT 1 FROM entry WHERE municipality = ? AND what = ? AND person = ? "
                "AND handset = ? AND at > ?",
                (self._municipality, str(what), person, handset, since),
            ).fetchone()
        return row is not None

    def lost(self, handset: str) -> set[str]:
        """Return who lost something when the handset was revoked."""
        with self._file.reading() as db:
            rows = db.execute(
                "SELECT person FROM entry WHERE municipality = ? AND handset = ? AND what = ? "
                "AND person IS NOT NULL",
                (self._municipality, handset, str(Happened.PHONE_REVOKED)),
            ).fetchall()
        return {str(row[0]) for row in rows}

    def _where(self, condition: str, value: object) -> list[Entry]:
        with self._file.reading() as db:
            rows = db.execute(
                f"SELECT at, person, what, by, handset FROM entry WHERE municipality = ? AND "
                f"{condition} ORDER BY number DESC LIMIT {SHOWN}",
                (self._municipality, value),
            ).fetchall()
        return [
            Entry(at=at, person=person, what=Happened(what), by=by, handset=handset)
            for at, person, what, by, handset in rows
        ]
