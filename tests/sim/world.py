"""One seed replays everything: a heap of happenings, one simulated clock, one seeded source of
chance.

Nothing here knows the hub. A happening is a function called at its instant; what it schedules comes
later. Two happenings of the same instant run in the order in which they were scheduled.
"""

from collections.abc import Callable
from heapq import heappop, heappush
from itertools import count
from random import Random

from routing.instant import DAY, HOUR, SECOND, Instant

START: Instant = 1_792_800_000 * SECOND
"""2026-10-24 00:00 UTC: the simulated day runs into the autumn clock change in Europe/Oslo."""
SIMULATED: Instant = DAY + HOUR


class World:
    """Clock, chance and what is going to happen."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.now: Instant = START
        self.faults = True
        self.story: list[str] = []
        self._heap: list[tuple[Instant, int, Callable[[], None]]] = []
        self._order = count()

    def after(self, delay: Instant, happen: Callable[[], None]) -> None:
        """Let it happen `delay` microseconds from now."""
        heappush(self._heap, (self.now + delay, next(self._order), happen))

    def run_until(self, end: Instant) -> None:
        """Let everything happen up to `end`."""
        while self._heap and self._heap[0][0] <= end:
            self.now, _, happen = heappop(self._heap)
            happen()
        self.now = end

    def chance(self, share: float) -> bool:
        """Whether a fault of this probability strikes now; never once faults are off."""
        return self.faults and self.random.random() < share

    def between_s(self, low: float, high: float) -> Instant:
        """Return a random duration."""
        return round(self.random.uniform(low, high) * SECOND)

    def tell(self, text: str) -> None:
        """Add a line to the story, which is printed when a checker fails."""
        seconds = (self.now - START) / SECOND
        self.story.append(f"{seconds:12.6f} {text}")
