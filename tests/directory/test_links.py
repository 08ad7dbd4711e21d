"""Recovery links, what a sign-in under way waits for, and what is told of it all."""

import pytest

from hub.directory.entries import Happened
from hub.directory.pending import MOST
from hub.directory.port import CodeWrong, TooManyGuesses
from hub.directory.sqlite import SqliteDirectory
from routing.instant import DAY, HOUR, MINUTE, SECOND

NOW = 1_795_000_000_000_000


def test_a_link_works_once_and_for_fifteen_minutes(directory: SqliteDirectory) -> None:
    link = directory.links.issue("kari", NOW)
    assert directory.links.redeem(link, "10.0.0.1", NOW + 15 * MINUTE - SECOND) == "kari"
    with pytest.raises(CodeWrong):
        directory.links.redeem(link, "10.0.0.1", NOW)
    late = directory.links.issue("kari", NOW)
    with pytest.raises(CodeWrong):
        directory.links.redeem(late, "10.0.0.1", NOW + 15 * MINUTE)


def test_a_new_link_ends_the_one_before(directory: SqliteDirectory) -> None:
    first, second = directory.links.issue("kari", NOW), directory.links.issue("kari", NOW)
    with pytest.raises(CodeWrong):
        directory.links.redeem(first, "10.0.0.1", NOW)
    assert directory.links.redeem(second, "10.0.0.1", NOW) == "kari"


def test_guessing_links_is_stopped_and_holds_no_good_one_up(directory: SqliteDirectory) -> None:
    """A link cannot be guessed, so nobody may be locked out by the guesses of others."""
    for _ in range(10):
        with pytest.raises(CodeWrong):
            directory.links.redeem("a guess", "10.0.0.1", NOW)
    with pytest.raises(TooManyGuesses):
        directory.links.redeem("a guess", "10.0.0.1", NOW)
    link = directory.links.issue("kari", NOW)
    assert directory.links.redeem(link, "10.0.0.1", NOW) == "kari"


def test_ending_somebodys_sessions_ends_their_link(directory: SqliteDirectory) -> None:
    link = directory.links.issue("kari", NOW)
    directory.end_sessions_of("kari", NOW)
    with pytest.raises(CodeWrong):
        directory.links.redeem(link, "10.0.0.1", NOW)


def test_what_is_pending_is_taken_once_by_its_kind_and_in_time(directory: SqliteDirectory) -> None:
    pending = directory.pending
    ticket = pending.begin("oidc", b"state", NOW)
    assert pending.take("passkey-use", ticket, NOW) is None
    assert pending.take("oidc", ticket, NOW + 5 * MINUTE - SECOND) == b"state"
    assert pending.take("oidc", ticket, NOW) is None
    late = pending.begin("oidc", b"state", NOW)
    assert pending.take("oidc", late, NOW + 5 * MINUTE) is None


def test_strangers_who_begin_and_begin_fill_no_disk(directory: SqliteDirectory) -> None:
    """The oldest give way."""
    first = directory.pending.begin("oidc", b"first", NOW)
    columns = "digest, municipality, what, value, expires_at"
    row = [(n.to_bytes(32, "big"), "fjordby", "oidc", b"", NOW + HOUR) for n in range(MOST - 1)]
    with directory._file.transaction() as db:
        db.executemany(f"INSERT INTO pending ({columns}) VALUES (?, ?, ?, ?, ?)", row)
    last = directory.pending.begin("oidc", b"last", NOW + HOUR - SECOND)
    assert directory.pending.take("oidc", first, NOW) is None
    assert directory.pending.take("oidc", last, NOW + HOUR) == b"last"
    with directory._file.reading() as db:
        assert db.execute("SELECT count(*) FROM pending").fetchone()[0] == MOST - 1


def test_entries_are_told_newest_first_to_whom_they_concern(directory: SqliteDirectory) -> None:
    directory.entries.add(Happened.LINK_MADE, NOW, person="kari", by="lise")
    directory.entries.add(Happened.PIN_SET, NOW + 1, person="ola", by="ola", handset="h-1")
    (own,) = directory.entries.of("kari")
    assert (own.what, own.at, own.by, own.handset) == (Happened.LINK_MADE, NOW, "lise", None)
    assert [one.person for one in directory.entries.all()] == ["ola", "kari"]


def test_entries_go_after_a_year(directory: SqliteDirectory) -> None:
    directory.entries.add(Happened.PIN_SET, NOW, person="kari")
    directory.entries.add(Happened.PIN_SET, NOW + 365 * DAY, person="ola")
    assert [one.person for one in directory.entries.all()] == ["ola"]
