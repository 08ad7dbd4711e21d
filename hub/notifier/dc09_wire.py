"""One UDP or TCP exchange with an alarm receiver, line by line."""

import asyncio
from typing import Protocol, cast

LONGEST_ANSWER = 4_096
"""Octets; a receipt has under 100."""
_MOST_WAITING = 64


class Wire(Protocol):
    """A way to the receiver."""

    def send(self, octets: bytes) -> None: ...

    async def receive(self) -> bytes:
        """Return the next line; ConnectionError when there will be none."""

    def close(self) -> None: ...


async def connect(host: str, port: int, transport: str) -> Wire:
    """Open the way; OSError when the receiver cannot be reached."""
    if transport == "udp":
        loop = asyncio.get_running_loop()
        _, datagrams = await loop.create_datagram_endpoint(_Datagrams, remote_addr=(host, port))
        return datagrams
    return _Stream(*await asyncio.open_connection(host, port, limit=LONGEST_ANSWER))


class _Stream:
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    def send(self, octets: bytes) -> None:
        self._writer.write(octets)

    async def receive(self) -> bytes:
        try:
            return await self._reader.readuntil(b"\r")
        except asyncio.IncompleteReadError as error:
            raise ConnectionAbortedError("the receiver hung up without an answer") from error
        except asyncio.LimitOverrunError as error:
            raise ConnectionAbortedError("the receiver's answer has no end") from error

    def close(self) -> None:
        self._writer.close()


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self) -> None:
        self._came: asyncio.Queue[bytes | Exception] = asyncio.Queue(_MOST_WAITING)
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: object) -> None:
        self._keep(data)

    def error_received(self, exc: Exception) -> None:
        self._keep(exc)

    def send(self, octets: bytes) -> None:
        if self._transport is not None:
            self._transport.sendto(octets)

    async def receive(self) -> bytes:
        came = await self._came.get()
        if isinstance(came, Exception):
            raise came
        return came

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()

    def _keep(self, came: bytes | Exception) -> None:
        if not self._came.full():
            self._came.put_nowait(came)
