"""Keeping, beside the road of alarms: the file is written in a thread after the commit.

An unknown device's event is durable and paged first, like any other; then its frame is kept, and
then its adapter is told, so that a device that waits for an answer sends again what was not kept.
Where too many wait already, or the disk does not take it, the adapter is told all the same: the
event is in the journal, and what is lost is only that it could be replayed. That is counted.
"""

import asyncio
import logging
import sqlite3
from collections.abc import Callable

from hub.kept_frames.model import UNREADABLE, Kept, Lost, kept_of
from hub.kept_frames.store import KeptFrames
from hub.router.work import Work
from routing.event import Event
from routing.instant import Instant
from routing.kept_full import overflow
from routing.kinds import Lane

log = logging.getLogger(__name__)

WAITING = 1000
"""Frames that may wait for the disk; more are counted as lost."""
Then = Callable[[], None]


class Keeper:
    """Keeps what unknown devices say, for one municipality."""

    def __init__(
        self,
        store: KeptFrames,
        registered: Callable[[str], bool],
        take: Callable[[Work], None],
        now: Callable[[], Instant],
    ) -> None:
        self._store, self._registered, self._take, self._now = store, registered, take, now
        self._waiting: list[tuple[Kept, Then]] = []
        self._unkept: list[Kept] = []
        self._wake = asyncio.Event()

    def hear(self, event: Event, listener: str, body: bytes, then: Then) -> None:
        """Keep the event if it is one that is kept; `then` is called in any case, soon or now."""
        if event.type not in UNREADABLE and self._registered(event.subject):
            then()
            return
        one = kept_of(event, listener, body)
        if len(self._waiting) >= WAITING:
            self._unkept.append(one)
            del self._unkept[1:-1]
            self._lost_unkept += 1
            then()
        else:
            self._waiting.append((one, then))
        self._wake.set()

    _lost_unkept = 0

    async def run(self) -> None:
        """Keep what comes until cancelled."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            frames, self._waiting = self._waiting, []
            await self._keep([one for one, _ in frames])
            for _, then in frames:
                then()

    async def _keep(self, frames: list[Kept]) -> None:
        at = self._now()
        try:
            lost = await asyncio.to_thread(self._store.keep, frames, at)
        except sqlite3.Error as error:
            log.error("%d frames of unknown devices could not be kept: %s", len(frames), error)
            lost = _all(frames, len(frames))
        self._tell(lost, at)
        self._tell(_all(self._unkept, self._lost_unkept), at)
        self._unkept, self._lost_unkept = [], 0

    def _tell(self, lost: Lost | None, at: Instant) -> None:
        if lost is not None:
            # An alarm says it, so a flood need not fill the log too.
            log.debug("kept frames are full: %d gave way", lost.count)
            event = overflow(lost.count, lost.first_at, lost.last_at, at)
            self._take(Work(event, Lane.TELEMETRY))


def _all(frames: list[Kept], count: int) -> Lost | None:
    if not frames:
        return None
    heard = [one.received_at for one in frames]
    return Lost(count, min(heard), max(heard))
