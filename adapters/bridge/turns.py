"""Events that wait for their turn at the broker: each device in turn, its own oldest first.

A device that floods waits behind itself. What others say is behind one of its events, not behind
all of them: a press is answered when the position beside it is durable too.
"""

from collections import OrderedDict

Published = tuple[str, bytes]
"""Topic and payload."""


class Turns:
    """What waits, by device, the device whose turn it is in front."""

    def __init__(self) -> None:
        self._lines: OrderedDict[str, OrderedDict[str, Published]] = OrderedDict()
        self._subjects: dict[str, str] = {}
        """By key, whose it is."""

    def __bool__(self) -> bool:
        return bool(self._lines)

    def put(self, subject: str, key: str, what: Published) -> None:
        """Let an event wait at the end of its device's line; one that waits keeps its place."""
        if key in self._subjects:
            return
        self._lines.setdefault(subject, OrderedDict())[key] = what
        self._subjects[key] = subject

    def first(self) -> tuple[str, Published]:
        """Return whose turn it is: key, topic and payload."""
        line = next(iter(self._lines.values()))
        return next(iter(line.items()))

    def taken(self, key: str) -> None:
        """It has had its turn: the next of the same device comes after all the others."""
        subject = self._subjects[key]
        self.drop(key)
        if subject in self._lines:
            self._lines.move_to_end(subject)

    def drop(self, key: str) -> None:
        """It waits no longer, if it did."""
        subject = self._subjects.pop(key, None)
        if subject is None:
            return
        line = self._lines[subject]
        del line[key]
        if not line:
            del self._lines[subject]

    def to_give_way(self, subject: str) -> str | None:
        """Return the newest event of the device with the most, so that one of this device may take
        its place; None where this device has as many."""
        mine = len(self._lines.get(subject, ()))
        most = max(self._lines.values(), key=len, default=None)
        if most is None or len(most) <= mine + 1:
            return None
        return next(reversed(most))
