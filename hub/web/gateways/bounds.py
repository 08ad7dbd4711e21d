"""How often somebody is answered by SMS, and how often callbacks may fail before IT is told.

Two machines that answer each other's texts would do so for ever, at the municipality's cost."""

from collections import OrderedDict, deque

from routing.instant import HOUR, Instant

MOST_KNOWN = 5_000
ANSWERS_PER_HOUR = 30
"""To one number, where its replies are understood."""
UNCLEAR_PER_HOUR = 3
"""To one number, where they are not: an answering machine never is."""
FORGED_PER_HOUR = 20
"""So many callbacks of a gateway in an hour that prove nothing are told to IT."""


class Bounds:
    """Counts by key, over the last hour."""

    def __init__(self) -> None:
        self._counted: OrderedDict[str, deque[Instant]] = OrderedDict()

    def allows(self, key: str, most: int, at: Instant) -> bool:
        """Count one more, and return whether it is among the first `most` of the last hour."""
        found = self._counted.setdefault(key, deque(maxlen=most))
        self._counted.move_to_end(key)
        while found and at - found[0] >= HOUR:
            found.popleft()
        if len(self._counted) > MOST_KNOWN:
            self._counted.popitem(last=False)
        if len(found) >= most:
            return False
        found.append(at)
        return True
