"""Frames that may begin behind an unfinished one, each looked at once when its last octet is here.

Offsets count from the beginning of the stream. The work is linear in the octets, however the
network cuts them.
"""

import heapq


class Behind:
    """The places where a frame may begin, the one that ends first on top."""

    def __init__(self) -> None:
        self._heap: list[tuple[int, int]] = []
        self.seen = 0
        """Up to here every possible beginning is known."""

    def expect(self, start: int, size: int) -> None:
        """Remember a place and the size that is claimed there."""
        heapq.heappush(self._heap, (start + size, start))

    def ended(self, until: int) -> tuple[int, int] | None:
        """Return start and size of one whose octets are all before `until`; each is given once."""
        if not self._heap or self._heap[0][0] > until:
            return None
        end, start = heapq.heappop(self._heap)
        return start, end - start
