"""PINs: what may be one, how few may be tried, and that nobody is told who exists."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.directory.pins import PinClosed, PinWeak, PinWrong
from hub.directory.port import TooManyGuesses
from hub.directory.sqlite import SqliteDirectory
from routing.instant import HOUR, MINUTE, SECOND, Instant

NOW = 1_795_000_000_000_000


@pytest.fixture
def directory(directory: SqliteDirectory) -> SqliteDirectory:
    directory.pins.set("kari", "4711", NOW)
    return directory


def check(
    directory: SqliteDirectory,
    pin: str,
    *,
    person: str = "kari",
    handset: str = "h-1",
    at: Instant = NOW,
    may: bool = True,
) -> None:
    directory.pins.check(person, pin, handset, at, may=may)


def test_the_right_pin_is_right(directory: SqliteDirectory) -> None:
    check(directory, "4711")
    assert directory.pins.set_at("kari") == NOW


@pytest.mark.parametrize("pin", ["", "471", "4711471", "47 11", "４７１１", "abcd", "4711\n"])
def test_a_pin_is_four_to_six_digits(directory: SqliteDirectory, pin: str) -> None:
    with pytest.raises(PinWeak):
        directory.pins.set("kari", pin, NOW)
    check(directory, "4711")


@pytest.mark.parametrize(
    "pin", ["0000", "111111", "1234", "3456", "567890", "0123", "9876", "3210"]
)
def test_a_pin_that_everybody_tries_first_is_refused(directory: SqliteDirectory, pin: str) -> None:
    with pytest.raises(PinWeak):
        directory.pins.set("kari", pin, NOW)


@pytest.mark.parametrize(
    ("person", "may"), [("kari", True), ("kari", False), ("ola", True), ("nobody", False)]
)
def test_wrong_unset_and_not_on_the_list_are_one_answer(
    directory: SqliteDirectory, person: str, may: bool
) -> None:
    pin = "4712" if person == "kari" and may else "4711"
    with pytest.raises(PinWrong):
        check(directory, pin, person=person, may=may)


def test_five_wrong_ones_close_the_handset_for_that_person_for_a_quarter(
    directory: SqliteDirectory,
) -> None:
    for _ in range(5):
        with pytest.raises(PinWrong):
            check(directory, "9999")
    with pytest.raises(TooManyGuesses) as closed:
        check(directory, "4711", at=NOW + MINUTE)
    assert closed.value.wait_s == 841
    check(directory, "4711", handset="h-2", at=NOW + MINUTE)
    check(directory, "4711", at=NOW + 15 * MINUTE)


def test_twenty_wrong_ones_close_the_handset_for_everybody(directory: SqliteDirectory) -> None:
    for number in range(20):
        with pytest.raises(PinWrong):
            check(directory, "9999", person=f"guess-{number}", may=False)
    with pytest.raises(TooManyGuesses):
        check(directory, "4711")
    check(directory, "4711", handset="h-2")


def test_ten_wrong_ones_in_a_row_close_the_pin_until_a_new_one_is_set(
    directory: SqliteDirectory,
) -> None:
    for number in range(9):
        with pytest.raises(PinWrong):
            check(directory, "9999", handset=f"h-{number}")
    with pytest.raises(PinClosed):
        check(directory, "9999", handset="h-9")
    with pytest.raises(PinWrong):
        check(directory, "4711", handset="h-10")
    assert directory.pins.set_at("kari") is None
    directory.pins.set("kari", "8265", NOW + HOUR)
    check(directory, "8265", handset="h-11", at=NOW + HOUR)


def test_a_right_one_begins_the_row_anew(directory: SqliteDirectory) -> None:
    for number in range(9):
        with pytest.raises(PinWrong):
            check(directory, "9999", handset=f"h-{number}")
    check(directory, "4711", handset="h-9")
    with pytest.raises(PinWrong):
        check(directory, "9999", handset="h-10")
    check(directory, "4711", handset="h-11")


def test_who_has_left_has_no_pin(directory: SqliteDirectory) -> None:
    directory.forget("kari", NOW + SECOND)
    with pytest.raises(PinWrong):
        check(directory, "4711", at=NOW + 2 * SECOND)


@settings(max_examples=20, deadline=None)
@given(st.text(alphabet="0123456789", min_size=4, max_size=6))
def test_no_other_pin_is_right(other: str) -> None:
    """By the hash alone: the file holds neither the PIN nor anything equal for equal PINs."""
    from hub.directory.pins import _digest

    same = _digest(other, b"a salt of a test") == _digest("4711", b"a salt of a test")
    assert same == (other == "4711")
    assert _digest(other, b"salt one") != _digest(other, b"salt two")
