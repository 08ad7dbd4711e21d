"""The TCP side of a listener: its connections, how many there may be, and when one is given up.

Half-open connections are what a mobile network leaves behind. Keepalive probes find those that are
dead, the idle limit those that are only silent, and where there are too many, the connection that
was silent for longest makes room: the newest one may carry a press. Over TLS a connection counts as
one when its handshake is done; until then it is one of the `Handshakes`.
"""

import asyncio
import logging
import socket
from collections import Counter
from typing import Protocol

from adapters.bridge.connection import Connection
from adapters.bridge.handshakes import Handshakes
from adapters.bridge.settings import Address, StreamLimits
from adapters.bridge.tls import Certificates, TlsEnd
from adapters.session import Peer

log = logging.getLogger(__name__)

# Dead peers are found within about two minutes. Names differ by platform; what is missing is left.
_PROBES = (("TCP_KEEPIDLE", 60), ("TCP_KEEPALIVE", 60), ("TCP_KEEPINTVL", 15), ("TCP_KEEPCNT", 4))


def host_text(host: str) -> str:
    """Return the host as it stands in a peer's name: IPv6 in brackets."""
    return f"[{host}]" if ":" in host else host


class Handler(Protocol):
    """Who is told about connections."""

    def opened(self, peer: Peer) -> None: ...
    def received(self, peer: Peer, data: bytes) -> None: ...
    def closed(self, peer: Peer) -> None: ...


class Connections:
    """A listener's connections, the longest silent first."""

    def __init__(self, listener: str, limits: StreamLimits, handler: Handler) -> None:
        self._listener = listener
        self._limits = limits
        self._handler = handler
        self._open: dict[Peer, Connection] = {}
        self._per_host: Counter[str] = Counter()
        self._accepted = 0
        self._cut_offs: Counter[str] = Counter()
        self._servers: list[asyncio.Server] = []
        self._handshakes = Handshakes(limits, self.cut_off)
        self._sweep: asyncio.TimerHandle | None = None
        self._loop = asyncio.get_running_loop()

    async def listen(
        self, address: Address, certificates: Certificates | None = None
    ) -> tuple[str, int]:
        """Accept connections, over TLS with certificates; return what was bound. May be called for
        several addresses. OSError when one cannot be bound."""

        def accepted() -> Connection:
            tls = None if certificates is None else TlsEnd(certificates.context())
            return Connection(self, tls)

        server = await self._loop.create_server(accepted, address.host, address.port, backlog=512)
        self._servers.append(server)
        if self._sweep is None:
            self._sweep_later()
        host, port = server.sockets[0].getsockname()[:2]
        return host, port

    def stop(self) -> None:
        """Stop accepting, and end every connection after what was sent has left."""
        if self._sweep:
            self._sweep.cancel()
        self._report()
        for server in self._servers:
            server.close()
        self._handshakes.stop()
        for connection in list(self._open.values()):
            connection.end()

    def send(self, peer: Peer, data: bytes) -> None:
        """Write to a peer; one that is gone was reported by `closed`."""
        if connection := self._open.get(peer):
            connection.write(data)

    def close(self, peer: Peer) -> None:
        """End the connection after what was sent has left."""
        if connection := self._open.get(peer):
            connection.end()

    def accept(self, connection: Connection) -> None:
        """Take a new connection: with TLS it has its handshake to do first."""
        connection.host = connection.transport.get_extra_info("peername")[0]
        self._set_up(connection.transport)
        if connection.tls is None:
            self.admit(connection)
        else:
            self._handshakes.begin(connection)

    def admit(self, connection: Connection) -> None:
        """Give a connection its name, and room."""
        self._handshakes.done(connection)
        self._accepted += 1
        transport = "tcp" if connection.tls is None else "tls"
        port = connection.transport.get_extra_info("peername")[1]
        connection.peer = f"{transport}:{host_text(connection.host)}:{port}#{self._accepted}"
        self._make_room(connection.host)
        connection.heard_at = self._loop.time()
        self._open[connection.peer] = connection
        self._per_host[connection.host] += 1
        self._handler.opened(connection.peer)

    def heard(self, connection: Connection, data: bytes) -> None:
        """Octets came; the connection is the liveliest now."""
        if self._open.pop(connection.peer, None) is None:
            return
        self._open[connection.peer] = connection
        connection.heard_at = self._loop.time()
        self._handler.received(connection.peer, data)

    def cut_off(self, connection: Connection, why: str) -> None:
        """Drop a connection and what it has not read."""
        self._cut_offs[why] += 1
        connection.transport.abort()
        self.gone(connection)

    def gone(self, connection: Connection) -> None:
        """Forget a connection that has ended."""
        self._handshakes.done(connection)
        if self._open.pop(connection.peer, None) is None:
            return
        self._per_host[connection.host] -= 1
        if not self._per_host[connection.host]:
            del self._per_host[connection.host]
        self._handler.closed(connection.peer)

    def _set_up(self, transport: asyncio.Transport) -> None:
        transport.set_write_buffer_limits(high=self._limits.unsent_octets)
        sock: socket.socket = transport.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        for name, value in _PROBES:
            if option := getattr(socket, name, None):
                sock.setsockopt(socket.IPPROTO_TCP, option, value)

    def _make_room(self, host: str) -> None:
        if self._per_host[host] >= self._limits.connections_per_host:
            oldest = next(one for one in self._open.values() if one.host == host)
            self.cut_off(oldest, "too many connections from one address")
        elif len(self._open) >= self._limits.connections:
            self.cut_off(next(iter(self._open.values())), "too many connections")

    def _sweep_later(self) -> None:
        self._sweep = self._loop.call_later(min(self._limits.idle_s / 4, 60), self._cut_idle)

    def _cut_idle(self) -> None:
        self._sweep_later()
        limit = self._loop.time() - self._limits.idle_s
        idle = [one for one in self._open.values() if one.heard_at <= limit]
        for connection in idle:
            self.cut_off(connection, "silent for too long")
        self._report()

    def _report(self) -> None:
        """Say what was cut off, at most once a minute, so that no peer can fill the log."""
        for why, count in self._cut_offs.items():
            log.warning("listener %s: connections cut off, %s: %d", self._listener, why, count)
        self._cut_offs.clear()
