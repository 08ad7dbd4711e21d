"""Cuts the journal: removes old facts, a few at a time, once nobody needs them from it any more.

A fact is removed when all of this holds:
- it is older than the municipality keeps facts in the journal (`journal: keep_days`),
- the two newest checkpoints of the state stand behind it: one may be damaged,
- the signs of life were kept behind it,
- every registered projection has taken it up (`hub.history`).

A removal is one commit of `ROWS` facts with a pause after it, so that an append rarely meets one
and never waits for more than one. A kill at any point leaves whole removals: the next goes on.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping

from hub.journal.kept import usable
from hub.journal.port import Cursor, Journal
from hub.router.boot import PRESENCE
from routing.instant import Instant

log = logging.getLogger(__name__)

ROWS = 64
PAUSE_S = 0.2
LOOK_S = 600.0

Passed = Mapping[str, Callable[[], Cursor]]
"""Registered projection to what it has taken up; 0 where that cannot be known."""


class Cutter:
    """Cuts one journal."""

    def __init__(
        self, journal: Journal, keep: Instant, passed: Passed, now: Callable[[], Instant]
    ) -> None:
        """`keep` is how long facts stay at least, in microseconds; more than 0."""
        if keep <= 0:
            raise ValueError(f"facts must be kept for some time, not {keep} microseconds")
        self._journal, self._keep, self._passed, self._now = journal, keep, passed, now

    async def run(self) -> None:
        """Look and cut until cancelled."""
        while True:
            await self.cut()
            await asyncio.sleep(LOOK_S)

    async def cut(self, pause_s: float = PAUSE_S) -> int:
        """Remove what may be removed now; return how many facts that was."""
        until, start = await self._until(), self._journal.start()
        if until <= start:
            return 0
        log.info("cutting the journal: facts %d to %d", start + 1, until)
        while self._journal.start() < until:
            await self._journal.remove(until, ROWS)
            await asyncio.sleep(pause_s)
        return until - start

    async def _until(self) -> Cursor:
        """Return the last fact that nobody needs; asked for the projections only where the rest
        lets anything go."""
        until = min(self._behind_checkpoints(), self._old(self._now() - self._keep))
        for name, passed in self._passed.items():
            if until <= self._journal.start():
                break
            taken_up = await asyncio.to_thread(passed)
            if taken_up < until:
                log.info("facts up to %d are cut: %s has taken up no more", taken_up, name)
                until = taken_up
        return until

    def _behind_checkpoints(self) -> Cursor:
        state = [kept.seq for kept in usable(self._journal)]
        presence = self._journal.load_checkpoint(PRESENCE)
        if len(state) < 2 or presence is None:
            return 0
        return min(*state, presence.seq, self._journal.head() - 1)

    def _old(self, before: Instant) -> Cursor:
        """Return the last fact recorded before the instant: `recorded_at` never decreases, so
        halving finds it."""
        low, high = self._journal.start(), self._journal.head()
        while low < high:
            middle = (low + high) // 2
            if self._journal.read(middle, 1)[0].recorded_at < before:
                low = middle + 1
            else:
                high = middle
        return low
