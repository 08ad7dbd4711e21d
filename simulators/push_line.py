"""A phone's line to its push service: subscribes, listens while there is coverage, and says what it
has."""

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable

import aiohttp

from simulators.webpush import decode

_AGAIN_S = 0.2
"""Between two tries to reach the service."""


class PushLine:
    """One subscription at one service; `heard` gets each message, still encrypted."""

    def __init__(self, service: str, http: aiohttp.ClientSession) -> None:
        self._service, self._http = service, http
        self._receive = ""
        self._listening: asyncio.Task[None] | None = None
        self._connected = asyncio.Event()
        self.endpoint = ""

    async def subscribe(self, key: str) -> str:
        """Make a subscription for a sender's public key (base64url) and return its endpoint."""
        asked = {"applicationServerKey": key}
        async with self._http.post(f"{self._service}/subscribe", json=asked) as response:
            response.raise_for_status()
            told = await response.json()
        self.endpoint, self._receive = told["endpoint"], told["receive"]
        return self.endpoint

    async def unsubscribe(self) -> None:
        """End the subscription: the service answers 410 from now on."""
        async with self._http.delete(self._receive) as response:
            response.raise_for_status()

    async def open(self, heard: Callable[[bytes], Awaitable[None]]) -> None:
        """Listen until `close`; returns when the service is reached, or at once where it is
        down."""
        if self._listening is None:
            self._listening = asyncio.create_task(self._listen(heard))
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(1):
                await self._connected.wait()

    async def close(self) -> None:
        """Listen no more: messages wait at the service."""
        listening, self._listening = self._listening, None
        self._connected.clear()
        if listening is not None:
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)

    async def _listen(self, heard: Callable[[bytes], Awaitable[None]]) -> None:
        while True:
            with contextlib.suppress(aiohttp.ClientError, OSError):
                async with self._http.ws_connect(self._receive) as socket:
                    self._connected.set()
                    async for said in socket:
                        message = json.loads(said.data)
                        await heard(decode(message["data"]))
                        await socket.send_str(message["id"])
            self._connected.clear()
            await asyncio.sleep(_AGAIN_S)
