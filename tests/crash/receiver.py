"""A phone service for tests: takes webhooks and keeps which sends arrived, and when."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Self

import msgspec
from aiohttp import web

from routing.instant import Instant


class Call(msgspec.Struct, frozen=True):
    """What the checks need of a webhook's body."""

    id: str
    alarm: str
    person: str


@dataclass
class Receiver:
    """`calls` in the order of arrival; `first` is when each send id came for the first time."""

    now: Callable[[], Instant]
    calls: list[Call] = field(default_factory=list)
    first: dict[str, Instant] = field(default_factory=dict)
    url: str = ""
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_post("/", self._take)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0, backlog=1024).start()
        host, port = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{port}/"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

    async def distinct(self, number: int, within_s: float) -> None:
        """Wait until so many different sends have arrived."""
        async with asyncio.timeout(within_s):
            while len(self.first) < number:
                self._changed.clear()
                await self._changed.wait()

    async def _take(self, request: web.Request) -> web.Response:
        at = self.now()
        call = msgspec.json.decode(await request.read(), type=Call)
        self.calls.append(call)
        self.first.setdefault(call.id, at)
        self._changed.set()
        return web.Response()
