"""Status bits that are told when they change."""

from adapters.tracker.states import Change, States


def change(new: set[int], old: set[int]) -> Change:
    return Change(frozenset(new), frozenset(old))


def test_bits_are_told_when_they_change() -> None:
    states = States()
    assert states.change("a", {1, 2}, ("first",)) == change({1, 2}, set())
    assert states.change("a", {2, 3}, ("second",)) == change({3}, {1})
    assert states.change("a", {2, 3}, ("third",)) == change(set(), set())


def test_the_same_frame_again_says_the_same() -> None:
    states = States()
    states.change("a", {1}, ("first",))
    assert [states.change("a", {2}, ("second",)) for _ in range(3)] == [change({2}, {1})] * 3


def test_devices_do_not_share_their_bits() -> None:
    states = States()
    states.change("a", {1}, ("first",))
    assert states.change("b", {1}, ("first",)) == change({1}, set())
