"""The conversation with one EV-07B pendant.

A frame that asks for an answer gets `AB 00 0300 crc index 7F0100` when every event of it is
durable, and silence otherwise. A time request gets the time at once. The rest is every tracker's
(`adapters/tracker/connection.py`).
"""

from adapters.ev07b.config import Ev07bConfig
from adapters.ev07b.content import FrameType, parse_content
from adapters.ev07b.frame import Frame, FrameReader, build
from adapters.ev07b.tell import Teller
from adapters.per_connection import PerConnection
from adapters.session import Peer
from adapters.tracker import Connection, Reading, Unreadable
from routing.event import Event
from routing.instant import SECOND, Instant


class Ev07bDialogue:
    """What one pendant says, and what it is answered (`Dialogue`)."""

    def __init__(self, teller: Teller) -> None:
        self._teller = teller
        self._imei: str | None = None

    def frame(self, frame: Frame, at: Instant) -> Reading:
        content = parse_content(frame.content)
        self._imei = content.imei or self._imei
        events = self._teller.events(frame, content, self._imei, at)
        if not frame.wants_answer and (events or not content.asks_time):
            return Reading(events)
        answer = _time(frame, at) if content.asks_time else _received(frame)
        return Reading(events, answer)

    def undecodable(self, bad: Unreadable, count: int, at: Instant) -> Event:
        return self._teller.undecodable(bad, count, self._imei or _readable_imei(bad.raw), at)

    def closed(self) -> None:
        """Nothing is kept beyond the connection."""


def _received(frame: Frame) -> bytes:
    return build(frame.index, bytes((FrameType.RESPONSE, 1, 0)))


def _time(frame: Frame, at: Instant) -> bytes:
    """Return the answer to item 0x12: our time, UTC seconds."""
    seconds = (at // SECOND).to_bytes(4, "little")
    return build(frame.index, bytes((FrameType.SERVICES, 5, 0x12)) + seconds)


def _readable_imei(raw: bytes) -> str | None:
    """Return the id in a frame whose checksum is wrong: a hint for the person who looks for it."""
    header_and_item = 11
    return parse_content(raw[8:]).imei if len(raw) > header_and_item else None


def ev07b_session(config: Ev07bConfig) -> PerConnection:
    """Return the `WireSession` of an EV-07B listener."""
    teller = Teller(config)

    def connection(peer: Peer) -> Connection[Frame]:
        return Connection(peer, FrameReader(), Ev07bDialogue(teller), config.answer_within_s)

    return PerConnection(connection)
