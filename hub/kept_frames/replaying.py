"""The router's side of a request to replay: reads the kept frames, treats them again as the past,
and records who asked for it and what came of it."""

import asyncio
import logging
import sqlite3
from collections.abc import Callable, Mapping
from functools import partial

from adapters.listener import Listener
from adapters.session import Outcome
from hub.kept_frames.again import Again, again
from hub.kept_frames.model import Kept
from hub.kept_frames.store import KeptFrames
from hub.kept_frames.wish import ReplayWish
from hub.router import parse
from hub.router.work import REPLAYED, Work
from routing.facts_devices import FramesReplayed
from routing.instant import Instant
from routing.kinds import Lane

log = logging.getLogger(__name__)

AT_ONCE = 500
"""Frames of one request; the next request takes up those that follow."""


class Replaying:
    """Carries requests out, one at a time."""

    def __init__(
        self,
        store: Callable[[], KeptFrames],
        listeners: Callable[[], Mapping[str, Listener]],
        take: Callable[[Work], None],
        now: Callable[[], Instant],
    ) -> None:
        """`store` and `listeners` are called in a thread."""
        self._store, self._listeners, self._take, self._now = store, listeners, take, now
        self._one = asyncio.Lock()
        self._tasks: set[asyncio.Future[None]] = set()
        self.broken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        """Ends with the mistake that a request met."""

    def begin(self, wish: ReplayWish, done: Callable[[], None]) -> None:
        """Carry the wish out beside everything else; `done` is called when all of it is durable,
        or when it cannot be: a file that cannot be read now is not read better by asking again."""
        task = asyncio.ensure_future(self.replay(wish))
        self._tasks.add(task)

        def ended(task: "asyncio.Future[None]") -> None:
            self._tasks.discard(task)
            if task.cancelled():
                return
            error = task.exception()
            if isinstance(error, sqlite3.Error):
                log.error("the kept frames cannot be read: %s", error)
            elif error is not None:
                self.broken.set_exception(error)
                return
            done()

        task.add_done_callback(ended)

    async def replay(self, wish: ReplayWish) -> None:
        """Carry the wish out; returns when all of it is durable."""
        async with self._one:
            at = self._now()
            found = await asyncio.to_thread(self._read, wish, at)
            given = [event for _, one in found for event in one.events]
            await asyncio.gather(*(self._durable(event.to_json(), at) for event in given))
            done = [kept.id for kept, one in found if one.fault is None]
            await asyncio.to_thread(self._note, done, at)
            told = FramesReplayed(
                request=wish.id,
                author=wish.author,
                subject=next((kept.subject for kept, _ in found), None),
                frames=len(done),
                events=len(given),
                unreadable=len(found) - len(done),
                from_at=wish.from_at,
                to_at=wish.to_at,
            )
            await self._committed(partial(Work, told, Lane.HELP))

    def _read(self, wish: ReplayWish, at: Instant) -> list[tuple[Kept, Again]]:
        store, listeners = self._store(), self._listeners()
        try:
            found = store.select(wish.who, wish.from_at, wish.to_at, AT_ONCE)
        finally:
            store.close()
        return [(kept, again(kept, at, listeners)) for kept in found]

    def _note(self, ids: list[str], at: Instant) -> None:
        store = self._store()
        try:
            store.replayed(ids, at)
        finally:
            store.close()

    async def _durable(self, body: bytes, at: Instant) -> None:
        parsed = parse.event(REPLAYED, body, at)
        lane = Lane.HELP  # the person who asked waits, and a press among them is a press
        await self._committed(partial(Work, parsed.task, lane, parsed.documents, parsed.position))

    async def _committed(self, work: Callable[..., Work]) -> None:
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        def done(_: Outcome) -> None:
            if not future.done():
                future.set_result(None)

        self._take(work(done=done))
        await future
