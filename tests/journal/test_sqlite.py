"""What only the file journal promises: other processes, kill -9, erased bytes, its own rules."""

import asyncio
import sqlite3
import stat
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from hub.journal.kept import usable
from hub.journal.port import (
    AnotherWriter,
    Checkpoint,
    Document,
    JournalBroken,
    NoJournal,
    WrongJournal,
)
from hub.journal.resume import resume
from hub.journal.rows import to_row
from hub.journal.sqlite import open_reader, open_writer
from hub.journal.sqlite_saving import PART, in_parts
from routing.facts import EventRecorded
from tests.journal.labs import press

ROOT = Path(__file__).parents[2]
DATA = ROOT / "tests/data"


def start(module: str, *arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", f"tests.journal.{module}", *map(str, arguments)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def confirmed_before_kill(path: Path, lines: int) -> list[int]:
    """Let an appender confirm some appends, kill it -9, and return all that it had confirmed."""
    with start("appender", path) as appender:
        assert appender.stdout is not None
        confirmed = [int(appender.stdout.readline()) for _ in range(lines)]
        appender.kill()
        rest = appender.stdout.read().splitlines(keepends=True)
    return confirmed + [int(line) for line in rest if line.endswith("\n")]


def test_kill_9_loses_nothing_confirmed_and_tears_no_append(tmp_path: Path) -> None:
    path = tmp_path / "solvik.journal"
    for lines in (1, 20, 137, 400, 1000):
        confirmed = confirmed_before_kill(path, lines)
        reader = open_reader(path, "solvik")
        records = reader.read(0, limit=1_000_000)
        assert [record.seq for record in records] == list(range(1, len(records) + 1))
        assert max(confirmed) <= len(records)
        assert len(confirmed) >= lines
        names = Counter(
            record.fact.event for record in records if isinstance(record.fact, EventRecorded)
        )
        assert set(names.values()) == {2}
        db = sqlite3.connect(path)
        assert {id for (id,) in db.execute("SELECT id FROM documents")} == set(names)
        db.close()
        reader.close()


def test_the_writers_lock_is_free_again_after_kill_9(tmp_path: Path) -> None:
    path = tmp_path / "solvik.journal"
    with start("appender", path) as appender:
        assert appender.stdout is not None
        appender.stdout.readline()
        with pytest.raises(AnotherWriter, match=f"process {appender.pid} already writes"):
            open_writer(path, "solvik")
        appender.kill()
    open_writer(path, "solvik").close()


async def test_another_process_tails_without_gap_or_repeat(tmp_path: Path) -> None:
    path = tmp_path / "solvik.journal"
    journal = open_writer(path, "solvik")
    await journal.append([press("before")] * 10, at=1)
    with start("tailer", path, 4, 2010) as tailer:
        assert tailer.stdout is not None
        assert await asyncio.to_thread(tailer.stdout.readline) == "ready\n"
        for _ in range(1000):
            await journal.append([press("during")] * 2, at=1)
        seen = (await asyncio.to_thread(tailer.stdout.read)).split()
    assert [int(seq) for seq in seen] == list(range(5, 2011))
    journal.close()


async def test_what_queued_during_a_commit_is_committed_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "solvik.journal"
    journal = open_writer(path, "solvik")
    loop = asyncio.get_running_loop()
    wakes: list[object] = []
    wake = loop.call_soon_threadsafe

    def count(*call: Any) -> asyncio.Handle:
        wakes.append(call)
        return wake(*call)

    monkeypatch.setattr(loop, "call_soon_threadsafe", count)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")  # holds the first commit up
    futures = [journal.append([press(str(number))], at=1) for number in range(500)]
    other.execute("ROLLBACK")
    assert await asyncio.gather(*futures) == list(range(1, 501))
    assert 1 <= len(wakes) <= 2
    other.close()
    journal.close()


async def test_a_reader_in_the_middle_of_reading_holds_nobody_up(tmp_path: Path) -> None:
    path = tmp_path / "solvik.journal"
    journal = open_writer(path, "solvik")
    await journal.append([press("a")] * 3, at=1)
    other = sqlite3.connect(path)
    slow = other.execute("SELECT seq FROM facts ORDER BY seq")
    assert slow.fetchone() == (1,)
    erase = [Document("note", "1", None)]
    for number in range(50):
        await journal.append([press(str(number))], 1, erase)
    assert [seq for (seq,) in slow.fetchall()] == [2, 3]
    other.close()
    journal.close()


def in_any_file(folder: Path, text: bytes) -> bool:
    return any(text in file.read_bytes() for file in folder.iterdir())


async def test_what_is_erased_is_in_no_file_any_more(tmp_path: Path) -> None:
    path = tmp_path / "solvik.journal"
    secret = b"Kari Nordmann, Fjordveien 1"
    journal = open_writer(path, "solvik")
    await journal.append([press("a")], 1, [Document("resident", "r1", secret * 500)])
    assert in_any_file(tmp_path, secret)
    await journal.append([], 2, [Document("resident", "r1", None)])
    journal.close()
    assert not in_any_file(tmp_path, secret)


async def test_erased_bytes_leave_the_log_while_the_writer_runs(tmp_path: Path) -> None:
    path = tmp_path / "solvik.journal"
    journal = open_writer(path, "solvik")
    await journal.append([], 1, [Document("note", "n1", b"Kari Nordmann")])
    await journal.append([], 2, [Document("note", "n1", None)])
    await journal.append([press("the log was emptied before this was committed")], at=3)
    assert not in_any_file(tmp_path, b"Kari")
    journal.close()


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO facts VALUES (3, 5, 'x', 1, '{}')",
        "INSERT INTO facts VALUES (1, 5, 'x', 1, '{}')",
        "INSERT INTO facts VALUES (2, 4, 'x', 1, '{}')",
        "UPDATE facts SET body = '{}'",
        "DELETE FROM facts",
    ],
)
async def test_the_file_itself_refuses_to_change_history(tmp_path: Path, statement: str) -> None:
    path = tmp_path / "solvik.journal"
    journal = open_writer(path, "solvik")
    await journal.append([press("a")], at=5)
    journal.close()
    db = sqlite3.connect(path)
    with pytest.raises(sqlite3.IntegrityError):
        db.execute(statement)
    db.close()


