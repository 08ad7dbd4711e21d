"""A clock that goes on: the wall clock, until that is set wrongly.

The journal's time never decreases. Were it to wait until a wall clock that was set back by an hour
has caught up, no step's wait would end for an hour, and every command would be an hour old on
arrival. So time goes on from where it was, a little slower than it passes, until the wall clock is
ahead again or is put right: then rosters, which go by this clock, are right again some time after
one that was ahead has been put right, and a wait of a minute lasts 75 s meanwhile.

Forward it follows at once, as a machine that has slept must. A step of more than an hour has to
stand for two minutes first: it may be a slip that is put right, and there is no way back from it
but the slow one.
"""

from collections.abc import Callable

from routing.instant import HOUR, MINUTE, SECOND, Instant

JUMP: Instant = 5 * SECOND
"""A wall clock that is behind by less is waited for: it has been corrected, not set back."""
DOUBTED: Instant = HOUR
"""A step forward by more is not believed before it has stood for ..."""
STANDS: Instant = 2 * MINUTE
SLOW = (4, 5)
"""The pace at which a wall clock that is behind is waited for, to the time that passes."""


class Onward:
    """One process's clock. `wall` and `steady` return microseconds; nobody sets `steady`."""

    def __init__(self, wall: Callable[[], Instant], steady: Callable[[], Instant]) -> None:
        self._wall, self._steady = wall, steady
        self._at, self._read_at = wall(), steady()
        self._rest = 0
        self._doubted_at: Instant | None = None

    def now(self) -> Instant:
        """Return the instant; never an earlier one than before."""
        wall, read_at = self._wall(), self._steady()
        passed, self._read_at = read_at - self._read_at, read_at
        ahead = wall - (self._at + passed)
        if ahead <= DOUBTED:
            self._doubted_at = None
        elif self._doubted_at is None:
            self._doubted_at = read_at
        if ahead <= -JUMP:
            self._at += self._slowly(passed)
        elif self._doubted_at is not None and read_at - self._doubted_at < STANDS:
            self._at += passed
        else:
            self._at = max(self._at, wall)
        return self._at

    def _slowly(self, passed: Instant) -> Instant:
        """Return the slow pace's part of the time; what is left over is not lost."""
        part, whole = SLOW
        slow, self._rest = divmod(passed * part + self._rest, whole)
        return slow

    def reach(self, at: Instant) -> Instant:
        """Return the instant, which is not before `at`: the newest in the journal."""
        self._at = max(self.now(), at)
        return self._at
