"""One accepted connection, in the clear or over TLS. Who it is told to: `Connections`."""

import asyncio
import ssl
from typing import Protocol, cast

from adapters.bridge.tls import TlsEnd
from adapters.session import Peer

_TURN_OCTETS = 8_192


class Table(Protocol):
    """Who is told what becomes of a connection."""

    def accept(self, connection: "Connection") -> None: ...
    def admit(self, connection: "Connection") -> None: ...
    def heard(self, connection: "Connection", data: bytes) -> None: ...
    def cut_off(self, connection: "Connection", why: str) -> None: ...
    def gone(self, connection: "Connection") -> None: ...


class Connection(asyncio.BufferedProtocol):
    """One accepted connection. It is read into a buffer of our size, once in each turn of the loop:
    asyncio itself would take up to 256 kB at once."""

    peer: Peer = ""
    """Its name, once it is admitted."""
    host: str
    heard_at: float
    transport: asyncio.Transport

    def __init__(self, table: Table, tls: TlsEnd | None) -> None:
        self._table = table
        self.tls = tls
        self._octets = bytearray(_TURN_OCTETS)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        self._table.accept(self)

    def get_buffer(self, sizehint: int) -> bytearray:
        return self._octets

    def buffer_updated(self, nbytes: int) -> None:
        octets = bytes(self._octets[:nbytes])
        if self.tls is None:
            self._table.heard(self, octets)
        else:
            self._decrypt(self.tls, octets)

    def pause_writing(self) -> None:
        self._table.cut_off(self, "it does not read what it is sent")

    def connection_lost(self, exc: Exception | None) -> None:
        self._table.gone(self)

    def write(self, data: bytes) -> None:
        """Send, unless the connection is ending."""
        if self.transport.is_closing():
            return
        if self.tls is not None:
            self.tls.write(data)
            data = self.tls.outgoing()
        self.transport.write(data)

    def end(self) -> None:
        """End it after what was sent has left."""
        if self.tls is not None and self.tls.is_ready and not self.transport.is_closing():
            self.tls.finish()
            self.transport.write(self.tls.outgoing())
        self.transport.close()

    def _decrypt(self, tls: TlsEnd, octets: bytes) -> None:
        was_ready = tls.is_ready
        try:
            plain = tls.feed(octets)
        except ssl.SSLError:
            self._fail(tls)
            return
        self.transport.write(tls.outgoing())
        if tls.is_ready and not was_ready:
            self._table.admit(self)
        if plain and not self.transport.is_closing():
            self._table.heard(self, plain)
        if tls.is_ended:
            self.end()

    def _fail(self, tls: TlsEnd) -> None:
        """Say by an alert what was wrong with the peer's octets, and end."""
        why = "not TLS as it should be" if tls.is_ready else "no TLS handshake came about"
        self.transport.write(tls.outgoing())
        self._table.cut_off(self, why)
