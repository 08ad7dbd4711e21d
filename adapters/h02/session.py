"""The conversation with one H02 tracker.

A text frame is answered `*HQ,<id>,V4,<type>,<yyyymmddhhmmss>#`, with our time in UTC, when every
event of it is durable, and with silence otherwise; a heartbeat (V0, HTBT) gets its own type back.
V4 is itself an answer and gets none, nor does a binary frame.
"""

from adapters.h02.config import H02Config
from adapters.h02.frame import Frame, FrameReader, Text, build
from adapters.h02.tell import Teller
from adapters.per_connection import PerConnection
from adapters.session import Peer
from adapters.tracker import Connection, Owners, Reading, Unreadable
from routing.event import Event
from routing.instant import Instant, to_datetime

_ANSWER = "V4"
_HEARTBEATS = ("V0", "HTBT")


class H02Dialogue:
    """What one tracker says, and what it is answered (`Dialogue`)."""

    def __init__(self, teller: Teller, owners: Owners, peer: Peer) -> None:
        self._teller = teller
        self._owners = owners
        self._peer = peer
        self._device: str | None = None

    def frame(self, frame: Frame, at: Instant) -> Reading:
        self._device = frame.id
        earlier = self._owners.take(frame.id, self._peer)
        return Reading(self._teller.events(frame, at), _answer(frame, at), earlier)

    def undecodable(self, bad: Unreadable, count: int, at: Instant) -> Event:
        return self._teller.undecodable(bad, count, self._device, at)

    def closed(self) -> None:
        if self._device is not None:
            self._owners.leave(self._device, self._peer)


def _answer(frame: Frame, at: Instant) -> bytes | None:
    if not isinstance(frame, Text) or frame.type == _ANSWER:
        return None
    if frame.type in _HEARTBEATS:
        return build(frame, frame.type)
    return build(frame, f"{_ANSWER},{frame.type},{to_datetime(at):%Y%m%d%H%M%S}")


def h02_session(config: H02Config) -> PerConnection:
    """Return the `WireSession` of an H02 listener."""
    teller, owners = Teller(config), Owners()

    def connection(peer: Peer) -> Connection[Frame]:
        dialogue = H02Dialogue(teller, owners, peer)
        reader = FrameReader(config.binary_octets)
        return Connection(peer, reader, dialogue, config.answer_within_s)

    return PerConnection(connection)
