"""What the trackers that speak text have in common: answers that name only the type of a frame.

Such a device has one frame of a type on its way at a time; the next waits for the answer.
"""

import asyncio
import time
from collections import defaultdict
from functools import cached_property

from simulators.devicelog import Answer
from simulators.tracker import Tracker


class TextTracker(Tracker):
    """One tracker, known by its number."""

    _count = 0

    @cached_property
    def _lines(self) -> defaultdict[str, asyncio.Lock]:
        return defaultdict(asyncio.Lock)

    async def _asked(self, action: str, kind: str, frame: str) -> Answer:
        """Send a frame again and again until its type is answered."""
        async with self._lines[kind]:
            self._count += 1
            return await self._deliver(action, kind, str(self._count), frame.encode("ascii"))

    async def _told(self, action: str, frame: str) -> Answer:
        """Send a frame that expects no answer."""
        self._count += 1
        await self._send(frame.encode("ascii"), self._times.give_up_s)
        self._log.note(self.name, "sent", action, str(self._count))
        return Answer(True, 0, str(self._count), "sent; no answer is expected")

    def _clocked(self, layout: str) -> str:
        return time.strftime(layout, time.gmtime(self._now_s()))
