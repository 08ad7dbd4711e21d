"""Bodies on their way. Anybody can begin one and never end it, so they hold no place of a message
that is complete, and where there are too many the one that began first is cut off."""

import asyncio
from collections import Counter

from aiohttp import web

from adapters.bridge.settings import HttpLimits


class Bodies:
    """The bodies being read, the oldest first; so many in all, and so many of one address."""

    def __init__(self, limits: HttpLimits) -> None:
        self._limits = limits
        self._open: dict[asyncio.Timeout, str] = {}
        self._per_host: Counter[str] = Counter()

    async def read(self, request: web.Request) -> bytes:
        """Return the body. TimeoutError when it came too slowly or had to make room."""
        host = request.remote or ""
        self._make_room(host)
        async with asyncio.timeout(self._limits.read_within_s) as patience:
            self._open[patience] = host
            self._per_host[host] += 1
            try:
                return await request.read()
            finally:
                self._forget(patience)

    def _make_room(self, host: str) -> None:
        if self._per_host[host] >= self._limits.reading_per_host:
            self._cut_off(next(one for one, of in self._open.items() if of == host))
        elif len(self._open) >= self._limits.reading:
            self._cut_off(next(iter(self._open)))

    def _cut_off(self, patience: asyncio.Timeout) -> None:
        self._forget(patience)
        patience.reschedule(asyncio.get_running_loop().time())

    def _forget(self, patience: asyncio.Timeout) -> None:
        host = self._open.pop(patience, None)
        if host is None:
            return
        self._per_host[host] -= 1
        if not self._per_host[host]:
            del self._per_host[host]
