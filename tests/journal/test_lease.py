"""The lease: who may append, by the journal's own refusal and by each worker's own clock."""

import asyncio
import sqlite3
from pathlib import Path

import pytest

from hub.journal.lease import Lease, Term, Vigil
from hub.journal.port import AnotherWriter, Checkpoint, Document
from hub.journal.sqlite import open_reader, open_writer
from routing.instant import SECOND
from tests.journal.labs import Lab, press


async def test_each_holder_has_a_higher_token(lab: Lab) -> None:
    tokens = []
    for _ in range(3):
        journal = lab.writer()
        lease = journal.lease()
        assert lease is not None
        tokens.append(lease.token)
        journal.close()
    assert tokens == [1, 2, 3]


async def test_a_renewal_is_seen_by_who_waits(lab: Lab) -> None:
    journal = lab.writer()
    await journal.append([press("a")], at=1)
    first = lab.reader().lease()
    await asyncio.gather(journal.renew(), journal.renew())
    seen = lab.reader().lease()
    assert first is not None
    assert seen is not None
    assert (first.token, first.renewed, first.lasts) == (1, 0, 120 * SECOND)
    assert (seen.token, seen.renewed, seen.lasts) == (1, 2, 6 * SECOND)
    journal.close()


async def test_who_has_lost_the_lease_changes_nothing_any_more(lab: Lab) -> None:
    old = lab.writer()
    await old.append([press("a")], 1, [Document("note", "1", b"kept")])
    new = lab.writer(instead_of=old.lease())
    await new.append([press("b")], at=2)
    for late in (
        old.append([press("c")], at=3),
        old.append([], 3, [Document("note", "1", None)]),
        old.save_checkpoint(Checkpoint("presence", 1, b"late")),
        old.renew(),
    ):
        with pytest.raises(AnotherWriter):
            await late
    await new.append([press("d")], at=4)
    assert [(r.seq, r.fact) for r in lab.reader().read(0)] == [
        (1, press("a")),
        (2, press("b")),
        (3, press("d")),
    ]
    assert (new.document("note", "1"), new.load_checkpoint("presence")) == (b"kept", None)
    old.close()
    new.close()


async def test_the_old_one_is_shut_out_before_the_new_one_has_written(lab: Lab) -> None:
    old = lab.writer()
    new = lab.writer(instead_of=old.lease())
    with pytest.raises(AnotherWriter):
        await old.append([press("a")], at=1)
    assert lab.reader().head() == 0
    old.close()
    new.close()


async def test_of_two_that_wait_one_gets_it(lab: Lab) -> None:
    old = lab.writer()
    over = old.lease()
    new = lab.writer(instead_of=over)
    with pytest.raises(AnotherWriter):
        lab.writer(instead_of=over)
    await new.append([press("a")], at=1)
    with pytest.raises(AnotherWriter):
        lab.writer()
    old.close()
    new.close()


async def test_a_renewal_after_the_look_keeps_the_lease(lab: Lab) -> None:
    journal = lab.writer()
    seen = journal.lease()
    await journal.renew()
    with pytest.raises(AnotherWriter):
        lab.writer(instead_of=seen)
    await journal.append([press("a")], at=1)
    journal.close()


def test_a_term_counts_from_when_the_renewal_was_asked_for() -> None:
    term = Term(ends_at=102 * SECOND)
    assert (term.over(101_999_999), term.over(102 * SECOND)) == (False, True)
    term.renewed(asked_at=104 * SECOND)
    assert (term.over(109_999_999), term.over(110 * SECOND)) == (False, True)


def test_a_vigil_ends_when_nothing_was_renewed_for_the_length_of_the_lease() -> None:
    vigil, lease = Vigil(), Lease("a", 3, 7, lasts=6 * SECOND)
    assert vigil.look(lease, at=50 * SECOND) is None
    assert vigil.look(lease, at=55 * SECOND) is None
    renewed = Lease("a", 3, 8, lasts=6 * SECOND)
    assert vigil.look(renewed, at=56 * SECOND) is None
    assert vigil.look(renewed, at=61_999_999) is None
    assert vigil.look(renewed, at=62 * SECOND) == renewed


def test_a_vigil_takes_a_new_holder_for_a_new_lease() -> None:
    vigil = Vigil()
    assert vigil.look(Lease("a", 3, 0, lasts=6 * SECOND), at=0) is None
    assert vigil.look(Lease("b", 4, 0, lasts=6 * SECOND), at=6 * SECOND) is None
    assert vigil.look(None, at=20 * SECOND) is None


async def test_the_file_keeps_tokens_rising_and_leases_there(tmp_path: Path) -> None:
    path = tmp_path / "solvik.journal"
    open_writer(path, "solvik").close()
    open_writer(path, "solvik").close()
    db = sqlite3.connect(path)
    with pytest.raises(sqlite3.IntegrityError, match="only rises"):
        db.execute("UPDATE lease SET token = 2")
    with pytest.raises(sqlite3.IntegrityError, match="never used again"):
        db.execute("DELETE FROM lease")
    db.close()


async def test_a_file_without_a_lease_is_read_and_gets_one_from_its_next_writer(
    tmp_path: Path,
) -> None:
    path = tmp_path / "solvik.journal"
    open_writer(path, "solvik").close()
    db = sqlite3.connect(path)
    for name in ("token_is_newest", "renew_lease"):
        db.execute(f"DROP TRIGGER {name}")
    db.execute("DROP TABLE lease")
    db.close()
    reader = open_reader(path, "solvik")
    assert reader.lease() is None
    journal = open_writer(path, "solvik", owner="the next one")
    await journal.append([press("a")], at=1)
    found = reader.lease()
    assert found is not None
    assert (found.owner, found.token) == ("the next one", 1)
    journal.close()
    reader.close()


async def test_a_standby_that_has_taken_over_holds_the_writers_lock(tmp_path: Path) -> None:
    path = tmp_path / "solvik.journal"
    old = open_writer(path, "solvik")
    new = open_writer(path, "solvik", instead_of=old.lease())
    old.close()
    with pytest.raises(AnotherWriter, match="already writes"):
        open_writer(path, "solvik")
    new.close()
    open_writer(path, "solvik").close()
