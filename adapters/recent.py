"""Bounded memories of what was seen lately.

A resend inside a protocol's dedupe window keeps its event id (`RecentIds`). The id itself derives
from the key and the window's number, so that a restarted adapter gives the same id again unless the
restart fell on the edge of a window. Where a memory is full its oldest entry goes first: the cost
is a second event that the router merges, never a lost one.
"""

from collections import OrderedDict
from typing import Generic, TypeVar

from routing.event import derive_id
from routing.instant import Instant

_LIMIT = 20_000

K = TypeVar("K")
V = TypeVar("V")


class Bounded(OrderedDict[K, V], Generic[K, V]):
    """A dictionary of at most `limit` entries; the one written longest ago gives way."""

    def __init__(self, limit: int = _LIMIT) -> None:
        super().__init__()
        self._limit = limit

    def put(self, key: K, value: V) -> None:
        """Write an entry and make it the youngest."""
        self[key] = value
        self.move_to_end(key)
        if len(self) > self._limit:
            self.popitem(last=False)


class RecentIds:
    """Event ids by dedupe key; a key keeps its id for `window` from its first sight."""

    def __init__(self, window: Instant, limit: int = _LIMIT) -> None:
        self._window = window
        self._seen: Bounded[tuple[object, ...], tuple[str, Instant]] = Bounded(limit)

    def id_for(self, *key: object, at: Instant) -> str:
        """Return the id of the key: the remembered one, or a new one outside the window."""
        known = self._seen.get(key)
        if known is not None and at - known[1] < self._window:
            return known[0]
        event_id = derive_id(*key, at // self._window)
        self._seen.put(key, (event_id, at))
        return event_id


class OncePer:
    """Says yes to the first of a kind in each window: for faults that would repeat every frame."""

    def __init__(self, window: Instant, limit: int = _LIMIT) -> None:
        self._window = window
        self._told: Bounded[tuple[object, ...], tuple[Instant, object]] = Bounded(limit)

    def first(self, *key: object, by: object, at: Instant) -> bool:
        """Return True unless the key was told within the window by something else: `by` names the
        frame that tells it, so that the same frame, sent again, tells it again."""
        told = self._told.get(key)
        if told is not None and at - told[0] < self._window:
            return told[1] == by
        self._told.put(key, (at, by))
        return True
