"""The journal's file: its tables, the rules they hold by themselves, and the writer's lock.

Facts are append-only by the file's own triggers: a row that does not continue the sequence, goes
back in time, or changes history is refused whoever writes it; facts are removed only behind two
checkpoints of the state, and never the last one. WAL with `synchronous=FULL` syncs the
log at every commit (https://www.sqlite.org/pragma.html#pragma_synchronous), and readers never block
the writer (https://www.sqlite.org/wal.html). `secure_delete` overwrites what is erased.

All writing goes through the view `writes`, whose triggers put each row where it belongs: so a
commit of facts, documents and checkpoints together is one statement, atomic by itself. A checkpoint
that is large goes in part by part (`hub.journal.sqlite_saving`).
"""

import fcntl
import os
import sqlite3
from pathlib import Path
from typing import IO

from hub.journal.port import AnotherWriter, NoJournal, WrongJournal

FORMAT = 3
"""Version of the tables, not of the facts: those carry their own. A writer lifts an older file, and
readers read it as it is."""

STATEMENT_ROWS = 256
"""Rows of one INSERT; there is a prepared statement for each number of them up to this."""

_BUSY_S = 5.0

UNSAFE = "a fact is removed only behind two checkpoints of the state"
_REMAIN = f"""
CREATE TRIGGER facts_remain BEFORE DELETE ON facts
WHEN OLD.seq >= (SELECT max(seq) FROM facts) OR OLD.seq > (
  SELECT CASE count(*) WHEN 2 THEN min(seq) ELSE 0 END FROM checkpoints
  WHERE name IN ('state', 'state.before')
)
BEGIN SELECT RAISE(ABORT, '{UNSAFE}'); END;
CREATE TRIGGER remove_facts INSTEAD OF INSERT ON writes WHEN NEW.what = 'removal'
BEGIN DELETE FROM facts WHERE seq <= NEW.number; END;
"""
"""The names are those of `hub.journal.kept`, which keeps the state's two newest checkpoints."""

_DROP_A_PART = """
  DELETE FROM parts WHERE rowid = (
    SELECT rowid FROM parts WHERE save IS NOT NEW.key
    AND save NOT IN (SELECT save FROM checkpoints WHERE save IS NOT NULL) LIMIT 1
  );"""
_PARTS = f"""
CREATE TABLE parts (
  save INTEGER NOT NULL, number INTEGER NOT NULL, body BLOB NOT NULL, PRIMARY KEY (save, number)
);
CREATE TRIGGER write_part INSTEAD OF INSERT ON writes WHEN NEW.what = 'part'
BEGIN{_DROP_A_PART}
  INSERT INTO parts VALUES (NEW.key, NEW.number, NEW.body);
END;
CREATE TRIGGER write_checkpoint INSTEAD OF INSERT ON writes WHEN NEW.what = 'checkpoint'
BEGIN
  INSERT INTO checkpoints VALUES (NEW.name, NEW.number, NEW.body, NEW.key)
  ON CONFLICT (name) DO UPDATE
  SET seq = excluded.seq, body = excluded.body, save = excluded.save;{_DROP_A_PART}
END;
"""
"""Each part takes the place of one that no checkpoint has any more, so the pages are used again at
once, and what a kill has left half-written goes the same way."""

_SCHEMA = f"""
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE facts (
  seq INTEGER PRIMARY KEY, recorded_at INTEGER NOT NULL,
  tag TEXT NOT NULL, version INTEGER NOT NULL, body BLOB NOT NULL
);
CREATE TRIGGER facts_continue BEFORE INSERT ON facts
WHEN NEW.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM facts)
BEGIN SELECT RAISE(ABORT, 'seq does not continue'); END;
CREATE TRIGGER facts_go_forward BEFORE INSERT ON facts
WHEN NEW.recorded_at < (SELECT recorded_at FROM facts ORDER BY seq DESC LIMIT 1)
BEGIN SELECT RAISE(ABORT, 'recorded_at decreases'); END;
CREATE TRIGGER facts_stay BEFORE UPDATE ON facts
BEGIN SELECT RAISE(ABORT, 'a fact is never changed'); END;
CREATE TABLE documents (
  kind TEXT NOT NULL, id TEXT NOT NULL, body BLOB NOT NULL, PRIMARY KEY (kind, id)
);
CREATE TABLE checkpoints (
  name TEXT PRIMARY KEY, seq INTEGER NOT NULL, body BLOB NOT NULL, save INTEGER
);
CREATE VIEW writes AS
SELECT NULL AS what, NULL AS key, NULL AS name, NULL AS at, NULL AS number, NULL AS body;
CREATE TRIGGER write_fact INSTEAD OF INSERT ON writes WHEN NEW.what = 'fact'
BEGIN INSERT INTO facts VALUES (NEW.key, NEW.at, NEW.name, NEW.number, NEW.body); END;
CREATE TRIGGER write_document INSTEAD OF INSERT ON writes
WHEN NEW.what = 'document' AND NEW.body IS NOT NULL
BEGIN
  INSERT INTO documents VALUES (NEW.key, NEW.name, NEW.body)
  ON CONFLICT (kind, id) DO UPDATE SET body = excluded.body;
END;
CREATE TRIGGER erase_document INSTEAD OF INSERT ON writes
WHEN NEW.what = 'document' AND NEW.body IS NULL
BEGIN DELETE FROM documents WHERE kind = NEW.key AND id = NEW.name; END;
{_REMAIN}{_PARTS}"""
"""`checkpoints.body` is the whole one, or the end of what the parts of its `save` begin."""

