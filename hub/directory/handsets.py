"""Handsets: each browser profile has a long-lived random cookie, and is one handset.

A handset belongs to one person, or, bound to a unit, to whoever is on shift. When somebody else
signs in on a personal handset, it becomes a new one: what was sent to its former person, and what
that person may still revoke, never goes on under another's name.
"""

import secrets
import sqlite3

from hub.directory.file import DirectoryFile, token, token_digest
from hub.directory.port import Handset
from routing.instant import Instant

_COLUMNS = "id, label, person, unit, made_at, last_seen_at, revoked_at"


class Handsets:
    """Handsets of one municipality; their cookies are hashed at rest."""

    def __init__(self, file: DirectoryFile, municipality: str) -> None:
        self._file, self._municipality = file, municipality

    def known(self, secret: str | None) -> Handset | None:
        """Return the handset with this cookie, None when it is unknown or revoked."""
        if not secret:
            return None
        found = self._where("digest = ? AND revoked_at IS NULL", token_digest(secret))
        return found[0] if found else None

    def taken_by(
        self, person: str, secret: str | None, label: str, at: Instant
    ) -> tuple[Handset, str]:
        """Return the handset on which the person signs in now, and its cookie."""
        known = self.known(secret)
        if known is not None and secret is not None and (known.unit or known.person == person):
            with self._file.transaction() as db:
                db.execute("UPDATE handset SET last_seen_at = ? WHERE id = ?", (at, known.id))
            return known, secret
        return self._instead_of(known, label, at, person=person, unit=None)

    def bind(self, unit: str, secret: str | None, label: str, at: Instant) -> tuple[Handset, str]:
        """Make the handset a shared one of the unit, whosever it was; return it and its cookie."""
        return self._instead_of(self.known(secret), label, at, person=None, unit=unit)

    def _instead_of(
        self, old: Handset | None, label: str, at: Instant, *, person: str | None, unit: str | None
    ) -> tuple[Handset, str]:
        made = Handset(
            id=secrets.token_hex(6),
            label=label,
            person=person,
            unit=unit,
            made_at=at,
            last_seen_at=at,
            revoked_at=None,
        )
        secret = token()
        with self._file.transaction() as db:
            if old is not None:
                _end(db, old.id, at)
                # It is the same browser still: what lives in it goes on under the new name.
                db.execute(
                    "INSERT INTO passkey_seen (passkey, handset, at) "
                    "SELECT passkey, ?, at FROM passkey_seen WHERE handset = ?",
                    (made.id, old.id),
                )
            db.execute(
                "INSERT INTO handset (id, digest, municipality, label, person, unit, made_at, "
                "last_seen_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    *(made.id, token_digest(secret), self._municipality),
                    *(label, person, unit, at, at),
                ),
            )
        return made, secret

    def of(self, person: str) -> list[Handset]:
        """Return the person's own handsets that are not revoked, the last used first."""
        return self._where("person = ? AND revoked_at IS NULL", person)

    def ended(self, person: str, since: Instant) -> list[Handset]:
        """Return what was the person's own and has been revoked since then."""
        return self._where("person = ? AND revoked_at >= ?", person, since)

    def shared(self) -> list[Handset]:
        """Return the units' shared handsets that are not revoked, the last used first."""
        return self._where("unit IS NOT NULL AND revoked_at IS NULL")

    def get(self, id: str) -> Handset | None:
        """Return the handset with this id, revoked or not."""
        found = self._where("id = ?", id)
        return found[0] if found else None

    def rename(self, id: str, label: str) -> None:
        """Call the handset something else."""
        with self._file.transaction() as db:
            db.execute("UPDATE handset SET label = ? WHERE id = ?", (label, id))

    def revoke(self, id: str, at: Instant) -> None:
        """End the handset and every session on it, for good. A second time changes nothing."""
        with self._file.transaction() as db:
            _end(db, id, at)

    def _where(self, condition: str, *values: object) -> list[Handset]:
        with self._file.reading() as db:
            rows = db.execute(
                f"SELECT {_COLUMNS} FROM handset WHERE municipality = ? AND ({condition}) "
                "ORDER BY last_seen_at DESC, id",
                (self._municipality, *values),
            ).fetchall()
        return [_handset(row) for row in rows]


def _end(db: sqlite3.Connection, id: str, at: Instant) -> None:
    db.execute("UPDATE handset SET revoked_at = coalesce(revoked_at, ?) WHERE id = ?", (at, id))
    db.execute("DELETE FROM session WHERE handset = ?", (id,))


def _handset(row: tuple[str, str, str | None, str | None, int, int, int | None]) -> Handset:
    id, label, person, unit, made_at, last_seen_at, revoked_at = row
    return Handset(
        id=id,
        label=label,
        person=person,
        unit=unit,
        made_at=made_at,
        last_seen_at=last_seen_at,
        revoked_at=revoked_at,
    )
