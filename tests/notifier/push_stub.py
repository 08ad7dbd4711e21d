"""A push service that answers as it is told, on a free port of loopback, and keeps what it got."""

import asyncio
import ssl
from collections import defaultdict, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web


@dataclass(frozen=True)
class Got:
    """One message as it arrived."""

    box: str
    headers: dict[str, str]
    body: bytes


@dataclass
class PushService:
    """Boxes by the last part of the endpoint."""

    url: str = ""
    got: list[Got] = field(default_factory=list)
    answers: dict[str, deque[tuple[int, dict[str, str]]]] = field(
        default_factory=lambda: defaultdict(deque)
    )
    silent: set[str] = field(default_factory=set)
    """Boxes that take a message and never answer."""
    endless: set[str] = field(default_factory=set)
    """Boxes whose answers go on for ever."""
    limit: int = 4_096
    _over: asyncio.Event = field(default_factory=asyncio.Event)
    news: asyncio.Event = field(default_factory=asyncio.Event)

    def answer(self, box: str, status: int, **headers: str) -> None:
        """Answer the next message to the box so; 201 is what comes otherwise."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers[box].append((status, named))

    def endpoint(self, box: str) -> str:
        return f"{self.url}/push/{box}"

    def to(self, box: str) -> list[Got]:
        """Return what has come to a box."""
        return [one for one in self.got if one.box == box]

    async def _take(self, request: web.Request) -> web.StreamResponse:
        box, body = request.match_info["box"], await request.read()
        self.got.append(Got(box, dict(request.headers), body))
        self.news.set()
        if box in self.silent:
            await self._over.wait()
        usual: tuple[int, dict[str, str]] = (413 if len(body) > self.limit else 201, {})
        status, headers = self.answers[box].popleft() if self.answers[box] else usual
        if box in self.endless:
            return await self._without_end(request, status)
        return web.Response(status=status, headers=headers)

    async def _without_end(self, request: web.Request, status: int) -> web.StreamResponse:
        answer = web.StreamResponse(status=status)
        await answer.prepare(request)
        while not self._over.is_set():
            await answer.write(b"x" * 1_024)
            await asyncio.sleep(0)
        return answer


@asynccontextmanager
async def push_service(tls: ssl.SSLContext | None = None) -> AsyncIterator[PushService]:
    """Serve until the end of the block."""
    service = PushService()
    app = web.Application()
    app.router.add_post("/push/{box}", service._take)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls)
    await site.start()
    host, port = runner.addresses[0][:2]
    service.url = f"{'http' if tls is None else 'https'}://{host}:{port}"
    try:
        yield service
    finally:
        service._over.set()
        await runner.cleanup()
