"""Places towards one service: who waits for our own turn has not been refused by anybody.

A place is taken before a request's clock begins, so that many sends at once do not use up each
other's time; who finds none within some seconds tries again.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

PLACES = 64
"""Requests to one service at a time."""
WAIT_S = 5.0


class NoPlace(Exception):
    """All places were taken for too long: the service is slow, or down."""


class Places:
    """The places of one service."""

    def __init__(self, places: int = PLACES, wait_s: float = WAIT_S) -> None:
        self._free, self._wait_s = asyncio.Semaphore(places), wait_s

    @asynccontextmanager
    async def one(self) -> AsyncIterator[None]:
        """Hold one; NoPlace when none gets free in time."""
        try:
            async with asyncio.timeout(self._wait_s):
                await self._free.acquire()
        except TimeoutError:
            raise NoPlace from None
        try:
            yield
        finally:
            self._free.release()
