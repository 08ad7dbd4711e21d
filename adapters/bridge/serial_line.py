"""A serial port under a `WireSession`: its octets, and its return after it was unplugged.

To the session it is a connection like any other: it opens, it closes, it opens again. A port that
cannot be opened is tried again for as long as the listener runs; that nothing is heard meanwhile is
the session's to tell.
"""

import asyncio
import logging

import serial

from adapters.bridge.connections import Handler
from adapters.bridge.settings import SerialPort
from adapters.session import Peer

_READ_OCTETS = 4_096
_MOST_UNSENT = 4_096

log = logging.getLogger(__name__)


class SerialLine:
    """One port, open or about to be opened again."""

    def __init__(self, listener: str, port: SerialPort, handler: Handler) -> None:
        self._listener, self._settings, self._handler = listener, port, handler
        self._port: serial.Serial | None = None
        self._peer: Peer = ""
        self._opened = 0
        self._unsent = bytearray()
        self._loop = asyncio.get_running_loop()
        self._retry: asyncio.TimerHandle | None = None
        self._told = ""

    def start(self) -> list[object]:
        """Open the port, now or as soon as that can be done; return its path and speed."""
        self._try()
        return [self._settings.path, self._settings.baud]

    def _try(self) -> None:
        self._retry = None
        try:
            self._port = self._open()
        except (serial.SerialException, OSError, ValueError) as error:
            self._say(f"cannot be opened: {error}")
            self._retry = self._loop.call_later(self._settings.retry_s, self._try)
            return
        self._opened += 1
        self._peer = f"serial:{self._listener}#{self._opened}"
        self._say("is open")
        self._loop.add_reader(self._port.fileno(), self._readable, self._port)
        self._handler.opened(self._peer)

    def stop(self) -> None:
        """Close the port for good."""
        if self._retry:
            self._retry.cancel()
        self._close()

    def send(self, peer: Peer, data: bytes) -> None:
        """Write; what does not fit is dropped with the line that does not take it."""
        if self._port is None or peer != self._peer:
            return
        self._unsent += data
        if len(self._unsent) > _MOST_UNSENT:
            self._lost("it does not take what it is sent")
        else:
            self._write(self._port)

    def _open(self) -> serial.Serial:
        port = self._settings
        return serial.Serial(
            port.path,
            baudrate=port.baud,
            bytesize=port.bits,
            parity=port.parity,
            stopbits=port.stop_bits,
            timeout=0,
            write_timeout=0,
            exclusive=True,
        )

    def _readable(self, port: serial.Serial) -> None:
        try:
            data = port.read(_READ_OCTETS)
        except (serial.SerialException, OSError) as error:
            self._lost(str(error))
            return
        if data:
            self._handler.received(self._peer, data)

    def _write(self, port: serial.Serial) -> None:
        try:
            written = port.write(bytes(self._unsent)) or 0
        except (serial.SerialException, OSError) as error:
            self._lost(str(error))
            return
        del self._unsent[:written]
        if self._unsent:
            self._loop.add_writer(port.fileno(), self._write, port)
        else:
            self._loop.remove_writer(port.fileno())

    def _lost(self, why: str) -> None:
        """The adapter was unplugged, or the line is broken: begin anew."""
        self._say(f"is lost: {why}")
        self._close()
        self._retry = self._loop.call_later(self._settings.retry_s, self._try)
        self._handler.closed(self._peer)

    def _close(self) -> None:
        self._unsent.clear()
        if self._port is not None:
            self._loop.remove_reader(self._port.fileno())
            self._loop.remove_writer(self._port.fileno())
            self._port.close()
            self._port = None

    def _say(self, what: str) -> None:
        """Tell the log what has changed, and not what is still so."""
        if what != self._told:
            log.warning("listener %s: %s %s", self._listener, self._settings.path, what)
        self._told = what
