"""A map server that answers as a test says, and the hub's tiles in front of it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import web

from hub.settings.pages import MapSettings
from hub.web.homes.tile_cache import TileCache
from hub.web.homes.tile_source import Tiles, client
from tests.web.town import START

PNG = b"\x89PNG\r\n\x1a\n" + b"picture" * 10


OSLO = (10, 542, 297)
"""The tile of Oslo at zoom 10, as OpenStreetMap's slippy map names it."""


Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Server:
    """A map server that answers as a test says."""

    def __init__(self) -> None:
        self.asked: list[web.Request] = []
        self.answer: Answer = self.picture

    async def picture(self, request: web.Request) -> web.Response:
        return web.Response(body=PNG, content_type="image/png")

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request)
        return await self.answer(request)

    @asynccontextmanager
    async def open(self) -> AsyncIterator[str]:
        app = web.Application()
        app.router.add_get("/{rest:.*}", self.handle)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        host, port = runner.addresses[0][:2]
        try:
            yield f"http://{host}:{port}"
        finally:
            await runner.cleanup()


class Lab:
    """Tiles in front of the server, with a clock of their own."""

    def __init__(self, server: Server, address: str, folder: Path) -> None:
        self.server, self.address, self.folder = server, address, folder
        self.now = START

    def tiles(self, **said: object) -> Tiles:
        settings = MapSettings(tiles=self.address + "/t/{z}/{x}/{y}.png", **said)  # type: ignore[arg-type]
        assert settings.tiles is not None
        octets = settings.cache_mb * 1024 * 1024
        cache = TileCache(self.folder / "tiles.sqlite", settings.tiles, octets)
        return Tiles(settings, client(), cache, lambda: self.now)
