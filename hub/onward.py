"""A clock that goes on: the wall clock, until that is set back.

The journal's time never decreases. Were it to wait until a wall clock that was set back by an hour
has caught up, no step's wait would end for an hour, and every command would be an hour old on
arrival. So time goes on from where it was, at its own pace, until the wall clock is ahead again or
is put right.
"""

from collections.abc import Callable

from routing.instant import SECOND, Instant

JUMP: Instant = 5 * SECOND
"""A wall clock that is behind by less is waited for: it has been corrected, not set back."""


class Onward:
    """One process's clock. `wall` and `steady` return microseconds; nobody sets `steady`."""

    def __init__(self, wall: Callable[[], Instant], steady: Callable[[], Instant]) -> None:
        self._wall, self._steady = wall, steady
        self._at, self._read_at = wall(), steady()

    def now(self) -> Instant:
        """Return the instant; never an earlier one than before."""
        wall, read_at = self._wall(), self._steady()
        expected = self._at + read_at - self._read_at
        self._at = max(self._at, wall) if wall > expected - JUMP else expected
        self._read_at = read_at
        return self._at

    def reach(self, at: Instant) -> Instant:
        """Return the instant, which is not before `at`: the newest in the journal."""
        self._at = max(self.now(), at)
        return self._at
