"""Events as octets, made once for all readers who would read the same.

Five hundred open pages hear of each change in the same moment. What differs between them is their
audience (`hub.web.alarms.view.Views.audience`), and there are few of those.
"""

from collections.abc import Callable, Hashable

from hub.journal.port import Cursor


class SharedEvents:
    """The events of the present cursor; nothing is kept beyond it."""

    def __init__(self) -> None:
        self._at: Cursor = -1
        self._made: dict[Hashable, bytes] = {}

    def event(self, cursor: Cursor, which: Hashable, make: Callable[[], bytes]) -> bytes:
        """Return the event of this name at the cursor; `make` is called for the first reader."""
        if cursor != self._at:
            self._at, self._made = cursor, {}
        found = self._made.get(which)
        if found is None:
            found = self._made[which] = make()
        return found
