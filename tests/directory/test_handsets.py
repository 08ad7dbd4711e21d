"""Handsets: one for each browser profile, one person's or a unit's, and over when revoked."""

import sqlite3
from pathlib import Path

from hub.directory.port import Means
from hub.directory.sqlite import SqliteDirectory
from routing.instant import MINUTE

NOW = 1_795_000_000_000_000


def test_the_same_browser_of_the_same_person_is_the_same_handset(
    directory: SqliteDirectory,
) -> None:
    first, secret = directory.phones.taken_by("kari", None, "Android · Chrome", NOW)
    again, kept = directory.phones.taken_by("kari", secret, "Android · Chrome", NOW + MINUTE)
    assert (again.id, kept) == (first.id, secret)
    (listed,) = directory.handsets("kari")
    assert (listed.id, listed.label, listed.person) == (first.id, "Android · Chrome", "kari")
    assert (listed.made_at, listed.last_seen_at, listed.revoked_at) == (NOW, NOW + MINUTE, None)


def test_another_browser_is_another_handset(directory: SqliteDirectory) -> None:
    one, _ = directory.phones.taken_by("kari", None, "a", NOW)
    other, _ = directory.phones.taken_by("kari", "a made-up cookie", "b", NOW + 1)
    assert [handset.id for handset in directory.handsets("kari")] == [other.id, one.id]


def test_a_phone_that_another_person_takes_is_no_longer_the_first_ones(
    directory: SqliteDirectory,
) -> None:
    first, secret = directory.phones.taken_by("kari", None, "phone", NOW)
    token = directory.sessions.begin("kari", first.id, Means.CODE, NOW)
    second, new_secret = directory.phones.taken_by("ola", secret, "phone", NOW + 1)
    assert second.id != first.id
    assert new_secret != secret
    assert directory.handsets("kari") == []
    assert directory.phones.known(secret) is None
    assert directory.sessions.of(token, NOW + 1, lambda person: True) is None


def test_a_shared_phone_stays_the_units_whoever_signs_in(directory: SqliteDirectory) -> None:
    bound, secret = directory.phones.bind("east", None, "phone", NOW)
    for person in ("kari", "ola"):
        handset, kept = directory.phones.taken_by(person, secret, "phone", NOW)
        assert (handset.id, handset.unit, handset.person, kept) == (bound.id, "east", None, secret)
    assert [handset.id for handset in directory.phones.shared()] == [bound.id]
    assert directory.handsets("kari") == []


def test_binding_a_phone_ends_what_it_was_before(directory: SqliteDirectory) -> None:
    first, secret = directory.phones.taken_by("kari", None, "phone", NOW)
    bound, _ = directory.phones.bind("east", secret, "phone", NOW)
    assert bound.id != first.id
    assert directory.handsets("kari") == []


def test_a_revoked_handset_has_no_session_and_never_comes_back(directory: SqliteDirectory) -> None:
    handset, secret = directory.phones.taken_by("kari", None, "phone", NOW)
    token = directory.sessions.begin("kari", handset.id, Means.CODE, NOW)
    directory.revoke_handset(handset.id, NOW + 1)
    directory.revoke_handset(handset.id, NOW + 2)
    assert directory.sessions.of(token, NOW + 1, lambda person: True) is None
    assert directory.phones.known(secret) is None
    assert directory.handsets("kari") == []
    kept = directory.phones.get(handset.id)
    assert kept is not None
    assert kept.revoked_at == NOW + 1
    again, _ = directory.phones.taken_by("kari", secret, "phone", NOW + 3)
    assert again.id != handset.id


def test_a_handset_is_known_by_the_name_it_was_given(directory: SqliteDirectory) -> None:
    handset, _ = directory.phones.bind("east", None, "Android", NOW)
    directory.phones.rename(handset.id, "Bil 3")
    assert [one.label for one in directory.phones.shared()] == ["Bil 3"]


def test_a_municipality_knows_no_handset_of_another(
    directory: SqliteDirectory, tmp_path: Path
) -> None:
    other = SqliteDirectory(tmp_path / "directory.sqlite", "dalby")
    handset, secret = directory.phones.taken_by("kari", None, "phone", NOW)
    assert other.phones.known(secret) is None
    assert other.phones.get(handset.id) is None
    assert other.handsets("kari") == []
    other.close()


def test_no_cookie_stands_in_the_file(directory: SqliteDirectory, tmp_path: Path) -> None:
    handset, secret = directory.phones.taken_by("kari", None, "phone", NOW)
    token = directory.sessions.begin("kari", handset.id, Means.CODE, NOW)
    unused = directory.issue_code("kari", NOW)
    with sqlite3.connect(tmp_path / "directory.sqlite") as db:
        tables = ("code", "session", "handset")
        dump = repr([db.execute(f"SELECT * FROM {table}").fetchall() for table in tables])
    assert handset.id in dump
    for told in (secret, token, unused, unused.replace("-", "")):
        assert told not in dump
    assert (tmp_path / "directory.sqlite").stat().st_mode & 0o077 == 0