def test_a_file_of_another_partition_or_format_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "one.journal"
    open_writer(path, "solvik").close()
    with pytest.raises(WrongJournal, match="of solvik, not of fjellby"):
        open_writer(path, "fjellby")
    with pytest.raises(WrongJournal, match="of solvik, not of fjellby"):
        open_reader(path, "fjellby")
    db = sqlite3.connect(path)
    with db:
        db.execute("UPDATE meta SET value = '99' WHERE name = 'format'")
    db.close()
    with pytest.raises(WrongJournal, match="99 journal format, this version reads 3"):
        open_reader(path, "solvik")


def test_a_file_that_is_no_journal_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "photos.db"
    db = sqlite3.connect(other)
    db.execute("CREATE TABLE photos (id)")
    db.close()
    with pytest.raises(WrongJournal, match="no journal format"):
        open_writer(other, "solvik")
    text = tmp_path / "notes.txt"
    text.write_text("not a database, long enough to have a header of its own, and then some more")
    with pytest.raises(WrongJournal, match="not a database"):
        open_writer(text, "solvik")
    with pytest.raises(WrongJournal, match="not a database"):
        open_reader(text, "solvik")


def test_a_reader_says_when_there_is_nothing_to_read_yet(tmp_path: Path) -> None:
    with pytest.raises(NoJournal, match="start the router"):
        open_reader(tmp_path / "none.journal", "solvik")
    (tmp_path / "empty.journal").touch()
    with pytest.raises(NoJournal, match="start the router"):
        open_reader(tmp_path / "empty.journal", "solvik")


def test_the_file_is_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "data" / "solvik.journal"
    open_writer(path, "solvik").close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize(
    ("checkpoints", "refused"),
    [
        ([], "seq <= 1"),
        ([("state", 5)], "seq <= 1"),
        ([("state", 5), ("presence", 5)], "seq <= 1"),
        ([("state", 5), ("state.before", 2)], "seq <= 3"),
        ([("state", 5), ("state.before", 5)], "seq <= 5"),
    ],
)
async def test_the_file_itself_keeps_what_a_start_may_need(
    tmp_path: Path, checkpoints: list[tuple[str, int]], refused: str
) -> None:
    path = tmp_path / "solvik.journal"
    journal = open_writer(path, "solvik")
    await journal.append([press("a")] * 5, at=5)
    for name, seq in checkpoints:
        await journal.save_checkpoint(Checkpoint(name, seq, b""))
    journal.close()
    db = sqlite3.connect(path)
    with pytest.raises(sqlite3.IntegrityError, match="two checkpoints"):
        db.execute(f"DELETE FROM facts WHERE {refused}")
    db.close()


