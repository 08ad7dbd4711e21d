"""The access log's file: durable before the answer, a look for a look, bounded by its own life."""

import sqlite3
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from hub.reads.port import LogBroken, Look, Sought, What
from hub.reads.sqlite import SqliteReads, find_in
from routing.instant import DAY, HOUR, MINUTE, SECOND, from_rfc3339

NOON = from_rfc3339("2026-11-23T11:00:00Z")
LOOK = Look(
    person="kari",
    name="Kari Fjell",
    roles="staff",
    handset="phone-1",
    resident="r-1",
    what=What.DETAIL,
    why="alarm-1",
    kind="help.pressed",
)


@pytest.fixture
def log(tmp_path: Path) -> SqliteReads:
    return SqliteReads(tmp_path / "reads.sqlite", 365 * DAY)


def spans(log: SqliteReads, **sought: str | int) -> list[tuple[int, int]]:
    return [(one.at - NOON, one.last_at - NOON) for one in log.find(Sought(**sought))]  # type: ignore[arg-type]


def test_a_look_is_on_disk_when_append_returns(tmp_path: Path) -> None:
    path = tmp_path / "reads.sqlite"
    log = SqliteReads(path, DAY)
    log.append([LOOK], NOON)
    (found,) = find_in(path, Sought(resident="r-1"))
    assert (found.person, found.name, found.roles, found.handset) == (
        "kari",
        "Kari Fjell",
        "staff",
        "phone-1",
    )
    assert (found.what, found.why, found.kind, found.at) == (
        What.DETAIL,
        "alarm-1",
        "help.pressed",
        NOON,
    )
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_page_that_stays_open_is_one_look_and_its_end_moves(log: SqliteReads) -> None:
    for minute in range(31):
        log.append([LOOK], NOON + minute * MINUTE)
    assert spans(log) == [(0, 30 * MINUTE)]


def test_fetching_ten_times_a_second_writes_once_a_minute(log: SqliteReads, tmp_path: Path) -> None:
    log.append([LOOK], NOON)
    before = (tmp_path / "reads.sqlite-wal").stat().st_size
    for tenth in range(1, 500):
        log.append([LOOK], NOON + tenth * SECOND // 10)
    assert (tmp_path / "reads.sqlite-wal").stat().st_size == before
    log.append([LOOK], NOON + 61 * SECOND)
    assert spans(log) == [(0, 61 * SECOND)]


def test_coming_back_after_more_than_ten_minutes_is_a_new_look(log: SqliteReads) -> None:
    log.append([LOOK], NOON)
    log.append([LOOK], NOON + 10 * MINUTE)
    log.append([LOOK], NOON + 20 * MINUTE + SECOND)
    assert spans(log) == [(0, 10 * MINUTE), (20 * MINUTE + SECOND, 20 * MINUTE + SECOND)]


@pytest.mark.parametrize(
    "other",
    [
        replace(LOOK, person="ola"),
        replace(LOOK, handset="phone-2"),
        replace(LOOK, resident="r-2"),
        replace(LOOK, what=What.ENTRY),
        replace(LOOK, why="alarm-2"),
        replace(LOOK, tap="tap-1"),
    ],
    ids=["person", "phone", "resident", "what", "why", "tap"],
)
def test_another_look_is_never_merged(log: SqliteReads, other: Look) -> None:
    log.append([LOOK, other], NOON)
    log.append([LOOK, other], NOON + SECOND)
    assert len(log.find(Sought())) == 2


def test_a_tap_is_one_look_however_late_it_is_asked_again(log: SqliteReads) -> None:
    tap = replace(LOOK, what=What.ENTRY, tap="tap-1")
    log.append([tap], NOON)
    log.append([tap], NOON + 3 * HOUR)
    log.append([replace(tap, tap="tap-2")], NOON + 3 * HOUR)
    assert spans(log) == [(0, 3 * HOUR), (3 * HOUR, 3 * HOUR)]


def test_a_clock_that_is_set_back_loses_nothing(log: SqliteReads) -> None:
    log.append([LOOK], NOON)
    log.append([LOOK], NOON - HOUR)
    log.append([replace(LOOK, person="ola")], NOON - HOUR)
    assert spans(log) == [(-HOUR, -HOUR), (0, 0)]


def test_a_look_stays_as_long_as_the_settings_say_and_no_longer(tmp_path: Path) -> None:
    log = SqliteReads(tmp_path / "reads.sqlite", 30 * DAY)
    log.append([LOOK], NOON)
    log.append([replace(LOOK, person="ola")], NOON + 30 * DAY)
    assert [one.person for one in log.find(Sought())] == ["kari", "ola"]
    log.append([replace(LOOK, person="per")], NOON + 30 * DAY + HOUR)
    assert [one.person for one in log.find(Sought())] == ["ola", "per"]


def test_it_is_found_by_resident_person_phone_and_time(log: SqliteReads) -> None:
    log.append([LOOK, replace(LOOK, resident="r-2")], NOON)
    log.append([replace(LOOK, person="ola", handset="phone-2")], NOON + HOUR)
    assert [one.person for one in log.find(Sought(resident="r-1"))] == ["kari", "ola"]
    assert [one.resident for one in log.find(Sought(person="kari"))] == ["r-1", "r-2"]
    assert [one.person for one in log.find(Sought(handset="phone-2"))] == ["ola"]
    assert [one.person for one in log.find(Sought(from_at=NOON + HOUR))] == ["ola"]
    assert [one.person for one in log.find(Sought(to_at=NOON + HOUR))] == ["kari", "kari"]


def test_a_file_that_is_no_log_is_refused_in_words(tmp_path: Path) -> None:
    path = tmp_path / "reads.sqlite"
    path.write_bytes(b"not a database, and long enough to be looked at as one" * 40)
    with pytest.raises(LogBroken, match=r"reads\.sqlite"):
        SqliteReads(path, DAY)


def test_a_later_format_is_refused_in_words(tmp_path: Path) -> None:
    path = tmp_path / "reads.sqlite"
    db = sqlite3.connect(path)
    db.execute("PRAGMA user_version=9")
    db.close()
    with pytest.raises(LogBroken, match="format 9"):
        SqliteReads(path, DAY)


def test_a_full_disk_is_said_and_nothing_is_taken_for_written(log: SqliteReads) -> None:
    log._db.execute("PRAGMA max_page_count=1")
    many = [replace(LOOK, resident=f"r-{number}") for number in range(2000)]
    with pytest.raises(LogBroken, match="full"):
        log.append(many, NOON)
    assert log.find(Sought()) == []
