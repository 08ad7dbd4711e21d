"""A simulated service's port: it opens, closes as in an outage, and opens again in its place."""

import asyncio
import socket
from collections.abc import Callable

from aiohttp import web


class Listening:
    """One web application on one loopback port, which it keeps over a `stop` and a `start`."""

    def __init__(self, app: Callable[[], web.Application]) -> None:
        self._app = app
        self._runner: web.AppRunner | None = None
        self._place: tuple[str, int] | None = None
        self.ending = asyncio.Event()
        """Set while the port is closed: handlers that wait are to end."""

    @property
    def origin(self) -> str:
        """`http://host:port`."""
        if self._place is None:
            raise RuntimeError("start the service before asking where it is")
        return f"http://{self._place[0]}:{self._place[1]}"

    @property
    def up(self) -> bool:
        """Whether it listens now."""
        return self._runner is not None

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> str:
        """Listen and return the origin; the port of the first start where none is named."""
        if self._runner is not None:
            return self.origin
        wanted = self._place if self._place is not None and port == 0 else (host, port)
        listening = socket.create_server(wanted, reuse_port=False)
        listening.setblocking(False)
        self._place = (wanted[0], int(listening.getsockname()[1]))
        self.ending.clear()
        self._runner = web.AppRunner(self._app(), access_log=None, shutdown_timeout=0.2)
        await self._runner.setup()
        await web.SockSite(self._runner, listening, backlog=1024).start()
        return self.origin

    async def stop(self) -> None:
        """Close the port and every connection; nothing where it does not listen."""
        runner, self._runner = self._runner, None
        self.ending.set()
        if runner is not None:
            await runner.cleanup()
