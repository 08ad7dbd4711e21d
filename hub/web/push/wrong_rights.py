"""How many rights that cannot be used an address may send before it is told to wait. Good ones are
never held up: all phones of a care base may be behind one address, and so may a guest."""

from collections import deque

from adapters.recent import Bounded
from routing.instant import MINUTE, SECOND, Instant

WINDOW: Instant = 5 * MINUTE
MOST = 30
"""In the window, from one network address. A care base may have all its phones behind one."""
_ADDRESSES = 10_000


class WrongRights:
    """Counts in memory: nothing of it outlives the process."""

    def __init__(self) -> None:
        self._at: Bounded[str, deque[Instant]] = Bounded(_ADDRESSES)

    def note(self, address: str, now: Instant) -> int | None:
        """Count one more; return for how many seconds there were too many, None when not."""
        at = self._at.get(address)
        if at is None:
            at = deque[Instant](maxlen=MOST)
        while at and at[0] <= now - WINDOW:
            at.popleft()
        if len(at) == MOST:
            return (at[0] + WINDOW - now) // SECOND + 1
        at.append(now)
        self._at.put(address, at)
        return None
