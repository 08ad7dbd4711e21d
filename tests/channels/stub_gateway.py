"""A local HTTP server that keeps what it got and answers as it is told."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True)
class Got:
    """One request."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes


@dataclass
class StubGateway:
    """What it got, and what it answers."""

    got: list[Got] = field(default_factory=list)
    status: int = 200
    body: str = '{"id": "gw-1"}'
    headers: dict[str, str] = field(default_factory=dict)
    answer: Answer | None = None
    url: str = ""
    heard: asyncio.Event = field(default_factory=asyncio.Event)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        headers = {name.lower(): value for name, value in request.headers.items()}
        body = await request.read()
        self.got.append(Got(request.method, request.path, request.query_string, headers, body))
        self.heard.set()
        if self.answer is not None:
            return await self.answer(request)
        return web.Response(status=self.status, text=self.body, headers=self.headers)


@asynccontextmanager
async def stub_gateway() -> AsyncIterator[StubGateway]:
    """Serve one on a free loopback port."""
    one = StubGateway()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", one.handle)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    one.url = f"http://{host}:{port}"
    try:
        yield one
    finally:
        await runner.cleanup()
