"""The conversation with one GT06 tracker.

A login is answered at once: it promises nothing. Every other frame that a device waits for is
answered with its type and serial when every event of it is durable, and with silence otherwise. A
time request gets our time at once.
"""

from adapters.gt06.config import Gt06Config
from adapters.gt06.frame import Frame, FrameReader, build
from adapters.gt06.tell import Speaker, Teller
from adapters.per_connection import PerConnection
from adapters.session import Emit, Peer, Send
from adapters.tracker import Connection, Owners, Reading, Unreadable
from routing.event import Event
from routing.instant import Instant, to_datetime

_LOGIN, _TIME_REQUEST, _MODULES = 0x01, 0x8A, 0x70
_UNANSWERED = frozenset((0x15, 0x21, 0x2A, 0x65, 0x66, *range(0x80, 0x85), 0x8C, 0x94, 0x97, 0x9B))
"""Texts, replies to commands and information: the device waits for nothing."""
_IMEI = 8
"""Octets, two digits in each, the first a zero."""


class Gt06Dialogue:
    """What one tracker says, and what it is answered (`Dialogue`)."""

    def __init__(self, teller: Teller, owners: Owners, peer: Peer) -> None:
        self._teller = teller
        self._owners = owners
        self._peer = peer
        self._speaker = Speaker()

    def frame(self, frame: Frame, at: Instant) -> Reading:
        if frame.type == _LOGIN:
            return self._login(frame, at)
        events = self._teller.events(frame, self._speaker, at)
        if frame.type == _TIME_REQUEST:
            answer = build(frame.type, frame.serial, _time(at))
            return Reading(events, at_once=(Send(self._peer, answer),))
        return Reading(events, None if frame.type in _UNANSWERED else _received(frame))

    def undecodable(self, bad: Unreadable, count: int, at: Instant) -> Event:
        return self._teller.undecodable(bad, count, self._speaker.imei, at)

    def closed(self) -> None:
        if self._speaker.imei is not None:
            self._owners.leave(self._speaker.imei, self._peer)

    def _login(self, frame: Frame, at: Instant) -> Reading:
        digits = frame.content[:_IMEI].hex()
        if len(digits) < 2 * _IMEI or not digits.isdecimal():
            bad = Unreadable(frame.content, "the login holds no IMEI")
            return Reading((self.undecodable(bad, 1, at),))
        imei = digits[1:]
        self._speaker = Speaker(imei, _offset_s(frame.content[10:12]))
        alive = (Emit(event) for event in self._teller.login(imei, at))
        earlier = self._owners.take(imei, self._peer)
        return Reading(at_once=(*earlier, Send(self._peer, _received(frame)), *alive))


def _offset_s(extension: bytes) -> int:
    """Return the time zone of a login: hours and minutes as in 0100 above bit 4, bit 3 west."""
    bits = int.from_bytes(extension)
    hours, minutes = divmod(bits >> 4, 100)
    offset_s = (hours * 60 + minutes) * 60
    return -offset_s if bits & 0x8 else offset_s


def _received(frame: Frame) -> bytes:
    """Return type and serial; modules are answered in a short frame."""
    long = frame.long and frame.type != _MODULES
    return build(frame.type, frame.serial, long=long)


def _time(at: Instant) -> bytes:
    now = to_datetime(at)
    return bytes((now.year - 2000, now.month, now.day, now.hour, now.minute, now.second))


def gt06_session(config: Gt06Config) -> PerConnection:
    """Return the `WireSession` of a GT06 listener."""
    teller, owners = Teller(config), Owners()

    def connection(peer: Peer) -> Connection[Frame]:
        dialogue = Gt06Dialogue(teller, owners, peer)
        return Connection(peer, FrameReader(), dialogue, config.answer_within_s)

    return PerConnection(connection)
