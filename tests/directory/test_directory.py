"""One-time codes and sessions."""

import hashlib
import re
import sqlite3
from pathlib import Path

import pytest

from hub.directory.port import CodeWrong, TooManyGuesses
from hub.directory.sqlite import SqliteDirectory
from routing.instant import HOUR, MINUTE, SECOND

NOW = 1_795_000_000_000_000


@pytest.fixture
def directory(tmp_path: Path) -> SqliteDirectory:
    return SqliteDirectory(tmp_path / "directory.sqlite", "fjordby")


def never(person: str) -> bool:
    return False


def always(person: str) -> bool:
    return True


def test_a_code_is_eight_characters_that_cannot_be_misread(directory: SqliteDirectory) -> None:
    for _ in range(20):
        assert re.fullmatch(
            "[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}", directory.issue_code("kari", NOW)
        )


def test_a_code_gives_its_person_a_session(directory: SqliteDirectory) -> None:
    token = directory.redeem(directory.issue_code("kari", NOW), "10.0.0.1", NOW)
    assert directory.person_of(token, NOW, never) == "kari"


def test_how_a_code_is_typed_does_not_matter(directory: SqliteDirectory) -> None:
    for typing in (str.lower, lambda c: c.replace("-", ""), lambda c: f" {c[:2]} {c[2:]} "):
        code = directory.issue_code("kari", NOW)
        assert directory.redeem(typing(code), "10.0.0.1", NOW)


def test_a_code_works_once(directory: SqliteDirectory) -> None:
    code = directory.issue_code("kari", NOW)
    directory.redeem(code, "10.0.0.1", NOW)
    with pytest.raises(CodeWrong):
        directory.redeem(code, "10.0.0.1", NOW)


def test_a_code_lives_for_fifteen_minutes(directory: SqliteDirectory) -> None:
    in_time, too_late = (directory.issue_code("kari", NOW) for _ in range(2))
    assert directory.redeem(in_time, "10.0.0.1", NOW + 15 * MINUTE - SECOND)
    with pytest.raises(CodeWrong):
        directory.redeem(too_late, "10.0.0.1", NOW + 15 * MINUTE)


@pytest.mark.parametrize("wrong", ["", "AAAA", "AAAA-AAAI", "A" * 9, "ÆØÅÆØÅÆØ", "'; DROP--"])
def test_what_cannot_be_a_code_is_wrong(directory: SqliteDirectory, wrong: str) -> None:
    with pytest.raises(CodeWrong):
        directory.redeem(wrong, "10.0.0.1", NOW)


def test_ten_wrong_codes_close_an_address_for_a_while_and_no_other(
    directory: SqliteDirectory,
) -> None:
    for n in range(10):
        with pytest.raises(CodeWrong):
            directory.redeem("wrong", "10.0.0.1", NOW + n * SECOND)
    code = directory.issue_code("kari", NOW)
    with pytest.raises(TooManyGuesses) as closed:
        directory.redeem(code, "10.0.0.1", NOW + 10 * SECOND)
    assert closed.value.wait_s == 891
    assert directory.redeem(code, "10.0.0.2", NOW + 10 * SECOND)
    later = directory.issue_code("kari", NOW + 10 * MINUTE)
    assert directory.redeem(later, "10.0.0.1", NOW + 15 * MINUTE)


def test_guesses_from_everywhere_together_are_limited(directory: SqliteDirectory) -> None:
    for n in range(1000):
        with pytest.raises(CodeWrong):
            directory.redeem("wrong", f"10.0.{n // 250}.{n % 250}", NOW)
    with pytest.raises(TooManyGuesses):
        directory.redeem("wrong", "192.0.2.1", NOW)


def test_nothing_in_the_file_opens_anything(directory: SqliteDirectory, tmp_path: Path) -> None:
    unused = directory.issue_code("kari", NOW)
    token = directory.redeem(directory.issue_code("kari", NOW), "10.0.0.1", NOW)
    with sqlite3.connect(tmp_path / "directory.sqlite") as db:
        dump = repr([db.execute(f"SELECT * FROM {t}").fetchall() for t in ("code", "session")])
    for secret in (unused, unused.replace("-", ""), token):
        assert secret not in dump
    assert (tmp_path / "directory.sqlite").stat().st_mode & 0o077 == 0


