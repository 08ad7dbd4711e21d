"""One seed replays everything: a heap of happenings, one simulated clock, one seeded source of
chance.

Nothing here knows the hub. A happening is a function called at its instant with what it was given;
what it schedules comes later. Two happenings of the same instant run in the order in which they
were scheduled.
"""

from collections.abc import Callable
from heapq import heappop, heappush
from itertools import count
from random import Random
from typing import Any

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
        self.ended = False
        self._story: list[tuple[Instant, Callable[..., str] | str, tuple[Any, ...]]] = []
        self._heap: list[tuple[Instant, int, Callable[..., None], tuple[Any, ...]]] = []
        self._order = count()

    def after(self, delay: Instant, happen: Callable[..., None], *given: Any) -> None:
        """Let it happen `delay` microseconds from now."""
        heappush(self._heap, (self.now + delay, next(self._order), happen, given))

    def run_until(self, end: Instant) -> None:
        """Let everything happen up to `end`."""
        heap = self._heap
        while heap and heap[0][0] <= end and not self.ended:
            self.now, _, happen, given = heappop(heap)
            happen(*given)
        self.now = end

    def stop(self) -> None:
        """Let nothing more happen: what there is to see has been seen."""
        self.ended = True

    def chance(self, share: float) -> bool:
        """Whether a fault of this probability strikes now; never once faults are off."""
        return self.faults and self.random.random() < share

    def between_s(self, low: float, high: float) -> Instant:
        """Return a random duration."""
        return int((low + (high - low) * self.random.random()) * SECOND)

    def tell(self, text: Callable[..., str] | str, *given: Any) -> None:
        """Add a line to the story, which is put into words only when a checker fails."""
        self._story.append((self.now, text, given))

    def story(self) -> list[str]:
        """Return what has happened, line by line."""
        return [
            f"{(at - START) / SECOND:12.6f} {text if isinstance(text, str) else text(*given)}"
            for at, text, given in self._story
        ]
