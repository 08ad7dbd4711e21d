"""The one block of a line that waits for the hub."""

from routing.instant import Instant


class Waiting:
    """At most one block: a new one, or the end of its transmission, takes its place."""

    def __init__(self, patience: Instant) -> None:
        self._patience = patience
        self._events: set[str] = set()
        self._content: bytes | None = None
        self.due_at: Instant | None = None
        """When it is refused."""

    def wait(self, events: set[str], content: bytes, at: Instant) -> None:
        """Wait until all these events are durable."""
        self._events, self._content, self.due_at = events, content, at + self._patience

    def durable(self, event_id: str) -> bytes | None:
        """An event is durable: return the block when it was the last it waited for."""
        if event_id not in self._events:
            return None
        self._events.discard(event_id)
        if self._events:
            return None
        content = self._content
        self.drop()
        return content

    def refuse(self, event_id: str) -> bool:
        """An event found nobody: say whether the block is refused for it now."""
        if event_id not in self._events:
            return False
        self.drop()
        return True

    def drop(self) -> None:
        """Nobody waits for the answer any more."""
        self._events, self._content, self.due_at = set(), None, None
