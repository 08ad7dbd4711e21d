"""The conversation with one SeTracker watch.

`AL`, `LK` and the other types that a watch waits for are answered when every event of the frame is
durable, and with silence otherwise; a position expects no answer.
"""

from adapters.per_connection import PerConnection
from adapters.session import Peer
from adapters.setracker.config import SetrackerConfig
from adapters.setracker.frame import Frame, FrameReader, build
from adapters.setracker.status import answer
from adapters.setracker.tell import Teller
from adapters.tracker import Connection, Owners, Reading, Unreadable
from routing.event import Event
from routing.instant import Instant


class SetrackerDialogue:
    """What one watch says, and what it is answered (`Dialogue`)."""

    def __init__(self, teller: Teller, owners: Owners, peer: Peer) -> None:
        self._teller = teller
        self._owners = owners
        self._peer = peer
        self._device: str | None = None

    def frame(self, frame: Frame, at: Instant) -> Reading:
        self._device = frame.id
        earlier = self._owners.take(frame.id, self._peer)
        words = answer(frame)
        reply = None if words is None else build(frame, words)
        return Reading(self._teller.events(frame, at), reply, earlier)

    def undecodable(self, bad: Unreadable, count: int, at: Instant) -> Event:
        return self._teller.undecodable(bad, count, self._device, at)

    def closed(self) -> None:
        if self._device is not None:
            self._owners.leave(self._device, self._peer)


def setracker_session(config: SetrackerConfig) -> PerConnection:
    """Return the `WireSession` of a SeTracker listener."""
    teller, owners = Teller(config), Owners()

    def connection(peer: Peer) -> Connection[Frame]:
        dialogue = SetrackerDialogue(teller, owners, peer)
        return Connection(peer, FrameReader(), dialogue, config.answer_within_s)

    return PerConnection(connection)
