"""The runner: the one reader of the clock. Turns the engine, commits its batches, lets effects
out."""

import asyncio
from collections.abc import Callable
from functools import partial

from hub.journal.port import Cursor, Journal
from hub.router.engine import Engine
from hub.router.work import Batch, Work
from routing.instant import SECOND, Instant

AHEAD = 8
"""Batches that may wait for their commit while the next are decided."""


class Runner:
    """Drives one engine on the asyncio loop until it is stopped or a commit fails."""

    def __init__(
        self,
        engine: Engine,
        journal: Journal,
        now: Callable[[], Instant],
        committed: Callable[[Batch], None],
        before_effects: Callable[[], None] = lambda: None,
    ) -> None:
        self._engine, self._journal, self._now = engine, journal, now
        self._committed, self._before_effects = committed, before_effects
        self._wake = asyncio.Event()
        self._room = asyncio.Semaphore(AHEAD)
        self._uncommitted = 0
        self._broken: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def take(self, work: Work) -> None:
        """Queue work; call on the loop's thread."""
        self._engine.take(work)
        self._wake.set()

    def settled(self) -> bool:
        """Whether everything in memory is in the journal."""
        return self._uncommitted == 0 and not self._broken.done()

    async def run(self, stop: asyncio.Event) -> None:
        """Run until `stop`. JournalBroken ends it: what memory holds is not to be trusted then.

        So does a mistake in an effect: at the next start everything owed is taken up again.
        """
        turning = asyncio.ensure_future(self._turn_for_ever())
        stopping = asyncio.ensure_future(stop.wait())
        try:
            await asyncio.wait(
                (turning, stopping, self._broken), return_when=asyncio.FIRST_COMPLETED
            )
            for ended in (turning, self._broken):
                if ended.done():
                    ended.result()
            await self._last_commits()
        finally:
            turning.cancel()
            stopping.cancel()

    async def _last_commits(self) -> None:
        """Wait until what has been decided is durable and its effects are out."""
        for _ in range(AHEAD):
            await self._room.acquire()
        if self._broken.done():
            self._broken.result()

    async def _turn_for_ever(self) -> None:
        while True:
            self._wake.clear()
            due = self._engine.next_turn()
            if due is None or due > self._now():
                await self._sleep_until(due)
                continue
            await self._room.acquire()
            self._turn()
            await asyncio.sleep(0)

    async def _sleep_until(self, due: Instant | None) -> None:
        wait_s = None if due is None else max(0, due - self._now()) / SECOND
        try:
            # The loop's timer is monotonic; a wall clock set back is noticed at the next wake-up.
            async with asyncio.timeout(wait_s):
                await self._wake.wait()
        except TimeoutError:
            return

    def _turn(self) -> None:
        batch = self._engine.turn(self._now())
        if batch is None:
            self._room.release()
            return
        self._uncommitted += 1
        future = self._journal.append(batch.facts, batch.at, batch.documents)
        future.add_done_callback(partial(self._after_commit, batch))

    def _after_commit(self, batch: Batch, future: "asyncio.Future[Cursor]") -> None:
        """Start the pages at once; the answers follow when those have had their first step."""
        self._uncommitted -= 1
        error = None if future.cancelled() else future.exception()
        if error is not None:
            self._break(error)
        if self._broken.done():
            self._room.release()
            return
        try:
            self._before_effects()
            self._committed(batch)
        except Exception as mistake:  # noqa: BLE001 asyncio would log it and the pages be lost
            self._break(mistake)
        asyncio.get_running_loop().call_soon(self._answer, batch)

    def _answer(self, batch: Batch) -> None:
        """Tell those who wait for the batch, which then has left its place."""
        self._room.release()
        try:
            for done, outcome in batch.done:
                done(outcome)
        except Exception as mistake:  # noqa: BLE001 as above: who waits would wait for ever
            self._break(mistake)

    def _break(self, error: BaseException) -> None:
        if not self._broken.done():
            self._broken.set_exception(error)
