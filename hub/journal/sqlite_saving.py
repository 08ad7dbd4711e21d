"""A large checkpoint on its way into the file, a part in each commit.

Ten megabytes in one commit held every other one up for 150 to 370 ms; a part is over in a few. The
checkpoint is there with its last part, and what it replaces is whole until then. What a kill leaves
half-written no checkpoint names, and the next one's parts take its place.
"""

import sqlite3
from collections.abc import Iterator

from hub.journal.port import Checkpoint

PART = 256 * 1024
"""Bytes."""

Write = tuple[str, object, str, int | None, int | None, bytes | None]
"""A row of the view `writes`: what, key, name, at, number, body."""


def is_large(checkpoint: Checkpoint) -> bool:
    """Whether it is written in parts."""
    return len(checkpoint.body) > PART


def whole(checkpoint: Checkpoint) -> Write:
    """Return the row that writes a small one."""
    return "checkpoint", None, checkpoint.name, None, checkpoint.seq, checkpoint.body


def in_parts(checkpoint: Checkpoint, db: sqlite3.Connection) -> Iterator[Write]:
    """Yield the row of each commit in turn; the last one is the checkpoint itself."""
    save = db.execute(_NEXT_SAVE).fetchone()[0]
    body = memoryview(checkpoint.body)
    last = (len(body) - 1) // PART
    for number in range(last):
        yield "part", save, "", None, number, bytes(body[number * PART : (number + 1) * PART])
    yield "checkpoint", save, checkpoint.name, None, checkpoint.seq, bytes(body[last * PART :])


def load(db: sqlite3.Connection, name: str) -> Checkpoint | None:
    """Return the checkpoint of that name, put together again; None when there is none."""
    if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'parts'").fetchone():
        rows = db.execute("SELECT seq, body FROM checkpoints WHERE name = ?", (name,)).fetchall()
    else:  # one statement: another checkpoint may take its place meanwhile
        rows = db.execute(_LOAD, {"name": name}).fetchall()
    if not rows:
        return None
    return Checkpoint(name, rows[0][0], b"".join(body for _, body in rows))


_NEXT_SAVE = """
SELECT coalesce(max(save), 0) + 1 FROM (
  SELECT max(save) AS save FROM parts UNION ALL SELECT max(save) FROM checkpoints
)
"""
_LOAD = """
SELECT seq, body FROM (
  SELECT seq, parts.body AS body, number FROM checkpoints JOIN parts USING (save)
  WHERE name = :name
  UNION ALL
  SELECT seq, body, 1e9 FROM checkpoints WHERE name = :name
) ORDER BY number
"""
