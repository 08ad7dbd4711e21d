"""The directory's tables, and how a file of another version is brought up.

Every row names its municipality: several may share the file, and each may have a person of the same
id. Statements name their columns and new columns have a default, so that a process of an older
version goes on working when a newer one has brought the file up under it.
"""

import sqlite3

_TABLES = """
CREATE TABLE IF NOT EXISTS salt (one INTEGER PRIMARY KEY CHECK (one = 1), value BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS code (
  digest BLOB PRIMARY KEY, person TEXT NOT NULL, issued_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL, municipality TEXT NOT NULL DEFAULT '', unit TEXT
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS session (
  digest BLOB PRIMARY KEY, person TEXT NOT NULL, issued_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL, municipality TEXT NOT NULL DEFAULT '',
  handset TEXT NOT NULL DEFAULT '', means TEXT NOT NULL DEFAULT '', unit TEXT
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS handset (
  id TEXT PRIMARY KEY, digest BLOB NOT NULL UNIQUE, municipality TEXT NOT NULL,
  label TEXT NOT NULL, person TEXT, unit TEXT, made_at INTEGER NOT NULL,
  last_seen_at INTEGER NOT NULL, revoked_at INTEGER
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS guess (
  address BLOB NOT NULL, at INTEGER NOT NULL, what TEXT NOT NULL DEFAULT 'code'
);
CREATE TABLE IF NOT EXISTS passkey (
  id TEXT PRIMARY KEY, credential BLOB NOT NULL UNIQUE, municipality TEXT NOT NULL,
  person TEXT NOT NULL, name TEXT NOT NULL, public_key BLOB NOT NULL, sign_count INTEGER NOT NULL,
  handset TEXT NOT NULL, made_at INTEGER NOT NULL, used_at INTEGER, synced INTEGER
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS passkey_seen (
  passkey TEXT NOT NULL, handset TEXT NOT NULL, at INTEGER NOT NULL,
  PRIMARY KEY (passkey, handset)
) WITHOUT ROWID;
CREATE TRIGGER IF NOT EXISTS passkey_gone AFTER DELETE ON passkey BEGIN
  DELETE FROM passkey_seen WHERE passkey = OLD.id;
END;
CREATE TABLE IF NOT EXISTS passkey_user (
  municipality TEXT NOT NULL, person TEXT NOT NULL, handle BLOB NOT NULL,
  PRIMARY KEY (municipality, person)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS pin (
  municipality TEXT NOT NULL, person TEXT NOT NULL, salt BLOB NOT NULL, digest BLOB NOT NULL,
  set_at INTEGER NOT NULL, wrong INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (municipality, person)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS link (
  digest BLOB PRIMARY KEY, municipality TEXT NOT NULL, person TEXT NOT NULL,
  issued_at INTEGER NOT NULL, expires_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS pending (
  digest BLOB PRIMARY KEY, municipality TEXT NOT NULL, what TEXT NOT NULL, value BLOB NOT NULL,
  expires_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS entry (
  number INTEGER PRIMARY KEY, municipality TEXT NOT NULL, at INTEGER NOT NULL,
  person TEXT, what TEXT NOT NULL, by TEXT, handset TEXT
);
CREATE TABLE IF NOT EXISTS subscription (
  municipality TEXT NOT NULL, handset TEXT NOT NULL, person TEXT NOT NULL,
  endpoint TEXT NOT NULL, p256dh BLOB NOT NULL, auth BLOB NOT NULL, vapid TEXT NOT NULL,
  made_at INTEGER NOT NULL, last_receipt_at INTEGER, dead_at INTEGER, dead_code TEXT,
  PRIMARY KEY (municipality, handset)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS subscription_of ON subscription (municipality, person);
"""
_LATER = {
    "code": {"municipality": "TEXT NOT NULL DEFAULT ''", "unit": "TEXT"},
    "session": {
        "municipality": "TEXT NOT NULL DEFAULT ''",
        "handset": "TEXT NOT NULL DEFAULT ''",
        "means": "TEXT NOT NULL DEFAULT ''",
        "unit": "TEXT",
    },
    "guess": {"what": "TEXT NOT NULL DEFAULT 'code'"},
    "passkey": {"synced": "INTEGER"},
}
"""Table to the columns that it did not have from the first version on. A session without a handset
counts nowhere: its person signs in once more."""

_SEEN = (
    "INSERT OR IGNORE INTO passkey_seen (passkey, handset, at) "
    "SELECT id, handset, made_at FROM passkey"
)
"""Where a passkey was made it has been seen; earlier versions wrote nothing more."""


def bring_up(db: sqlite3.Connection) -> None:
    """Make the tables, and add what a file of an earlier version lacks."""
    db.executescript(_TABLES)
    for table, columns in _LATER.items():
        known = {row[1] for row in db.execute(f"PRAGMA table_info({table})")}
        for column, kind in columns.items():
            if column not in known:
                db.execute(f"ALTER TABLE {table} ADD COLUMN {column} {kind}")
    db.execute(_SEEN)
