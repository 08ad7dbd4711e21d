"""A small MQTT 3.1.1 client for load: it must cost less than what it measures.

Clean session, QoS 1 out, QoS 0 in (MQTT 3.1.1, OASIS 2014, section 3).
"""

import asyncio
import struct
from collections.abc import Callable

_CONNACK, _PUBLISH, _PUBACK, _SUBACK = 2, 3, 4, 9


def _text(value: str | bytes) -> bytes:
    octets = value.encode() if isinstance(value, str) else value
    return struct.pack(">H", len(octets)) + octets


def _packet(first: int, body: bytes) -> bytes:
    size, length = len(body), b""
    while True:
        size, low = divmod(size, 128)
        length += bytes([low | (0x80 if size else 0)])
        if not size:
            return bytes([first]) + length + body


class Wire(asyncio.Protocol):
    """One connection. `heard(topic, payload)` is called for what it subscribes to."""

    def __init__(self, heard: Callable[[str, bytes], None]) -> None:
        self._heard = heard
        self._buffer = bytearray()
        self._answer: asyncio.Future[int] | None = None
        self._transport: asyncio.Transport | None = None
        self._mid = 0
        self.acknowledged = 0

    async def connect(self, host: str, port: int, user: str, password: str) -> None:
        """Connect and sign in; ConnectionError when refused."""
        await asyncio.get_running_loop().create_connection(lambda: self, host, port)
        head = _text("MQTT") + bytes([4, 0b11000010]) + struct.pack(">H", 0)
        body = head + _text(f"bench-{user}-{id(self)}") + _text(user) + _text(password)
        if await self._ask(_packet(0x10, body)) != 0:
            raise ConnectionError(f"the broker refused {user}")

    async def subscribe(self, topic: str) -> None:
        """Subscribe with QoS 0; ConnectionError when refused."""
        if await self._ask(_packet(0x82, struct.pack(">H", 1) + _text(topic) + b"\x00")) != 0:
            raise ConnectionError(f"the broker refused the subscription to {topic}")

    def publish(self, topic: str, payload: bytes) -> None:
        """Publish with QoS 1, not waiting for the acknowledgement."""
        self._mid = self._mid % 65535 + 1
        self._send(_packet(0x32, _text(topic) + struct.pack(">H", self._mid) + payload))

    def close(self) -> None:
        if self._transport is not None:
            self._send(_packet(0xE0, b""))
            self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (packet := self._next()) is not None:
            self._take(*packet)

    def _next(self) -> tuple[int, bytes] | None:
        size = shift = 0
        for place in range(1, min(len(self._buffer), 5)):
            octet = self._buffer[place]
            size |= (octet & 0x7F) << shift
            shift += 7
            if octet < 0x80:
                end = place + 1 + size
                if len(self._buffer) < end:
                    return None
                packet = self._buffer[0], bytes(self._buffer[place + 1 : end])
                del self._buffer[:end]
                return packet
        return None

    def _take(self, first: int, body: bytes) -> None:
        kind = first >> 4
        if kind == _PUBACK:
            self.acknowledged += 1
        elif kind == _PUBLISH:
            size = int.from_bytes(body[:2], "big")
            self._heard(body[2 : 2 + size].decode(), body[2 + size :])
        elif kind in (_CONNACK, _SUBACK) and self._answer is not None:
            self._answer.set_result(body[-1])

    async def _ask(self, packet: bytes) -> int:
        self._answer = asyncio.get_running_loop().create_future()
        self._send(packet)
        async with asyncio.timeout(10):
            return await self._answer

    def _send(self, packet: bytes) -> None:
        assert self._transport is not None
        self._transport.write(packet)