async def test_a_removal_that_the_file_refuses_breaks_the_journal(tmp_path: Path) -> None:
    journal = open_writer(tmp_path / "solvik.journal", "solvik")
    await journal.append([press("a")] * 5, at=5)
    with pytest.raises(JournalBroken, match="records up to 3 cannot be removed"):
        await journal.remove(3, limit=10)
    with pytest.raises(JournalBroken):
        await journal.append([press("b")], at=5)
    journal.close()


@pytest.mark.parametrize("form", [1, 2])
async def test_a_file_of_an_earlier_format_is_read_and_lifted_by_its_next_writer(
    tmp_path: Path, form: int
) -> None:
    path = tmp_path / "solvik.journal"
    db = sqlite3.connect(path, isolation_level=None)
    db.executescript((DATA / f"journal-format-{form}.sql").read_text())
    for seq in (1, 2, 3):
        db.execute("INSERT INTO facts VALUES (?, ?, ?, ?, ?)", to_row(seq, 5, press("a")))
    state, before = Checkpoint("state", 3, b"now"), Checkpoint("state.before", 3, b"then")
    for kept in (state, before):
        db.execute("INSERT INTO checkpoints VALUES (?, ?, ?)", (kept.name, kept.seq, kept.body))
    reader = open_reader(path, "solvik")
    assert len(reader.read(0)) == 3
    assert reader.load_checkpoint("state") == state
    lifted = open_writer(path, "solvik")
    assert reader.load_checkpoint("state") == state
    await lifted.remove(2, limit=10)
    assert lifted.start() == 2
    large = Checkpoint("state", 3, b"large" * PART)
    await lifted.save_checkpoint(large)
    assert reader.load_checkpoint("state") == large
    assert reader.load_checkpoint("state.before") == before
    reader.close()
    lifted.close()
    assert db.execute("SELECT value FROM meta WHERE name = 'format'").fetchone() == ("3",)
    db.close()


async def test_appends_do_not_wait_for_a_large_checkpoint(tmp_path: Path) -> None:
    journal = open_writer(tmp_path / "solvik.journal", "solvik")
    ended: list[str] = []
    saved = journal.save_checkpoint(Checkpoint("state", 0, bytes(64 * PART)))
    saved.add_done_callback(lambda _: ended.append("checkpoint"))
    appended = journal.append([press("a")], at=5)
    appended.add_done_callback(lambda _: ended.append("append"))
    await asyncio.gather(saved, appended)
    assert ended == ["append", "checkpoint"]
    journal.close()


async def test_an_end_between_two_parts_leaves_what_stood(tmp_path: Path) -> None:
    """At each of them in turn; what is left lying does not add up."""
    path = tmp_path / "solvik.journal"
    new = Checkpoint("state", 3, b"new" * PART)
    commits = 3
    for done in range(commits + 1):
        journal = open_writer(path, "solvik")
        old = [Checkpoint("state", 1, b"old" * PART), Checkpoint("state.before", 2, b"it" * PART)]
        for one in old:
            await journal.save_checkpoint(one)
        journal.close()
        db = sqlite3.connect(path, isolation_level=None)
        parts = list(in_parts(new, db))
        assert len(parts) == commits
        db.executemany("INSERT INTO writes VALUES (?, ?, ?, ?, ?, ?)", parts[:done])
        reader = open_reader(path, "solvik")
        stands = new if done == commits else old[0]
        assert reader.load_checkpoint("state") == stands
        assert reader.load_checkpoint("state.before") == old[1]
        reader.close()
        # Two that stand, one whose place the next will take, and one cut short.
        assert db.execute("SELECT count(*) FROM parts").fetchone()[0] <= 4 * (commits - 1)
        db.close()


def test_kill_9_in_the_middle_of_a_cut_loses_nothing_else(tmp_path: Path) -> None:
    """The child appends and cuts as fast as it can; each line is what it was promised so far."""
    path = tmp_path / "solvik.journal"
    began = 0
    for lines in (3, 40, 100, 150):
        with start("cutting", path) as cutting:
            assert cutting.stdout is not None
            told = [cutting.stdout.readline() for _ in range(lines)]
            cutting.kill()
            told += [line for line in cutting.stdout.read().splitlines(True) if line[-1] == "\n"]
        head, cut = map(max, zip(*(map(int, line.split()) for line in told), strict=True))
        reader = open_reader(path, "solvik")
        left = [record.seq for record in reader.read(reader.start(), 1_000_000)]
        assert left == list(range(reader.start() + 1, reader.head() + 1))
        assert reader.head() >= head
        assert reader.start() >= cut > began
        assert len(resume(reader).state.events) == reader.head()
        assert resume(reader).refused == ()
        assert len(usable(reader)) == 2
        began = reader.start()
        reader.close()