_LIFT = {
    "1": f"DROP TRIGGER facts_remain;{_REMAIN}",
    "2": f"""DROP TRIGGER write_checkpoint;
ALTER TABLE checkpoints ADD COLUMN save INTEGER;
{_PARTS}""",
}
"""What brings a file of a format to the next: format 1 could remove nothing; in format 2 each
checkpoint was one row."""


def is_written(path: Path) -> bool:
    """Whether a process has the journal open for writing now."""
    held = Path(f"{path}.writer")
    if not held.exists():
        return False
    with held.open(encoding="ascii") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            return True
    return False


def lock_writer(path: Path) -> IO[str]:
    """Take the one writer's lock, which the kernel releases even at kill -9; or AnotherWriter."""
    lock = Path(f"{path}.writer").open("a+", encoding="ascii")  # noqa: SIM115 held while writing
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        lock.seek(0)
        holder = lock.read().strip() or "unknown"
        lock.close()
        raise AnotherWriter(
            f"process {holder} already writes {path}: stop it first, only one may run"
        ) from error
    lock.seek(0)
    lock.truncate()
    _sign(lock)
    return lock


def take_lock_over(path: Path) -> IO[str]:
    """Put a lock of one's own in the place of that of a process whose lease has run out; it keeps
    the one it has, which is nobody's any more."""
    draft = Path(f"{path}.writer.{os.getpid()}")
    lock = draft.open("w", encoding="ascii")
    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    _sign(lock)
    draft.replace(f"{path}.writer")
    return lock


def _sign(lock: IO[str]) -> None:
    lock.write(str(os.getpid()))
    lock.flush()


def connect_writer(path: Path, partition: str) -> sqlite3.Connection:
    """Open the file for writing, made with its tables where it is new; WrongJournal if not ours."""
    db = sqlite3.connect(
        path,
        timeout=_BUSY_S,
        isolation_level=None,
        check_same_thread=False,  # opened by the loop, used by the writer's thread
        cached_statements=STATEMENT_ROWS + 32,
    )
    try:
        os.chmod(path, 0o600)
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("PRAGMA synchronous=FULL")
        db.execute("PRAGMA secure_delete=ON")
        if not _tables(db):
            _create(db, partition)
        _lift(db)
        _check(db, path, partition)
        # What was erased just before a kill -9 would otherwise stay in the log.
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.DatabaseError as error:
        db.close()
        raise WrongJournal(f"{path} cannot be used as a journal: {error}") from error
    except WrongJournal:
        db.close()
        raise
    return db


def connect_reader(path: Path, partition: str) -> sqlite3.Connection:
    """Open the file for reading only; NoJournal or WrongJournal when that cannot be."""
    if not path.exists():
        raise NoJournal(f"there is no journal at {path}: start the router, which makes it")
    db = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=ro",
        uri=True,
        timeout=_BUSY_S,
        isolation_level=None,
        check_same_thread=False,
    )
    try:
        if not _tables(db):
            raise NoJournal(f"the journal at {path} is not made yet: start the router")
        _check(db, path, partition)
    except sqlite3.DatabaseError as error:
        db.close()
        raise WrongJournal(f"{path} cannot be used as a journal: {error}") from error
    except (NoJournal, WrongJournal):
        db.close()
        raise
    return db


def _tables(db: sqlite3.Connection) -> int:
    count: int = db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    return count


def _create(db: sqlite3.Connection, partition: str) -> None:
    meta = (("partition", partition), ("format", str(FORMAT)))
    db.execute("BEGIN IMMEDIATE")
    for statement in _statements(_SCHEMA):
        db.execute(statement)
    db.executemany("INSERT INTO meta VALUES (?, ?)", meta)
    db.execute("COMMIT")


def _lift(db: sqlite3.Connection) -> None:
    """Bring an older file to this format; whatever else it is, `_check` says."""
    while (step := _LIFT.get(found := _meta(db).get("format", ""))) is not None:
        db.execute("BEGIN IMMEDIATE")
        for statement in _statements(step):
            db.execute(statement)
        db.execute("UPDATE meta SET value = ? WHERE name = 'format'", (str(int(found) + 1),))
        db.execute("COMMIT")


def _meta(db: sqlite3.Connection) -> dict[str, str]:
    if db.execute("SELECT 1 FROM sqlite_master WHERE name = 'meta'").fetchone() is None:
        return {}
    return dict(db.execute("SELECT name, value FROM meta").fetchall())


def _statements(script: str) -> list[str]:
    """Cut a script whole statement by whole statement; `executescript` would commit in between."""
    found, rest = [], ""
    for line in script.splitlines(keepends=True):
        rest += line
        if sqlite3.complete_statement(rest):
            found.append(rest)
            rest = ""
    return found


def _check(db: sqlite3.Connection, path: Path, partition: str) -> None:
    meta = _meta(db)
    if meta.get("format") not in {*_LIFT, str(FORMAT)}:
        found = meta.get("format", "no")
        raise WrongJournal(f"{path} has {found} journal format, this version reads {FORMAT}")
    if meta["partition"] != partition:
        raise WrongJournal(f"{path} is the journal of {meta['partition']}, not of {partition}")
