"""A minimal HTTP receiver: notes when each POST was complete, answers 204, keeps connections."""

import asyncio
import json
import time

_ANSWER = b"HTTP/1.1 204 No Content\r\n\r\n"
_LENGTH = b"content-length:"


class Receiver:
    """Arrivals in order. `CLOCK_MONOTONIC` is the same in every process of the machine."""

    def __init__(self) -> None:
        self._bodies: list[tuple[int, bytes]] = []
        self._more = asyncio.Event()
        self._server: asyncio.Server | None = None

    async def start(self) -> str:
        """Serve on a free loopback port and return the URL."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: _Connection(self), "127.0.0.1", 0)
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}/hook"

    def stop(self) -> None:
        if self._server is not None:
            self._server.close()

    def arrived(self, body: bytes) -> None:
        self._bodies.append((time.monotonic_ns(), body))
        self._more.set()

    def clear(self) -> None:
        self._bodies.clear()

    async def until(self, count: int, within_s: float) -> None:
        """Wait for so many arrivals; returns without them when the time is over."""
        try:
            async with asyncio.timeout(within_s):
                while len(self._bodies) < count:
                    self._more.clear()
                    await self._more.wait()
        except TimeoutError:
            return

    def first_arrivals(self) -> dict[str, int]:
        """Return alarm key to when its first POST came, in ns."""
        found: dict[str, int] = {}
        for at, body in self._bodies:
            found.setdefault(_key(body), at)
        return found


def _key(body: bytes) -> str:
    """The hub names the alarm, the baseline forwards the event; both hold the same digits."""
    said = json.loads(body)
    name = str(said["alarm"] if "alarm" in said else said["id"])
    return name.rpartition("-")[2][:20]


class _Connection(asyncio.Protocol):
    def __init__(self, receiver: Receiver) -> None:
        self._receiver, self._buffer = receiver, b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (end := self._buffer.find(b"\r\n\r\n")) >= 0:
            size = _length(self._buffer[:end].lower())
            if len(self._buffer) < end + 4 + size:
                return
            body = self._buffer[end + 4 : end + 4 + size]
            self._buffer = self._buffer[end + 4 + size :]
            self._receiver.arrived(body)
            assert self._transport is not None
            self._transport.write(_ANSWER)


def _length(head: bytes) -> int:
    _, _, rest = head.partition(_LENGTH)
    return int(rest.split(b"\r\n", 1)[0])
