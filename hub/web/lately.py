"""How often something has happened lately: counted in memory by key, and bounded.

Nothing of it outlives the process. What must is counted in the directory
(`hub.directory.guesses`): a restart gives nobody new guesses at codes.
"""

from collections import deque

from adapters.recent import Bounded
from routing.instant import SECOND, Instant


class Lately:
    """Counts within a window that ends now; of too many keys the longest unheard of gives way."""

    def __init__(self, window: Instant, keys: int) -> None:
        self._window = window
        self._at: Bounded[str, deque[Instant]] = Bounded(keys)

    def wait_s(self, key: str, most: int, at: Instant) -> int | None:
        """Count one more of the key; None when it is among the first `most` of the window, else in
        how many seconds one more may be, and it is not counted."""
        counted = self._at.get(key, deque[Instant](maxlen=most))
        while counted and at - counted[0] >= self._window:
            counted.popleft()
        self._at.put(key, counted)
        if len(counted) >= most:
            return (counted[0] + self._window - at) // SECOND + 1
        counted.append(at)
        return None

    def allows(self, key: str, most: int, at: Instant) -> bool:
        """Count one more of the key, and return whether it is among the first `most`."""
        return self.wait_s(key, most, at) is None
