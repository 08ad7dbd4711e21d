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


def test_time_goes_on_slowly_when_the_wall_clock_is_set_back() -> None:
    clocks = Clocks()
    clocks.pass_time(MINUTE)
    clocks.wall -= HOUR
    assert [clocks.pass_time(5 * SECOND) for _ in range(2)] == [64 * SECOND, 68 * SECOND]
    clocks.wall += HOUR
    assert clocks.pass_time(SECOND) == 71 * SECOND


def test_slow_time_loses_nothing_however_often_it_is_read() -> None:
    clocks = Clocks()
    clocks.wall -= HOUR
    assert [clocks.pass_time(1) for _ in range(10)][4::5] == [4, 8]


def test_an_hour_ahead_by_mistake_is_made_good_in_five() -> None:
    clocks = Clocks()
    clocks.wall += HOUR
    assert clocks.pass_time(MINUTE) == HOUR + MINUTE
    clocks.wall -= HOUR
    assert clocks.pass_time(4 * HOUR) > 4 * HOUR + 10 * MINUTE
    assert clocks.pass_time(HOUR) == 5 * HOUR + MINUTE
    assert clocks.pass_time(HOUR) == 6 * HOUR + MINUTE


def test_a_large_step_that_is_put_right_soon_is_not_followed() -> None:
    clocks = Clocks()
    for _ in range(2):
        clocks.wall += 9 * HOUR
        before = clocks.onward.now() - NOON
        assert clocks.pass_time(MINUTE) == before + MINUTE
        clocks.wall -= 9 * HOUR
        assert clocks.pass_time(MINUTE) == before + 2 * MINUTE


def test_a_large_step_that_stands_is_followed() -> None:
    clocks = Clocks()
    clocks.wall += 9 * HOUR
    steps = [clocks.pass_time(MINUTE) for _ in range(4)]
    assert steps == [MINUTE, 2 * MINUTE, 9 * HOUR + 3 * MINUTE, 9 * HOUR + 4 * MINUTE]


def test_a_small_correction_is_waited_for_and_nothing_goes_back() -> None:
    clocks = Clocks()
    clocks.pass_time(MINUTE)
    clocks.wall -= 3 * SECOND
    assert [clocks.pass_time(SECOND) // SECOND for _ in range(5)] == [60, 60, 60, 61, 62]


def test_it_starts_again_where_the_journal_is() -> None:
    clocks = Clocks()
    assert clocks.onward.reach(NOON + HOUR) == NOON + HOUR
    assert clocks.pass_time(MINUTE) == HOUR + 48 * SECOND
    assert clocks.onward.reach(NOON) == NOON + HOUR + 48 * SECOND
