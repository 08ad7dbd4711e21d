"""Passkeys: public keys that people's own devices and password managers sign in with (WebAuthn
Level 3, https://www.w3.org/TR/webauthn-3/). What proves one is checked in
`hub.web.sign_in.passkeys`."""

import secrets
from dataclasses import dataclass

from hub.directory.file import DirectoryFile
from routing.instant import Instant

HANDLE_OCTETS = 64
"""A user handle says nothing about its person (14.6.1)."""
MOST = 20
"""Passkeys of one person."""
_COLUMNS = "id, credential, person, name, public_key, sign_count, handset, made_at, used_at"


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
    handset: str
    """The handset on which it was made."""
    made_at: Instant
    used_at: Instant | None


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
    ) -> None:
        """Keep a new passkey. TooManyPasskeys."""
        with self._file.transaction() as db:
            mine = "SELECT count(*) FROM passkey WHERE municipality = ? AND person = ?"
            if db.execute(mine, (self._municipality, person)).fetchone()[0] >= MOST:
                raise TooManyPasskeys
            row = (secrets.token_hex(6), credential, person, name, public_key, sign_count)
            db.execute(
                f"INSERT INTO passkey (municipality, {_COLUMNS}) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, NULL)",
                (self._municipality, *row, handset, at),
            )

    def of(self, person: str) -> list[Passkey]:
        """Return the person's passkeys, the oldest first."""
        return self._where("person = ? ORDER BY made_at, id", person)

    def with_credential(self, credential: bytes) -> Passkey | None:
        """Return the passkey that the authenticator names."""
        found = self._where("credential = ?", credential)
        return found[0] if found else None

    def used(self, id: str, sign_count: int, at: Instant) -> None:
        """Note that it has signed in, and how far its counter is."""
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

    def remove_made_on(self, handset: str) -> None:
        """Remove the passkeys that were made on a handset: it is lost."""
        with self._file.transaction() as db:
            row = (self._municipality, handset)
            db.execute("DELETE FROM passkey WHERE municipality = ? AND handset = ?", row)

    def remove_of(self, person: str, until: Instant) -> None:
        """Remove what the person had up to that instant."""
        with self._file.transaction() as db:
            row = (self._municipality, person, until)
            db.execute(
                "DELETE FROM passkey WHERE municipality = ? AND person = ? AND made_at <= ?", row
            )

    def _where(self, condition: str, value: object) -> list[Passkey]:
        with self._file.reading() as db:
            rows = db.execute(
                f"SELECT {_COLUMNS} FROM passkey WHERE municipality = ? AND {condition}",
                (self._municipality, value),
            ).fetchall()
        names = _COLUMNS.split(", ")
        return [Passkey(**dict(zip(names, row, strict=True))) for row in rows]
