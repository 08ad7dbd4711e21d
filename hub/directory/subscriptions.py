"""Push subscriptions: where a handset's browser can be reached, and until when it could.

One row for each handset, in the directory's file. It belongs to whoever subscribed there last. The
web process writes what phones say; the router reads whom to push to, and notes what has died. A
revoked handset's subscription is dead, whatever its row says; so is one on a unit's shared phone
on which its person is not signed in: somebody else may hold it.
"""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from hub.directory.file import DirectoryFile
from routing.instant import Instant

_COLUMNS = "handset, person, endpoint, p256dh, auth, vapid, made_at, last_receipt_at"
MOST = 10
"""Subscriptions of one person; those that were made longest ago give way."""
_ONLY_NEWEST = """
  DELETE FROM subscription WHERE municipality = ? AND person = ? AND handset NOT IN (
    SELECT handset FROM subscription WHERE municipality = ? AND person = ?
    ORDER BY dead_at IS NOT NULL, made_at DESC, handset LIMIT ?)
"""
_LIVE = """
  municipality = ? AND dead_at IS NULL AND NOT EXISTS (
    SELECT 1 FROM handset WHERE handset.id = subscription.handset AND (
      handset.revoked_at IS NOT NULL OR handset.unit IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM session WHERE session.handset = subscription.handset
        AND session.person = subscription.person)))
"""


@dataclass(frozen=True, slots=True)
class Subscription:
    """A browser that can be pushed to."""

    handset: str
    person: str
    endpoint: str
    """A URL that is itself the permission to push: never in a log."""
    p256dh: bytes
    auth: bytes
    vapid: str
    """Our public key to which the browser has bound it."""
    made_at: Instant
    last_receipt_at: Instant | None = None


def end_of(db: sqlite3.Connection, municipality: str, person: str, until: Instant) -> None:
    """Let all be dead that the person has subscribed up to that instant, on shared phones too: what
    is pushed there could still be answered in that name."""
    db.execute(
        "UPDATE subscription SET dead_at = ?, dead_code = 'phone-lost' WHERE municipality = ? "
        "AND person = ? AND made_at <= ? AND dead_at IS NULL",
        (until, municipality, person, until),
    )


class Subscriptions:
    """Those of one municipality. Usable from any thread; DirectoryBroken as `DirectoryFile`."""

    def __init__(self, path: Path, municipality: str) -> None:
        """Open the directory's file with a connection of its own."""
        self._file, self._municipality = DirectoryFile(path), municipality

    def put(self, one: Subscription) -> Sequence[str]:
        """Keep the subscription in the place of its handset's and its endpoint's former ones;
        return whose those were, other than this person."""
        mine = (self._municipality, one.handset, one.endpoint)
        with self._file.transaction() as db:
            replaced = db.execute(
                "DELETE FROM subscription WHERE municipality = ? "
                "AND (handset = ? OR endpoint = ?) RETURNING person",
                mine,
            ).fetchall()
            db.execute(
                f"INSERT INTO subscription (municipality, {_COLUMNS}) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    *(self._municipality, one.handset, one.person, one.endpoint),
                    *(one.p256dh, one.auth, one.vapid, one.made_at, one.last_receipt_at),
                ),
            )
            db.execute(_ONLY_NEWEST, (*(self._municipality, one.person) * 2, MOST))
        return sorted({str(row[0]) for row in replaced} - {one.person})

    def live(self, person: str) -> Sequence[Subscription]:
        """Return where the person can be pushed to, by handset."""
        return self._where("person = ? ORDER BY handset", person)

    def of(self, handset: str) -> Subscription | None:
        """Return the handset's live subscription."""
        found = self._where("handset = ?", handset)
        return found[0] if found else None

    def received(self, handset: str, at: Instant) -> None:
        """Note that a push has reached the handset."""
        with self._file.transaction() as db:
            db.execute(
                "UPDATE subscription SET last_receipt_at = ? WHERE municipality = ? "
                "AND handset = ?",
                (at, self._municipality, handset),
            )

    def end(self, handset: str, at: Instant, code: str, *, endpoint: str | None = None) -> bool:
        """Let the handset's subscription be dead because of `code`; with `endpoint` only while it
        is still that one. Return whether its person has no live one left because of it."""
        with self._file.transaction() as db:
            ended = db.execute(
                f"UPDATE subscription SET dead_at = ?, dead_code = ? WHERE {_LIVE} "
                "AND handset = ? AND endpoint = coalesce(?, endpoint) RETURNING person",
                (at, code, self._municipality, handset, endpoint),
            ).fetchone()
        return ended is not None and not self.live(ended[0])

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def _where(self, condition: str, value: str) -> list[Subscription]:
        with self._file.reading() as db:
            rows: list[sqlite3.Row] = db.execute(
                f"SELECT {_COLUMNS} FROM subscription WHERE {_LIVE} AND {condition}",
                (self._municipality, value),
            ).fetchall()
        return [Subscription(*row) for row in rows]
