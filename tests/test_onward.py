"""A clock that goes on when the wall clock is set back."""

from hub.onward import Onward
from routing.instant import HOUR, MINUTE, SECOND, Instant

NOON: Instant = 1_795_000_000 * SECOND


class Clocks:
    """A wall clock that can be set, and the time that really passes."""

    def __init__(self) -> None:
        self.wall, self.passed = NOON, 0
        self.onward = Onward(lambda: self.wall, lambda: self.passed)

    def pass_time(self, by: Instant) -> Instant:
        self.wall += by
        self.passed += by
        return self.onward.now() - NOON


def test_it_is_the_wall_clock() -> None:
    clocks = Clocks()
    assert [clocks.pass_time(MINUTE) for _ in range(3)] == [MINUTE, 2 * MINUTE, 3 * MINUTE]
    clocks.wall += HOUR
    assert clocks.pass_time(MINUTE) == 4 * MINUTE + HOUR


def test_time_goes_on_when_the_wall_clock_is_set_back() -> None:
    clocks = Clocks()
    clocks.pass_time(MINUTE)
    clocks.wall -= HOUR
    assert [clocks.pass_time(SECOND) for _ in range(2)] == [61 * SECOND, 62 * SECOND]
    clocks.wall += HOUR
    assert clocks.pass_time(SECOND) == 63 * SECOND
    clocks.wall += HOUR
    assert clocks.pass_time(SECOND) == HOUR + 64 * SECOND


def test_a_small_correction_is_waited_for_and_nothing_goes_back() -> None:
    clocks = Clocks()
    clocks.pass_time(MINUTE)
    clocks.wall -= 3 * SECOND
    assert [clocks.pass_time(SECOND) // SECOND for _ in range(5)] == [60, 60, 60, 61, 62]


def test_it_starts_again_where_the_journal_is() -> None:
    clocks = Clocks()
    assert clocks.onward.reach(NOON + HOUR) == NOON + HOUR
    assert clocks.pass_time(MINUTE) == HOUR + MINUTE
    assert clocks.onward.reach(NOON) == NOON + HOUR + MINUTE
