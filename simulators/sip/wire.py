"""The unit's socket: UDP, or TCP or TLS that is opened again when it was lost."""

import asyncio
import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from simulators.sip.text import Framer, SipText, read

Heard = Callable[[SipText], None]


class Wire(Protocol):
    """A way to one receiver."""

    reliable: bool
    name: str
    """`UDP`, `TCP` or `TLS`, as the Via header says it."""

    async def open(self) -> None:
        """Make it usable; OSError when the receiver cannot be reached."""

    def local(self) -> tuple[str, int]:
        """Our address as the socket knows it."""

    def write(self, data: bytes) -> None:
        """Send now; what cannot be sent is lost, as on a real link."""

    def close(self) -> None:
        """Let go of the socket."""


class UdpWire(asyncio.DatagramProtocol):
    """Datagrams to one receiver."""

    reliable = False
    name = "UDP"

    def __init__(self, host: str, port: int, heard: Heard) -> None:
        self._remote = (host, port)
        self._heard = heard
        self._transport: asyncio.DatagramTransport | None = None

    async def open(self) -> None:
        if self._transport is None or self._transport.is_closing():
            loop = asyncio.get_running_loop()
            self._transport, _ = await loop.create_datagram_endpoint(
                lambda: self, remote_addr=self._remote
            )

    def local(self) -> tuple[str, int]:
        if self._transport is None:
            raise ConnectionError("the unit has not opened its socket")
        host, port = self._transport.get_extra_info("sockname")[:2]
        return str(host), int(port)

    def write(self, data: bytes) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.sendto(data)

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()

    def datagram_received(self, data: bytes, addr: object) -> None:
        self._heard(read(data))

    def error_received(self, exc: Exception) -> None:
        """A port that is not open: nothing to do, the transaction's timer handles silence."""


class TcpWire(asyncio.Protocol):
    """A stream to one receiver."""

    reliable = True

    def __init__(
        self, host: str, port: int, heard: Heard, tls: ssl.SSLContext | None = None
    ) -> None:
        self.name = "TCP" if tls is None else "TLS"
        self._remote = (host, port)
        self._heard = heard
        self._tls = tls
        self._framer = Framer()
        self._transport: asyncio.Transport | None = None

    async def open(self) -> None:
        if self._transport is None:
            loop = asyncio.get_running_loop()
            self._transport, _ = await loop.create_connection(
                lambda: self, *self._remote, ssl=self._tls
            )

    def local(self) -> tuple[str, int]:
        if self._transport is None:
            raise ConnectionError("the receiver closed the connection")
        host, port = self._transport.get_extra_info("sockname")[:2]
        return str(host), int(port)

    def write(self, data: bytes) -> None:
        if self._transport is not None:
            self._transport.write(data)

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()

    def data_received(self, data: bytes) -> None:
        for message in self._framer.feed(data):
            self._heard(message)

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        self._framer = Framer()


def wire_to(transport: str, host: str, port: int, heard: Heard, trust: Path | None) -> Wire:
    """Return the unit's way to a receiver by `udp`, `tcp` or `tls`; over TLS it believes only what
    the authority in the file `trust` has signed, or with none what this machine believes."""
    if transport == "udp":
        return UdpWire(host, port, heard)
    tls = ssl.create_default_context(cafile=trust) if transport == "tls" else None
    return TcpWire(host, port, heard, tls)
