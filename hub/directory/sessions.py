"""Sessions: who is signed in on which handset.

A session ends 14 hours after its last use; on a shared phone with the shift, and then for good.
None ends while its person is on duty or owns an open alarm. What ends one at once: signing out, a
revoked handset, and a person who is no longer configured.
"""

from adapters.recent import Bounded
from hub.directory.file import DirectoryFile, token, token_digest
from hub.directory.port import (
    AFTER_SHIFT,
    BEFORE_SHIFT,
    RENEW_AFTER,
    SESSION_LIFE,
    Keep,
    Means,
    Session,
)
from routing.instant import DAY, Instant

SWEPT_AFTER: Instant = 60 * DAY
"""An expired session may still stand as long as its person is on duty; then it is swept away."""
USES_KNOWN = 10_000
"""Handsets of which this process knows the last use."""


class Sessions:
    """Sessions of one municipality, hashed at rest."""

    def __init__(self, file: DirectoryFile, municipality: str) -> None:
        self._file, self._municipality = file, municipality
        self._used: Bounded[str, Instant] = Bounded(USES_KNOWN)

    def last_use(self, handset: str) -> Instant:
        """Return when the handset was used last since this process began, 0 when it was not: what
        is written down of it lags by up to `RENEW_AFTER`."""
        return self._used.get(handset) or 0

    def begin(
        self, person: str, handset: str, means: Means, at: Instant, *, unit: str | None = None
    ) -> str:
        """Sign the person in on the handset and return the session's token; `unit` is the shared
        phone's. Whoever was signed in there is signed out."""
        made = token()
        ends = at + (SESSION_LIFE if unit is None else BEFORE_SHIFT)
        with self._file.transaction() as db:
            db.execute("DELETE FROM session WHERE expires_at <= ?", (at - SWEPT_AFTER,))
            db.execute(
                "DELETE FROM session WHERE handset = ? AND municipality = ?",
                (handset, self._municipality),
            )
            db.execute(
                "INSERT INTO session (digest, person, issued_at, expires_at, municipality, handset,"
                " means, unit) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    *(token_digest(made), person, at, ends, self._municipality),
                    *(handset, str(means), unit),
                ),
            )
        return made

    def of(self, text: str, at: Instant, keep: Keep) -> Session | None:
        """Return the token's session, None when it is unknown, ended or expired."""
        digest = token_digest(text)
        with self._file.reading() as db:
            row = db.execute(
                "SELECT s.person, s.handset, s.means, s.issued_at, s.unit, s.expires_at "
                "FROM session s JOIN handset h ON h.id = s.handset AND h.revoked_at IS NULL "
                "WHERE s.digest = ? AND s.municipality = ?",
                (digest, self._municipality),
            ).fetchone()
        if row is None:
            return None
        person, handset, means, issued_at, unit, expires_at = row
        shared = unit is not None
        kept = (shared or at >= expires_at) and keep(person)
        if at >= expires_at and not kept:
            return None
        self._used.put(handset, at)
        self._renew(digest, handset, at, _renewed(at, expires_at, shared=shared, kept=kept))
        return Session(
            person=person, handset=handset, means=Means(means), issued_at=issued_at, unit=unit
        )

    def _renew(self, digest: bytes, handset: str, at: Instant, ends: Instant | None) -> None:
        if ends is None:
            return
        with self._file.transaction() as db:
            db.execute("UPDATE session SET expires_at = ? WHERE digest = ?", (ends, digest))
            db.execute("UPDATE handset SET last_seen_at = ? WHERE id = ?", (at, handset))

    def over_on_shared(self, at: Instant, keep: Keep) -> list[str]:
        """Return the shared handsets whose session has run out by itself."""
        with self._file.reading() as db:
            rows = db.execute(
                "SELECT person, handset FROM session WHERE unit IS NOT NULL AND expires_at <= ? "
                "AND municipality = ?",
                (at, self._municipality),
            ).fetchall()
        return [str(handset) for person, handset in rows if not keep(person)]

    def end_on(self, handset: str, at: Instant) -> None:
        """End for good what has run out on the handset."""
        with self._file.transaction() as db:
            db.execute("DELETE FROM session WHERE handset = ? AND expires_at <= ?", (handset, at))

    def people_on(self, handset: str) -> set[str]:
        """Return who is signed in on the handset."""
        with self._file.reading() as db:
            rows = db.execute(
                "SELECT person FROM session WHERE handset = ? AND municipality = ?",
                (handset, self._municipality),
            ).fetchall()
        return {str(row[0]) for row in rows}

    def end(self, text: str) -> None:
        """Sign out. An unknown token is no error."""
        with self._file.transaction() as db:
            db.execute("DELETE FROM session WHERE digest = ?", (token_digest(text),))

    def end_of(self, person: str, until: Instant) -> None:
        """End what the person was given up to that instant."""
        with self._file.transaction() as db:
            db.execute(
                "DELETE FROM session WHERE person = ? AND issued_at <= ? AND municipality = ?",
                (person, until, self._municipality),
            )


def _renewed(at: Instant, expires_at: Instant, *, shared: bool, kept: bool) -> Instant | None:
    """Return when a session that is used now ends from now on; None to leave it as it is.

    A shared phone's session is counted from the last use in the shift, and use after it renews
    nothing. A minute of slack keeps reading from writing each time.
    """
    if not shared:
        return at + SESSION_LIFE if expires_at < at + SESSION_LIFE - RENEW_AFTER else None
    ends = at + AFTER_SHIFT
    return ends if kept and abs(expires_at - ends) > AFTER_SHIFT // 10 else None
