"""Counting what has happened lately: within a window, by key, bounded; forgotten after it."""

from hub.web.lately import Lately
from routing.instant import MINUTE, SECOND

NOW = 1_795_435_200_000_000


def test_so_many_are_let_through_and_then_one_waits_for_the_window() -> None:
    lately = Lately(5 * MINUTE, 100)
    waits = [lately.wait_s("a", 30, NOW + number * SECOND) for number in range(30)]
    assert waits == [None] * 30
    assert lately.wait_s("a", 30, NOW + 30 * SECOND) == 271
    assert lately.wait_s("a", 30, NOW + 5 * MINUTE - 1) == 1
    assert lately.wait_s("a", 30, NOW + 5 * MINUTE) is None
    assert lately.wait_s("a", 30, NOW + 5 * MINUTE) == 2


def test_what_is_refused_is_not_counted() -> None:
    """So that somebody who goes on asking is let in when the window has passed."""
    lately = Lately(MINUTE, 100)
    at = [NOW + number * SECOND for number in range(0, 61, 20)]
    assert [lately.allows("a", 1, one) for one in at] == [True, False, False, True]


def test_one_key_says_nothing_of_another_and_each_may_have_its_own_limit() -> None:
    lately = Lately(MINUTE, 100)
    assert [lately.allows("a", 2, NOW) for _ in range(3)] == [True, True, False]
    assert [lately.allows("b", 1, NOW) for _ in range(2)] == [True, False]


def test_of_too_many_keys_the_longest_unheard_of_gives_way() -> None:
    lately = Lately(MINUTE, 3)
    assert lately.allows("a", 1, NOW)
    for number in range(2):
        assert lately.allows(str(number), 1, NOW)
    assert not lately.allows("a", 1, NOW)
    assert lately.allows("one more", 1, NOW)
    assert not lately.allows("a", 1, NOW)
    assert lately.allows("0", 1, NOW)
