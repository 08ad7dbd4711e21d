"""History: what it files, where it goes on, and what it says when something is missing."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from hub.history.follow import Follower
from hub.history.position import position
from hub.history.sqlite import History, NoHistory, WrongHistory, history_beside, open_history
from hub.journal.memory import MemoryStore, open_reader
from hub.journal.rows import to_row
from routing.facts import AlarmRaised
from tests.history.life import life, whole


@pytest.fixture
def history(tmp_path: Path) -> Iterator[History]:
    with closing(open_history(tmp_path / "h", "solvik", "rwc")) as made:
        yield made


def test_every_fact_of_an_alarm_is_filed_with_the_event_that_raised_it(history: History) -> None:
    follower = Follower(whole(len(life())), history)
    assert follower.step() == len(life())
    assert follower.step() == 0
    first = next(one for one in life() if isinstance(one.fact, AlarmRaised))
    found = list(history.about([getattr(first.fact, "alarm", "")]))
    tags = [str(one.fact.__struct_config__.tag) for one in found]
    assert tags[:3] == ["event.recorded", "alarm.raised", "step.started"]
    assert tags[-2:] == ["command.ended", "alarm.archived"]
    assert found == [one for one in life() if one in found]
    assert history.position == len(life())


def test_it_goes_on_where_it_was_in_batches_over_restarts(tmp_path: Path) -> None:
    for count in (10, 10, 11, 100, len(life())):
        with closing(open_history(tmp_path / "h", "solvik", "rwc")) as history:
            Follower(whole(count), history).step()
            assert history.position == count
    with closing(open_history(tmp_path / "all", "solvik", "rwc")) as at_once:
        Follower(whole(len(life())), at_once).step()
        ids = {getattr(one.fact, "alarm", "") for one in life()}
        with closing(open_history(tmp_path / "h", "solvik")) as by_steps:
            assert list(by_steps.about(ids)) == list(at_once.about(ids))


def test_the_same_records_twice_change_nothing(history: History) -> None:
    history.take(life()[:50])
    before = list(history.about(["", *{getattr(one.fact, "alarm", "") for one in life()}]))
    history.take(life()[20:50])
    assert list(history.about(["", *{getattr(one.fact, "alarm", "") for one in life()}])) == before


def test_what_was_cut_before_it_was_read_is_told_as_a_gap(
    history: History, caplog: pytest.LogCaptureFixture
) -> None:
    history.take(life()[:30])
    store = MemoryStore("solvik")
    store.rows = [to_row(one.seq, one.recorded_at, one.fact) for one in life()[100:]]
    store.removed = 100
    follower = Follower(open_reader(store), history)
    assert follower.step() == 70
    assert "has read up to record 30, and the journal begins after 100" in caplog.text
    while follower.step():
        pass
    assert (history.position, history.gaps()) == (len(life()), [(30, 100)])


def test_a_journal_restored_from_a_backup_is_read_anew(
    history: History, caplog: pytest.LogCaptureFixture
) -> None:
    Follower(whole(60), history).step()
    store = MemoryStore("solvik")
    first = life()[:40]
    store.rows = [to_row(one.seq, one.recorded_at, one.fact) for one in first]
    store.rows += [
        to_row(seq, life()[-1].recorded_at, life()[seq + 20].fact) for seq in range(41, 71)
    ]
    follower = Follower(open_reader(store), history)
    while follower.step():
        pass
    assert "another one than history was read from" in caplog.text
    assert history.position == 70
    told = [one.seq for one in history.about(["", *_ids()])]
    assert told == sorted(set(told))
    assert [one.fact for one in history.about(["", *_ids()]) if one.seq > 40] == [
        life()[seq + 20].fact for seq in range(41, 71) if seq in told
    ]


def _ids() -> set[str]:
    return {str(getattr(one.fact, "alarm", getattr(one.fact, "task", ""))) for one in life()}


def test_a_failed_commit_moves_nothing(history: History, tmp_path: Path) -> None:
    history.take(life()[:10])
    with closing(sqlite3.connect(tmp_path / "h")) as db:
        db.execute(
            "CREATE TRIGGER full BEFORE INSERT ON facts WHEN NEW.seq > 15"
            " BEGIN SELECT RAISE(ABORT, 'full'); END"
        )
    with pytest.raises(sqlite3.IntegrityError):
        history.take(life()[10:20])
    assert history.position == 10
    assert max(one.seq for one in history.about(["", *_ids()])) <= 10


def test_a_file_that_is_not_the_one_is_refused(tmp_path: Path) -> None:
    open_history(tmp_path / "h", "solvik", "rwc").close()
    with pytest.raises(WrongHistory, match="of solvik, not fjellby"):
        open_history(tmp_path / "h", "fjellby")
    with closing(sqlite3.connect(tmp_path / "h", isolation_level=None)) as db:
        db.execute("UPDATE meta SET value = '9' WHERE name = 'format'")
    with pytest.raises(WrongHistory, match="9 history format, this version reads 1"):
        open_history(tmp_path / "h", "solvik", "rwc")
    (tmp_path / "notes").write_text("not a database, long enough to have a header of its own, so..")
    with pytest.raises(WrongHistory, match="not a database"):
        open_history(tmp_path / "notes", "solvik", "rwc")
    with pytest.raises(NoHistory, match="the web process makes it"):
        open_history(tmp_path / "none", "solvik")


def test_the_position_of_what_cannot_be_read_is_nought(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert position(tmp_path / "none", "solvik") == 0
    with closing(open_history(tmp_path / "h", "solvik", "rwc")) as history:
        history.take(life()[:12])
    assert position(tmp_path / "h", "solvik") == 12
    assert caplog.text == ""
    assert position(tmp_path / "h", "fjellby") == 0
    assert "the journal is not cut" in caplog.text


def test_the_file_is_for_its_owner_only(tmp_path: Path, history: History) -> None:
    assert (tmp_path / "h").stat().st_mode & 0o777 == 0o600
    with history_beside(tmp_path / "none", "solvik") as none:
        assert none is None
