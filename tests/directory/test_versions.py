"""A directory file of an earlier version, of a later one, and one that cannot be used."""

import hashlib
import sqlite3
from pathlib import Path

import pytest

from hub.directory.port import CodeWrong, DirectoryBroken, Means
from hub.directory.sqlite import SqliteDirectory
from routing.instant import HOUR

NOW = 1_795_000_000_000_000
TOKEN = "a token of an earlier version"
DIGEST = hashlib.sha256(TOKEN.encode()).digest()
FIRST = """
CREATE TABLE code (digest BLOB PRIMARY KEY, person TEXT NOT NULL, issued_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE session (digest BLOB PRIMARY KEY, person TEXT NOT NULL, issued_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE guess (address BLOB NOT NULL, at INTEGER NOT NULL);
"""
SECOND = """
CREATE TABLE code (digest BLOB PRIMARY KEY, person TEXT NOT NULL, issued_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL, municipality TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE session (digest BLOB PRIMARY KEY, person TEXT NOT NULL, issued_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL, municipality TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE guess (address BLOB NOT NULL, at INTEGER NOT NULL);
"""


def sign_in(directory: SqliteDirectory) -> str | None:
    given = directory.codes.redeem(directory.issue_code("kari", NOW), "10.0.0.1", NOW)
    handset, _ = directory.phones.taken_by(str(given.person), None, "phone", NOW)
    token = directory.sessions.begin(str(given.person), handset.id, Means.CODE, NOW)
    session = directory.sessions.of(token, NOW, lambda person: False)
    return None if session is None else session.person


@pytest.mark.parametrize("schema", [FIRST, SECOND])
def test_what_an_earlier_version_gave_counts_nowhere(tmp_path: Path, schema: str) -> None:
    """It did not say in which municipality or on which handset; people sign in once more."""
    path = tmp_path / "directory.sqlite"
    with sqlite3.connect(path) as db:
        db.executescript(schema)
        values = "?, 'kari', ?, ?" if schema is FIRST else "?, 'kari', ?, ?, 'fjordby'"
        db.execute(f"INSERT INTO session VALUES ({values})", (DIGEST, NOW, NOW + HOUR))
    db.close()
    directory = SqliteDirectory(path, "fjordby")
    assert directory.sessions.of(TOKEN, NOW, lambda person: True) is None
    assert sign_in(directory) == "kari"
    directory.close()


def test_a_file_that_a_later_version_brings_up_meanwhile_goes_on_working(tmp_path: Path) -> None:
    """What is added has a default, and our statements name their columns."""
    path = tmp_path / "directory.sqlite"
    directory = SqliteDirectory(path, "fjordby")
    with sqlite3.connect(path) as db:
        tables = [
            row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        ]
        for table in tables:
            db.execute(f"ALTER TABLE {table} ADD COLUMN later TEXT NOT NULL DEFAULT ''")
    db.close()
    assert {"code", "session", "handset", "guess", "salt"} <= set(tables)
    with pytest.raises(CodeWrong):
        directory.codes.redeem("AAAA-AAAA", "10.0.0.1", NOW)
    assert sign_in(directory) == "kari"
    directory.close()


def test_a_municipality_gives_nothing_to_another_in_the_same_file(
    directory: SqliteDirectory, tmp_path: Path
) -> None:
    """Each may have a kari, and they are two people."""
    other = SqliteDirectory(tmp_path / "directory.sqlite", "dalby")
    handset, _ = directory.phones.taken_by("kari", None, "phone", NOW)
    token = directory.sessions.begin("kari", handset.id, Means.CODE, NOW)
    assert other.sessions.of(token, NOW, lambda person: True) is None
    code = directory.issue_code("kari", NOW)
    with pytest.raises(CodeWrong):
        other.codes.redeem(code, "10.0.0.1", NOW)
    other.end_sessions_of("kari", NOW)
    assert directory.sessions.of(token, NOW, lambda person: False) is not None
    assert directory.codes.redeem(code, "10.0.0.1", NOW).person == "kari"
    other.close()


def test_a_file_that_breaks_meanwhile_is_told_in_words(tmp_path: Path) -> None:
    path = tmp_path / "directory.sqlite"
    directory = SqliteDirectory(path, "fjordby")
    with sqlite3.connect(path) as db:
        db.execute("DROP TABLE session")
    db.close()
    with pytest.raises(DirectoryBroken) as broken:
        directory.sessions.end("a token")
    assert f"{path} cannot be used (no such table: session)" in str(broken.value)
    directory.close()
