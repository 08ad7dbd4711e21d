"""Deadlines that belong to no alarm's own life: a dose, a fault that may pass, the end of a pause.

One heap for all of them. A watch is put in place by `WatchSet`, which replaces the one of the same
kind and key, and taken away by `WatchEnded`; only the waits for receipts and eyes
(`routing.unseen`, `routing.tasks.unheard`) follow from the facts of calls themselves. So a restart
is ordinary operation, and a watch that fell due during downtime fires once.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from heapq import heapify, heappop, heappush

import msgspec

from routing.instant import Instant


class WatchKind(StrEnum):
    """What a watch waits for. Its key says of whom."""

    LASTING = "lasting"  # subject|kind: rings unless the opposite is heard
    MUTED = "muted"  # subject|kind: a fault muted until the end of maintenance or a pause
    REPEAT = "repeat"  # alarm: the owner is told of the repeats held back
    DOSE_DUE = "dose_due"  # device|minute
    DOSE_MISSED = "dose_missed"  # device|minute
    LOOK_DUE = "look_due"  # resident|minute
    UNSEEN = "unseen"  # send: no receipt in time, or not seen
    UNHEARD = "unheard"  # send about a task: no receipt in time
    TEST = "test"  # test: nobody has answered it in time
    LOCK = "lock"  # command: the lock has said nothing in time
    TASK = "task"  # task; in the book of tasks
    VISIT = "visit"  # resident|plan; in the book of tasks


class Watch(msgspec.Struct, frozen=True, gc=False):
    """One deadline."""

    due_at: Instant
    kind: WatchKind
    key: str


@dataclass(slots=True)
class Watches:
    """Every watch by (kind, key), and a heap of them with lazy deletion."""

    live: dict[tuple[WatchKind, str], Instant] = field(default_factory=dict)
    heap: list[tuple[Instant, WatchKind, str]] = field(default_factory=list, compare=False)

    def put(self, kind: WatchKind, key: str, due_at: Instant) -> None:
        self.live[kind, key] = due_at
        heappush(self.heap, (due_at, kind, key))
        self._drop_dead()

    def end(self, kind: WatchKind, key: str) -> None:
        """Take it away, where there is one."""
        if self.live.pop((kind, key), None) is not None:
            self._drop_dead()

    def first(self) -> Watch | None:
        """Return the watch that falls due first."""
        return Watch(*self.heap[0]) if self.heap else None

    def due(self, at: Instant, limit: int) -> list[Watch]:
        """Return what has fallen due, earliest first, `limit` of them at most.

        Walks the heap from its top without changing it, so that the cost is that of what is
        returned.
        """
        heap, found = self.heap, dict[Watch, None]()
        front = [(heap[0], 0)] if heap else []
        while front and front[0][0][0] <= at and len(found) < limit:
            (due_at, kind, key), index = heappop(front)
            if self.live.get((kind, key)) == due_at:
                found[Watch(due_at, kind, key)] = None
            for child in range(2 * index + 1, min(2 * index + 3, len(heap))):
                heappush(front, (heap[child], child))
        return list(found)

    def every(self) -> tuple[Watch, ...]:
        """Return all of them, for a snapshot."""
        return tuple(Watch(due_at, kind, key) for (kind, key), due_at in self.live.items())

    def take_up(self, kept: tuple[Watch, ...]) -> None:
        """Put back what a snapshot holds."""
        self.live = {(watch.kind, watch.key): watch.due_at for watch in kept}
        self.heap = [(watch.due_at, watch.kind, watch.key) for watch in kept]
        heapify(self.heap)

    def _drop_dead(self) -> None:
        """Keep the top of the heap true, so that reading the next deadline writes nothing."""
        while self.heap and self.live.get(self.heap[0][1:]) != self.heap[0][0]:
            heappop(self.heap)
