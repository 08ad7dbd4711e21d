"""Keeps checkpoints of the state at bounded intervals, so that coming up replays little.

The state goes on meanwhile: it is frozen at once (references only), encoded piece by piece between
turns, and each piece is packed in a thread. What is frozen may still wait for its commit; the
checkpoint is queued behind it, and so is never there without the records that it stands for.
"""

import asyncio
import logging
from collections.abc import Callable

from hub.journal.kept import NAMES, Packer, next_name, pack, usable
from hub.journal.port import Checkpoint, Cursor, Journal
from routing.instant import MINUTE, Instant
from routing.snapshot import freeze, pieces
from routing.state import State

log = logging.getLogger(__name__)

FACTS = 20_000
"""So many facts are replayed in about a second."""
EVERY: Instant = 10 * MINUTE
"""At the latest, where anything has happened."""
LOOK_S = 5.0


class Keeper:
    """Writes one state's checkpoints."""

    def __init__(self, journal: Journal, state: State, now: Callable[[], Instant]) -> None:
        self._journal, self._state, self._now = journal, state, now
        self._kept: Cursor = max((kept.seq for kept in usable(journal)), default=0)
        self._name = next_name(journal)
        self._kept_at = now()

    async def run(self) -> None:
        """Keep what is due until cancelled."""
        while True:
            await asyncio.sleep(LOOK_S)
            if self.is_due():
                await self.keep()

    def is_due(self) -> bool:
        """Whether enough has happened, or anything a while ago."""
        fresh = self._state.seq - self._kept
        return fresh >= FACTS or (fresh > 0 and abs(self._now() - self._kept_at) >= EVERY)

    async def keep(self) -> None:
        """Keep the state as it is now; return when that is durable."""
        frozen = freeze(self._state)
        packer = Packer(frozen.seq)
        for piece in pieces(frozen):
            await asyncio.to_thread(packer.add, piece)
        body = await asyncio.to_thread(packer.body)
        await self._save(frozen.seq, body)
        log.info("the state at fact %d is kept: %d kB", frozen.seq, len(body) // 1000)

    def keep_at_once(self) -> None:
        """Queue the state as it is now, while nothing else runs: at the start and at the end."""
        if self._state.seq > self._kept:
            frozen = freeze(self._state)
            self._save(frozen.seq, pack(frozen.seq, pieces(frozen)))

    def _save(self, seq: Cursor, body: bytes) -> "asyncio.Future[None]":
        self._kept, self._kept_at = seq, self._now()
        saved = self._journal.save_checkpoint(Checkpoint(self._name, seq, body))
        self._name = next(name for name in NAMES if name != self._name)
        return saved
