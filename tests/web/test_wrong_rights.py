"""Useless rights are counted for each address, within a window, and forgotten after it."""

from hub.web.push.wrong_rights import MOST, WINDOW, WrongRights
from routing.instant import SECOND

NOW = 1_795_435_200_000_000


def test_so_many_are_let_through_and_then_one_waits_for_the_window() -> None:
    wrong = WrongRights()
    waits = [wrong.note("192.0.2.1", NOW + number * SECOND) for number in range(MOST)]
    assert waits == [None] * 30
    assert wrong.note("192.0.2.1", NOW + 30 * SECOND) == 271
    assert wrong.note("192.0.2.1", NOW + WINDOW - 1) == 1
    assert wrong.note("192.0.2.1", NOW + WINDOW) is None
    assert wrong.note("192.0.2.1", NOW + WINDOW) == 2


def test_one_address_says_nothing_of_another() -> None:
    wrong = WrongRights()
    for _ in range(MOST):
        wrong.note("192.0.2.1", NOW)
    assert wrong.note("192.0.2.1", NOW) == 301
    assert wrong.note("192.0.2.2", NOW) is None


def test_addresses_without_number_take_no_more_room_than_ten_thousand() -> None:
    wrong = WrongRights()
    for number in range(10_500):
        wrong.note(f"2001:db8::{number:x}", NOW)
    assert len(wrong._at) == 10_000
