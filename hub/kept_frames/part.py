"""What the router runs of this: keeping and replaying, over one municipality's file."""

import asyncio
from collections.abc import Callable
from functools import partial
from pathlib import Path

from hub.configuration.listeners import ListenerEntry
from hub.journal.port import JournalReader
from hub.kept_frames.keeper import Keeper
from hub.kept_frames.model import Limits
from hub.kept_frames.replaying import Replaying
from hub.kept_frames.store import KeptFrames
from hub.processes.listeners import configured
from hub.router.work import Work
from routing.instant import Instant
from routing.state import State


class Frames:
    """Keeps and replays for one router."""

    def __init__(
        self,
        path: Path,
        limits: Limits,
        *,
        journal: JournalReader,
        state: State,
        take: Callable[[Work], None],
        now: Callable[[], Instant],
    ) -> None:
        """`state` is the one that the engine folds into."""
        opened = partial(KeptFrames, path, limits)
        self._keeper = Keeper(opened(), lambda s: s in state.registry.device_of, take, now)
        self.keep = self._keeper.hear
        self._replaying = Replaying(opened, partial(_listeners, journal), take, now)
        self.replay = self._replaying.begin

    async def run(self) -> None:
        """Run until cancelled; a mistake ends it."""
        keeping = asyncio.ensure_future(self._keeper.run())
        broken = self._replaying.broken
        try:
            await asyncio.wait((keeping, broken), return_when=asyncio.FIRST_COMPLETED)
            for one in (keeping, broken):
                if one.done():
                    one.result()
        finally:
            keeping.cancel()


def _listeners(journal: JournalReader) -> dict[str, ListenerEntry]:
    return {entry.id: entry for entry in configured(journal)}
