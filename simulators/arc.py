"""An alarm receiving centre: a plain DC-09 receiver over UDP and TCP that answers as it is told.

It keeps every message it could read, and what it answered, so that the sender's promises can be
compared with it.
"""

import asyncio
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from simulators import dc09

Verdict = Literal["ACK", "NAK", "DUH", "silence"]
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass
class AlarmReceiver:
    """The receiver; `verdict` is asked for each message it can read, in order."""

    verdict: Callable[[dc09.Message], Verdict] = lambda _message: "ACK"
    key: bytes | None = None
    seed: int = 1
    clock: Callable[[], float] = time.time
    heard: list[dc09.Message] = field(default_factory=list)
    unread: list[tuple[bytes, str]] = field(default_factory=list)
    """What could not be read, and why."""
    answered: list[str] = field(default_factory=list)
    port: int = 0

    def __post_init__(self) -> None:
        self._rng = random.Random(self.seed)
        self._server: asyncio.Server | None = None
        self._transport: asyncio.DatagramTransport | None = None
        self._writers: set[asyncio.StreamWriter] = set()

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        """Listen on one TCP port and the UDP port of the same number."""
        self._server = await asyncio.start_server(self._serve, host, port)
        self.port = self._server.sockets[0].getsockname()[1]
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.create_datagram_endpoint(
            lambda: _Udp(self), local_addr=(host, self.port)
        )

    async def stop(self) -> None:
        """Close both ports and every connection."""
        if self._transport is not None:
            self._transport.close()
        if self._server is not None:
            self._server.close()
        for writer in self._writers:
            writer.close()

    def answer(self, octets: bytes) -> bytes | None:
        """Take one frame and return the answer to it, or None for silence."""
        try:
            message = dc09.read(octets, self.key)
        except ValueError as problem:
            self.unread.append((octets, str(problem)))
            return None
        self.heard.append(message)
        verdict = self.verdict(message)
        self.answered.append(verdict)
        if verdict == "silence":
            return None
        now = dc09.stamp(self.clock())
        if verdict == "NAK":
            return dc09.frame(f'"NAK"0000R0L0A0[]{now}')
        head = f"{message.sequence}{message.route}["
        if not message.sealed or self.key is None:
            return dc09.frame(f'"{verdict}"{head}]')
        padding = "".join(self._rng.choices(_LETTERS, k=16))
        return dc09.frame(f'"*{verdict}"{head}{dc09.seal(f"]{now}", self.key, padding)}')

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            while True:
                answer = self.answer(await reader.readuntil(b"\r"))
                if answer is not None:
                    writer.write(answer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            self._writers.discard(writer)
            writer.close()


class _Udp(asyncio.DatagramProtocol):
    def __init__(self, receiver: AlarmReceiver) -> None:
        self._receiver = receiver

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:  # type: ignore[override]
        self._transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        answer = self._receiver.answer(data)
        if answer is not None:
            self._transport.sendto(answer, addr)
