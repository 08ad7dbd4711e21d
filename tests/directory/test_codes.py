"""One-time codes."""

import re
from pathlib import Path

import pytest

from hub.directory.port import CodeWrong, Grant, TooManyGuesses
from hub.directory.sqlite import SqliteDirectory
from routing.instant import MINUTE, SECOND

NOW = 1_795_000_000_000_000
KARI = Grant(person="kari", unit=None)


def test_a_code_is_eight_characters_that_cannot_be_misread(directory: SqliteDirectory) -> None:
    for _ in range(20):
        assert re.fullmatch(
            "[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}", directory.issue_code("kari", NOW)
        )


def test_a_code_is_a_persons(directory: SqliteDirectory) -> None:
    assert directory.codes.redeem(directory.issue_code("kari", NOW), "10.0.0.1", NOW) == KARI


def test_a_code_of_a_unit_names_nobody(directory: SqliteDirectory) -> None:
    code = directory.codes.issue(NOW, unit="east")
    assert directory.codes.redeem(code, "10.0.0.1", NOW) == Grant(person=None, unit="east")


def test_how_a_code_is_typed_does_not_matter(directory: SqliteDirectory) -> None:
    for typing in (str.lower, lambda c: c.replace("-", ""), lambda c: f" {c[:2]} {c[2:]} "):
        code = directory.issue_code("kari", NOW)
        assert directory.codes.redeem(typing(code), "10.0.0.1", NOW) == KARI


def test_a_code_works_once(directory: SqliteDirectory) -> None:
    code = directory.issue_code("kari", NOW)
    directory.codes.redeem(code, "10.0.0.1", NOW)
    with pytest.raises(CodeWrong):
        directory.codes.redeem(code, "10.0.0.1", NOW)


def test_a_code_lives_for_fifteen_minutes(directory: SqliteDirectory) -> None:
    in_time, too_late = (directory.issue_code("kari", NOW) for _ in range(2))
    assert directory.codes.redeem(in_time, "10.0.0.1", NOW + 15 * MINUTE - SECOND) == KARI
    with pytest.raises(CodeWrong):
        directory.codes.redeem(too_late, "10.0.0.1", NOW + 15 * MINUTE)


@pytest.mark.parametrize("wrong", ["", "AAAA", "AAAA-AAAI", "A" * 9, "ÆØÅÆØÅÆØ", "'; DROP--"])
def test_what_cannot_be_a_code_is_wrong(directory: SqliteDirectory, wrong: str) -> None:
    with pytest.raises(CodeWrong):
        directory.codes.redeem(wrong, "10.0.0.1", NOW)


def test_ten_wrong_codes_close_an_address_for_a_while_and_no_other(
    directory: SqliteDirectory,
) -> None:
    for n in range(10):
        with pytest.raises(CodeWrong):
            directory.codes.redeem("wrong", "10.0.0.1", NOW + n * SECOND)
    code = directory.issue_code("kari", NOW)
    with pytest.raises(TooManyGuesses) as closed:
        directory.codes.redeem(code, "10.0.0.1", NOW + 10 * SECOND)
    assert closed.value.wait_s == 891
    assert directory.codes.redeem(code, "10.0.0.2", NOW + 10 * SECOND) == KARI
    later = directory.issue_code("kari", NOW + 10 * MINUTE)
    assert directory.codes.redeem(later, "10.0.0.1", NOW + 15 * MINUTE) == KARI


def test_guesses_from_everywhere_together_are_limited(directory: SqliteDirectory) -> None:
    for n in range(1000):
        with pytest.raises(CodeWrong):
            directory.codes.redeem("wrong", f"10.0.{n // 250}.{n % 250}", NOW)
    with pytest.raises(TooManyGuesses):
        directory.codes.redeem("wrong", "192.0.2.1", NOW)


def test_guesses_at_one_municipality_close_no_other(
    directory: SqliteDirectory, tmp_path: Path
) -> None:
    for n in range(10):
        with pytest.raises(CodeWrong):
            directory.codes.redeem("wrong", "10.0.0.1", NOW + n)
    other = SqliteDirectory(tmp_path / "directory.sqlite", "dalby")
    code = other.issue_code("kari", NOW)
    assert other.codes.redeem(code, "10.0.0.1", NOW + 10) == KARI
    other.close()


def test_two_processes_share_the_file(directory: SqliteDirectory, tmp_path: Path) -> None:
    command_line = SqliteDirectory(tmp_path / "directory.sqlite", "fjordby")
    code = command_line.issue_code("kari", NOW)
    assert directory.codes.redeem(code, "10.0.0.1", NOW) == KARI
    command_line.close()