def test_a_session_ends_fourteen_hours_after_its_last_use(directory: SqliteDirectory) -> None:
    token = directory.redeem(directory.issue_code("kari", NOW), "10.0.0.1", NOW)
    assert directory.person_of(token, NOW + 13 * HOUR, never) == "kari"
    assert directory.person_of(token, NOW + 26 * HOUR, never) == "kari"
    assert directory.person_of(token, NOW + 40 * HOUR, never) is None


def test_a_session_that_must_stay_stays(directory: SqliteDirectory) -> None:
    token = directory.redeem(directory.issue_code("kari", NOW), "10.0.0.1", NOW)
    assert directory.person_of(token, NOW + 15 * HOUR, always) == "kari"


def test_signing_out_ends_one_session(directory: SqliteDirectory) -> None:
    one = directory.redeem(directory.issue_code("kari", NOW), "10.0.0.1", NOW)
    other = directory.redeem(directory.issue_code("kari", NOW), "10.0.0.1", NOW)
    directory.end_session(one)
    assert directory.person_of(one, NOW, always) is None
    assert directory.person_of(other, NOW, never) == "kari"


def test_a_lost_phone_ends_everything_of_its_person(directory: SqliteDirectory) -> None:
    token = directory.redeem(directory.issue_code("kari", NOW), "10.0.0.1", NOW)
    unused = directory.issue_code("kari", NOW)
    later = directory.redeem(directory.issue_code("kari", NOW + 1), "10.0.0.1", NOW + 1)
    directory.end_sessions_of("kari", NOW)
    assert directory.person_of(token, NOW, always) is None
    assert directory.person_of(later, NOW + 1, never) == "kari"
    with pytest.raises(CodeWrong):
        directory.redeem(unused, "10.0.0.1", NOW)


def test_two_processes_share_the_file(directory: SqliteDirectory, tmp_path: Path) -> None:
    command_line = SqliteDirectory(tmp_path / "directory.sqlite", "fjordby")
    code = command_line.issue_code("kari", NOW)
    assert directory.redeem(code, "10.0.0.1", NOW)


def test_a_municipality_gives_nothing_to_another_in_the_same_file(
    directory: SqliteDirectory, tmp_path: Path
) -> None:
    """Each may have a kari, and they are two people."""
    other = SqliteDirectory(tmp_path / "directory.sqlite", "dalby")
    token = directory.redeem(directory.issue_code("kari", NOW), "10.0.0.1", NOW)
    assert other.person_of(token, NOW, always) is None
    code = directory.issue_code("kari", NOW)
    with pytest.raises(CodeWrong):
        other.redeem(code, "10.0.0.1", NOW)
    other.end_sessions_of("kari", NOW)
    assert directory.person_of(token, NOW, never) == "kari"
    assert directory.redeem(code, "10.0.0.1", NOW)


def test_what_an_earlier_version_gave_counts_nowhere(tmp_path: Path) -> None:
    """It did not say in which municipality; people sign in once more."""
    token = "a token of an earlier version"
    digest = hashlib.sha256(token.encode()).digest()
    with sqlite3.connect(tmp_path / "directory.sqlite") as db:
        columns = "digest BLOB PRIMARY KEY, person TEXT, issued_at INTEGER, expires_at INTEGER"
        for table in ("code", "session"):
            db.execute(f"CREATE TABLE {table} ({columns}) WITHOUT ROWID")
        db.execute("INSERT INTO session VALUES (?, 'kari', ?, ?)", (digest, NOW, NOW + HOUR))
    directory = SqliteDirectory(tmp_path / "directory.sqlite", "fjordby")
    assert directory.person_of(token, NOW, always) is None
    assert directory.redeem(directory.issue_code("kari", NOW), "10.0.0.1", NOW)
