"""The conversation with one Teltonika tracker.

A login is answered with `01` at once: it promises nothing. A data frame is answered with the number
of its records when every event of it is durable, and with silence otherwise, so that the device
sends it again. A frame in a codec that is not read is never answered: the device must not believe
that its presses arrive.
"""

from adapters.per_connection import PerConnection
from adapters.session import Emit, Peer, Send
from adapters.teltonika.config import TeltonikaConfig
from adapters.teltonika.frame import Data, FrameReader, Login, TeltonikaFrame
from adapters.teltonika.records import LAYOUTS
from adapters.teltonika.tell import Teller
from adapters.tracker import Connection, Owners, Reading, Unreadable
from routing.event import Event
from routing.instant import Instant

_ACCEPTED = b"\x01"


class TeltonikaDialogue:
    """What one tracker says, and what it is answered (`Dialogue`)."""

    def __init__(self, teller: Teller, owners: Owners, peer: Peer) -> None:
        self._teller = teller
        self._owners = owners
        self._peer = peer
        self._imei: str | None = None

    def frame(self, frame: TeltonikaFrame, at: Instant) -> Reading:
        if isinstance(frame, Login):
            return self._login(frame.imei, at)
        events = self._teller.events(frame, self._imei, at)
        return Reading(events, _received(frame) if frame.codec in LAYOUTS else None)

    def undecodable(self, bad: Unreadable, count: int, at: Instant) -> Event:
        return self._teller.undecodable(bad, count, self._imei, at)

    def closed(self) -> None:
        if self._imei is not None:
            self._owners.leave(self._imei, self._peer)

    def _login(self, imei: str, at: Instant) -> Reading:
        self._imei = imei
        alive = (Emit(event) for event in self._teller.login(imei, at))
        earlier = self._owners.take(imei, self._peer)
        return Reading(at_once=(*earlier, Send(self._peer, _ACCEPTED), *alive))


def _received(data: Data) -> bytes:
    return data.count.to_bytes(4)


def teltonika_session(config: TeltonikaConfig) -> PerConnection:
    """Return the `WireSession` of a Teltonika listener."""
    teller, owners = Teller(config), Owners()

    def connection(peer: Peer) -> Connection[TeltonikaFrame]:
        dialogue = TeltonikaDialogue(teller, owners, peer)
        return Connection(peer, FrameReader(), dialogue, config.answer_within_s)

    return PerConnection(connection)
