"""What a bad link does to messages: repeats, delay, reordering and lost answers, by one seed.

The layer sits between a device and its socket and works on whole messages, so it applies alike to
datagrams, to frames of a stream, to HTTP requests and to MQTT publishes.
"""

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(slots=True)
class Faults:
    """Probabilities between 0 and 1, and how long a message is held up at most.

    Each device has its own, and heeds what is changed in it from its next message on."""

    repeat: float = 0.0
    """The message leaves twice."""
    delay: float = 0.0
    """The message leaves up to `delay_max_s` late."""
    reorder: float = 0.0
    """The message is held for `hold_s`, so that the next one overtakes it."""
    lose_answer: float = 0.0
    """What the other side answers never arrives."""
    delay_max_s: float = 0.5
    hold_s: float = 0.7


NO_FAULTS = Faults()
"""For a device whose link stays good; this one is shared and never changed."""


class Link:
    """The faults of one device; the same seed and the same calls give the same faults."""

    def __init__(self, faults: Faults, rng: random.Random) -> None:
        self._faults = faults
        self._rng = rng

    def departures(self) -> tuple[float, ...]:
        """Return after how many seconds each copy of the next message leaves."""
        copies = 2 if self._happens(self._faults.repeat) else 1
        return tuple(self._hold_up_s() for _ in range(copies))

    def answer_lost(self) -> bool:
        """Say whether the answer that just came is to be dropped unseen."""
        return self._happens(self._faults.lose_answer)

    def pass_on(self, transmit: Callable[[], None]) -> None:
        """Call `transmit` once per copy, now or late, on the running loop."""
        for wait_s in self.departures():
            if wait_s:
                asyncio.get_running_loop().call_later(wait_s, transmit)
            else:
                transmit()

    def _hold_up_s(self) -> float:
        wait_s = 0.0
        if self._happens(self._faults.delay):
            wait_s += self._rng.uniform(0, self._faults.delay_max_s)
        if self._happens(self._faults.reorder):
            wait_s += self._faults.hold_s
        return wait_s

    def _happens(self, probability: float) -> bool:
        return probability > 0 and self._rng.random() < probability
