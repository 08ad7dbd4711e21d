"""What the control station is told when it polls us: that a call is accepted, or over.

2 ENQ (poll)  ->  1 ENQ      we select the control station
ACK           ->  block      header 2, the room, call status 6 (answered) or 5 (terminated)
ACK or NAK    ->  EOT        NAK: the same again at the next poll, three times in all
"""

from dataclasses import dataclass, field

from adapters.espa444.block import RS, STX, US
from adapters.espa444.config import Espa444Config
from adapters.espa444.reader import ACK, ENQ, EOT, ETX, NAK, SOH, bcc
from adapters.recent import Bounded
from adapters.session import Peer
from routing.instant import SECOND, Instant
from routing.lifecycle import Phase

_ANSWER_WITHIN = 15 * SECOND
_MOST_TRIES = 3
_MOST_WAITING = 256
_ANSWERED, _TERMINATED = b"6", b"5"


@dataclass(slots=True)
class _Turn:
    """We have the line."""

    room: str
    until: Instant
    block_sent: bool = field(default=False)


class StatusBack:
    """What waits to be told, newest for each room; shared by a listener's connections."""

    def __init__(self, config: Espa444Config) -> None:
        self._config = config
        self._waiting: Bounded[str, tuple[bytes, int]] = Bounded(_MOST_WAITING)
        """Room to call status and how often it was tried."""
        self._turns: dict[Peer, _Turn] = {}

    def tell(self, room: str, phase: Phase) -> None:
        """A call of this room has come to another phase."""
        if self._config.status_back and room and phase is not Phase.LOOKING:
            status = _TERMINATED if phase is Phase.CLOSED else _ANSWERED
            self._waiting.put(room, (status, 0))

    def polled(self, peer: Peer, at: Instant) -> bytes | None:
        """Return what begins our turn, or None when there is nothing to say."""
        room = next(iter(self._waiting), None)
        if room is None:
            return None
        self._turns[peer] = _Turn(room, at + _ANSWER_WITHIN)
        return self._config.control.encode() + bytes((ENQ,))

    def speaking(self, peer: Peer) -> bool:
        """Whether it is our turn on this line."""
        return peer in self._turns

    def heard(self, peer: Peer, data: bytes, at: Instant) -> bytes | None:
        """Return what follows the control station's answer; what is none of it ends our turn."""
        turn = self._turns[peer]
        status, tries = self._waiting.get(turn.room, (b"", 0))
        answer = data[0] if data else 0
        if answer == ACK and not turn.block_sent and status and at <= turn.until:
            turn.block_sent = True
            return _block(turn.room, status)
        del self._turns[peer]
        if (answer == ACK and turn.block_sent) or tries + 1 >= _MOST_TRIES:
            self._waiting.pop(turn.room, None)
        elif status:
            self._waiting[turn.room] = (status, tries + 1)
        return bytes((EOT,)) if answer in (ACK, NAK) else None

    def gone(self, peer: Peer) -> None:
        """The line has ended."""
        self._turns.pop(peer, None)


def _block(room: str, status: bytes) -> bytes:
    name = room.encode("latin-1", "replace")
    body = b"2" + STX + b"1" + US + name + RS + b"7" + US + status + bytes((ETX,))
    return bytes((SOH,)) + body + bytes((bcc(body),))
