"""Passkeys: public keys that people's own devices and password managers sign in with (WebAuthn
Level 3, https://www.w3.org/TR/webauthn-3/). What proves one is checked in
`hub.web.sign_in.passkeys`.

A lost phone must sign in by no passkey that lives on it. Which those are, no browser tells: a
passkey may live wherever it was made or used, and one that is synced on all that its person has.
"""

import secrets
import sqlite3
from dataclasses import dataclass

from hub.directory.file import DirectoryFile
from routing.instant import Instant

HANDLE_OCTETS = 64
"""A user handle says nothing about its person (14.6.1)."""
MOST = 20
"""Passkeys of one person."""
_COLUMNS = "id, credential, person, name, public_key, sign_count, made_at, used_at, synced"
_SEEN_ON = "id IN (SELECT passkey FROM passkey_seen WHERE handset = ?)"
_LAST_ON = (
    "? = (SELECT handset FROM passkey_seen WHERE passkey = passkey.id ORDER BY at DESC LIMIT 1)"
)


class TooManyPasskeys(Exception):
    """The person has as many as one may have; remove one first."""


@dataclass(frozen=True, kw_only=True)
class Passkey:
    """One public key."""

    id: str
    """12 hexadecimal characters, ours; no secret."""
    credential: bytes
    """Its id as the authenticator made it."""
    person: str
    name: str
    public_key: bytes
    """COSE_Key (RFC 9052, 7)."""
    sign_count: int
    made_at: Instant
    used_at: Instant | None
    synced: bool | None
    """Whether copies of it may be on other devices (backup eligible, 6.1.3); None of one that was
    made before this was asked."""


class Passkeys:
    """Passkeys of one municipality."""

    def __init__(self, file: DirectoryFile, municipality: str) -> None:
        self._file, self._municipality = file, municipality

    def handle(self, person: str) -> bytes:
        """Return the person's user handle, made at the first asking."""
        with self._file.transaction() as db:
            db.execute(
                "INSERT OR IGNORE INTO passkey_user (municipality, person, handle) "
                "VALUES (?, ?, ?)",
                (self._municipality, person, secrets.token_bytes(HANDLE_OCTETS)),
            )
            found = "SELECT handle FROM passkey_user WHERE municipality = ? AND person = ?"
            handle: bytes = db.execute(found, (self._municipality, person)).fetchone()[0]
        return handle

    def add(
        self,
        person: str,
        credential: bytes,
        public_key: bytes,
        sign_count: int,
        *,
        name: str,
        handset: str,
        at: Instant,
        synced: bool,
    ) -> None:
        """Keep a new passkey, made on the handset. TooManyPasskeys."""
        with self._file.transaction() as db:
            mine = "SELECT count(*) FROM passkey WHERE municipality = ? AND person = ?"
            if db.execute(mine, (self._municipality, person)).fetchone()[0] >= MOST:
                raise TooManyPasskeys
            row = (secrets.token_hex(6), credential, person, name, public_key, sign_count)
            db.execute(
                f"INSERT INTO passkey (municipality, handset, {_COLUMNS}) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, ?)",
                (self._municipality, handset, *row, at, synced),
            )
            _see(db, row[0], handset, at)

    def of(self, person: str) -> list[Passkey]:
        """Return the person's passkeys, the oldest first."""
        return self._where("person = ? ORDER BY made_at, id", person)

    def with_credential(self, credential: bytes) -> Passkey | None:
        """Return the passkey that the authenticator names."""
        found = self._where("credential = ?", credential)
        return found[0] if found else None

    def seen(self, id: str, handset: str, at: Instant) -> bool:
        """Note that somebody signs in with it on the handset; False when it is gone by now."""
        with self._file.transaction() as db:
            return _see(db, id, handset, at)

    def used(self, id: str, sign_count: int, at: Instant) -> None:
        """Note that it has proven itself, and how far its counter is."""
        with self._file.transaction() as db:
            db.execute(
                "UPDATE passkey SET sign_count = ?, used_at = ? WHERE id = ?", (sign_count, at, id)
            )

    def rename(self, person: str, id: str, name: str) -> bool:
        """Call the person's passkey something else; False when they have no such one."""
        return self._change("UPDATE passkey SET name = ?", name, person, id)

    def remove(self, person: str, id: str) -> bool:
        """Remove the person's passkey; False when they have no such one."""
        return self._change("DELETE FROM passkey", None, person, id)

    def _change(self, what: str, value: str | None, person: str, id: str) -> bool:
        values = () if value is None else (value,)
        with self._file.transaction() as db:
            done = db.execute(
                f"{what} WHERE municipality = ? AND person = ? AND id = ?",
                (*values, self._municipality, person, id),
            )
            return done.rowcount > 0

    def remove_lost_with(self, handset: str, person: str | None) -> None:
        """Remove what may live on a lost handset: everybody's that was made or used on it, and of
        its person also what is, or may be, synced."""
        self._remove(f"({_SEEN_ON} OR (person = ? AND synced IS NOT 0))", handset, person)

    def remove_last_seen_on(self, handset: str) -> None:
        """Remove what was made or used last on a handset that is in use no more, and not lost."""
        self._remove(_LAST_ON, handset)

    def remove_of(self, person: str, until: Instant) -> None:
        """Remove what the person had up to that instant."""
        self._remove("person = ? AND made_at <= ?", person, until)

    def _remove(self, condition: str, *values: object) -> None:
        with self._file.transaction() as db:
            db.execute(
                f"DELETE FROM passkey WHERE municipality = ? AND {condition}",
                (self._municipality, *values),
            )

    def _where(self, condition: str, value: object) -> list[Passkey]:
        with self._file.reading() as db:
            rows = db.execute(
                f"SELECT {_COLUMNS} FROM passkey WHERE municipality = ? AND {condition}",
                (self._municipality, value),
            ).fetchall()
        return [_passkey(row) for row in rows]


def _passkey(row: sqlite3.Row) -> Passkey:
    told = dict(zip(_COLUMNS.split(", "), row, strict=True))
    synced = told.pop("synced")
    return Passkey(**told, synced=None if synced is None else bool(synced))


def _see(db: sqlite3.Connection, id: str, handset: str, at: Instant) -> bool:
    done = db.execute(
        "INSERT OR REPLACE INTO passkey_seen (passkey, handset, at) "
        "SELECT id, ?, ? FROM passkey WHERE id = ?",
        (handset, at, id),
    )
    return done.rowcount > 0
