"""Runs a `WireSession` on UDP, TCP and TLS addresses and a serial port: its octets, its timer, its
memory."""

import asyncio
import ipaddress
import socket
from collections.abc import Callable, Sequence
from typing import cast

from adapters.bridge.connections import Connections, host_text
from adapters.bridge.crash import Crash
from adapters.bridge.hub_link import OnOutcome
from adapters.bridge.kept import Kept
from adapters.bridge.serial_line import SerialLine
from adapters.bridge.settings import Address, WireListener
from adapters.bridge.tls import Certificates
from adapters.session import (
    Close,
    Emit,
    Keep,
    Outcome,
    Output,
    Peer,
    Send,
    Speak,
    SpeakingWire,
    ToldWire,
)
from routing.event import Event
from routing.instant import SECOND, Instant
from routing.to_device import ToDevice

Emitter = Callable[[str, Event, OnOutcome], None]
"""`HubLink.emit`: listener id, event, and who hears what became of it."""

_RECEIVE_BUFFER_OCTETS = 1 << 20


class WireRunner:
    """One listener: everything its session says is done, in order."""

    def __init__(
        self,
        listener: WireListener,
        kept: Kept,
        emit: Emitter,
        now: Callable[[], Instant],
        crash: Crash,
    ) -> None:
        self._listener = listener
        self._kept = kept
        self._emit = emit
        self._now = now
        self._crash = crash
        self._session = listener.session(kept.values)
        self._streams = Connections(listener.id, listener.limits, self)
        self._udp: _Datagrams | None = None
        serial = listener.serial
        self._serial = SerialLine(listener.id, serial, self) if serial else None
        self._armed: tuple[Instant, asyncio.TimerHandle] | None = None
        self._stopped = False
        self._loop = asyncio.get_running_loop()

    async def start(self) -> dict[str, list[object]]:
        """Bind; return `{"udp": [host, port], "tcp": [host, port], "tls": [host, port],
        "serial": [path, baud]}`. A port that is not there is waited for.

        OSError when taken, BadCertificate when TLS has none to use."""
        bound: dict[str, list[object]] = {}
        if self._listener.udp:
            self._udp = await _Datagrams.bind(self._listener.udp, self.received)
            bound["udp"] = list(self._udp.bound)
        if self._listener.tcp:
            bound["tcp"] = list(await self._streams.listen(self._listener.tcp))
        if tls := self._listener.tls:
            certificates = Certificates(tls.files)
            bound["tls"] = list(await self._streams.listen(tls.address, certificates))
        if self._serial:
            bound["serial"] = self._serial.start()
        with self._crash.guard(self._listener.id):
            self._arm()
        return bound

    def stop(self) -> None:
        """Close the sockets; what was not confirmed stays unanswered."""
        self._stopped = True
        if self._armed:
            self._armed[1].cancel()
        if self._udp:
            self._udp.close()
        if self._serial:
            self._serial.stop()
        self._streams.stop()

    def opened(self, peer: Peer) -> None:
        with self._crash.guard(self._listener.id):
            self._do(self._session.opened(peer, self._now()))

    def received(self, peer: Peer, data: bytes) -> None:
        with self._crash.guard(self._listener.id):
            self._do(self._session.receive(peer, data, self._now()))

    def closed(self, peer: Peer) -> None:
        with self._crash.guard(self._listener.id):
            self._do(self._session.closed(peer, self._now()))

    @property
    def hears(self) -> bool:
        """Whether the session's devices can be told something."""
        return isinstance(self._session, ToldWire)

    def told(self, message: ToDevice) -> bool:
        """Pass on what the hub says to a device."""
        if isinstance(self._session, ToldWire):
            with self._crash.guard(self._listener.id):
                self._do(self._session.told(message, self._now()))
        return True

    def _confirm(self, event_id: str, outcome: Outcome, speak: Speak | None = None, /) -> None:
        session = self._session
        with self._crash.guard(self._listener.id):
            if isinstance(session, SpeakingWire):
                self._do(session.confirmed(event_id, outcome, speak, self._now()))
            else:
                self._do(session.confirm(event_id, outcome, self._now()))

    def _due(self, due_at: Instant) -> None:
        self._armed = None
        # The wait was measured by the loop's monotonic clock, so the instant has come even where
        # the wall clock was set back meanwhile.
        with self._crash.guard(self._listener.id):
            self._do(self._session.due(max(due_at, self._now())))

    def _do(self, outputs: Sequence[Output]) -> None:
        if self._stopped:
            return
        # Memory first: what is kept must be durable before a device is told so.
        self._kept.apply([one for one in outputs if isinstance(one, Keep)])
        for output in outputs:
            match output:
                case Emit(event):
                    self._emit(self._listener.id, event, self._confirm)
                case Send(peer, data):
                    self._send(peer, data)
                case Close(peer):
                    self._streams.close(peer)
        self._arm()

    def _send(self, peer: Peer, data: bytes) -> None:
        if self._serial and peer.startswith("serial:"):
            self._serial.send(peer, data)
        elif not peer.startswith("udp:"):
            self._streams.send(peer, data)
        elif self._udp:
            self._udp.send(peer, data)

    def _arm(self) -> None:
        due_at = self._session.next_due()
        if self._armed:
            if self._armed[0] == due_at:
                return
            self._armed[1].cancel()
            self._armed = None
        if due_at is not None:
            wait_s = max(0, due_at - self._now()) / SECOND
            self._armed = (due_at, self._loop.call_later(wait_s, self._due, due_at))


class _Datagrams(asyncio.DatagramProtocol):
    """One UDP socket. What the system does not take at once is dropped, as datagrams may be."""

    bound: tuple[str, int]
    _transport: asyncio.DatagramTransport

    def __init__(self, received: Callable[[Peer, bytes], None]) -> None:
        self._received = received
        self._full = False

    @classmethod
    async def bind(cls, address: Address, received: Callable[[Peer, bytes], None]) -> "_Datagrams":
        """Open the socket; OSError when the address is taken."""
        loop = asyncio.get_running_loop()
        _, protocol = await loop.create_datagram_endpoint(
            lambda: cls(received), local_addr=(address.host, address.port)
        )
        return protocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.DatagramTransport, transport)
        sock: socket.socket = transport.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BUFFER_OCTETS)
        self.bound = sock.getsockname()[:2]

    def pause_writing(self) -> None:
        self._full = True

    def resume_writing(self) -> None:
        self._full = False

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self._received(f"udp:{host_text(addr[0])}:{addr[1]}", data)

    def send(self, peer: Peer, data: bytes) -> None:
        host, _, port = peer.removeprefix("udp:").rpartition(":")
        address = str(ipaddress.ip_address(host.strip("[]")))
        # A port may be what a peer wrote into its message, and asyncio closes the whole socket
        # over one that does not exist.
        if not self._full and 0 < int(port) < 65_536:
            self._transport.sendto(data, (address, int(port)))

    def close(self) -> None:
        self._transport.close()
