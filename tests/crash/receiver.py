"""A phone service for tests: takes webhooks and keeps which sends arrived."""

import asyncio
from collections.abc import Set
from dataclasses import dataclass, field
from typing import Self

import msgspec
from aiohttp import web


class Call(msgspec.Struct, frozen=True):
    """What the checks need of a webhook's body."""

    id: str
    alarm: str
    person: str


@dataclass
class Receiver:
    """`calls` in the order of arrival; `about` is the alarm of each send id."""

    calls: list[Call] = field(default_factory=list)
    about: dict[str, str] = field(default_factory=dict)
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

    async def distinct(self, number: int, within_s: float, alarms: Set[str]) -> None:
        """Wait until so many different sends about the alarms have arrived."""
        async with asyncio.timeout(within_s):
            while sum(alarm in alarms for alarm in self.about.values()) < number:
                self._changed.clear()
                await self._changed.wait()

    async def _take(self, request: web.Request) -> web.Response:
        call = msgspec.json.decode(await request.read(), type=Call)
        self.calls.append(call)
        self.about[call.id] = call.alarm
        self._changed.set()
        return web.Response()
