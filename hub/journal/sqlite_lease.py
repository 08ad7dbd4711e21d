"""The lease in a SQLite journal: one row, and triggers that hold every commit against it.

Each commit begins with a row `lease` that names its token; the file itself refuses the whole
statement when that is no longer the newest. The tables are made by the first claim, in files of
earlier versions too.
"""

import sqlite3

from hub.journal.lease import STARTS_WITHIN, Lease
from hub.journal.port import AnotherWriter

_TABLES = (
    """
    CREATE TABLE IF NOT EXISTS lease (
      only_one INTEGER PRIMARY KEY CHECK (only_one = 1), owner TEXT NOT NULL,
      token INTEGER NOT NULL, renewed INTEGER NOT NULL, lasts INTEGER NOT NULL
    )
    """,
    """
    CREATE TRIGGER IF NOT EXISTS token_is_newest INSTEAD OF INSERT ON writes
    WHEN NEW.what = 'lease' AND NEW.number IS NOT (SELECT token FROM lease)
    BEGIN SELECT RAISE(ABORT, 'another worker has taken the lease'); END
    """,
    """
    CREATE TRIGGER IF NOT EXISTS renew_lease INSTEAD OF INSERT ON writes WHEN NEW.what = 'renewal'
    BEGIN UPDATE lease SET renewed = renewed + 1, lasts = NEW.number; END
    """,
    """
    CREATE TRIGGER IF NOT EXISTS token_rises BEFORE UPDATE OF token ON lease
    WHEN NEW.token <= OLD.token
    BEGIN SELECT RAISE(ABORT, 'a token only rises'); END
    """,
    """
    CREATE TRIGGER IF NOT EXISTS lease_remains BEFORE DELETE ON lease
    BEGIN SELECT RAISE(ABORT, 'a token is never used again'); END
    """,
)


def claim(db: sqlite3.Connection, owner: str, instead_of: Lease | None) -> Lease:
    """Take the lease with a new token; AnotherWriter when `instead_of` is not the present one."""
    db.execute("BEGIN IMMEDIATE")
    try:
        for statement in _TABLES:
            db.execute(statement)
        present = read_lease(db)
        if instead_of is not None and present != instead_of:
            raise AnotherWriter(f"{present and present.owner} has the lease: this worker waits")
        taken = Lease(owner, present.token + 1 if present else 1, 0, STARTS_WITHIN)
        db.execute(
            "INSERT INTO lease VALUES (1, ?, ?, ?, ?) ON CONFLICT (only_one) DO UPDATE SET"
            " owner = excluded.owner, token = excluded.token, renewed = 0, lasts = excluded.lasts",
            (taken.owner, taken.token, taken.renewed, taken.lasts),
        )
    except BaseException:
        db.execute("ROLLBACK")
        raise
    db.execute("COMMIT")
    return taken


def read_lease(db: sqlite3.Connection) -> Lease | None:
    """Return the present lease; None where nobody has ever taken one."""
    if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'lease'").fetchone():
        return None
    row = db.execute("SELECT owner, token, renewed, lasts FROM lease").fetchone()
    return None if row is None else Lease(*row)
