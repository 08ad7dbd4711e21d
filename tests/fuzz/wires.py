"""Drives a session over sockets: several peers, frames cut anywhere, every outcome of the hub."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from adapters.protocol import Wire
from adapters.protocols import PROTOCOLS
from adapters.session import Close, Emit, Keep, Outcome, Output, Send, ToldWire, WireSession
from routing.instant import SECOND, Instant
from tests.fuzz.mutate import cut
from tests.fuzz.source import Frame, Source
from tests.fuzz.tally import Tally, Violation
from tests.fuzz.told import OFTEN, Hub

PEERS = 6
_ANSWERED = 0.9
"""Of events; for the others the hub's answer is late, or never comes."""
_OUTCOMES = (Outcome.DURABLE, Outcome.DURABLE, Outcome.BUSY, Outcome.FAILED)
_MOST_LATE = 64
_NOTICEABLE = 16
"""Octets of noise on a connection; fewer could be fillers by chance."""


@dataclass(slots=True)
class Line:
    """One peer."""

    peer: str
    stream: bool
    noise: bool = True
    sent: int = 0
    outputs: int = 0


class WireDrive:
    """One session and its peers."""

    def __init__(self, name: str, session: WireSession, random: Random, tally: Tally) -> None:
        protocol = PROTOCOLS[name]
        assert isinstance(protocol, Wire)
        self._session, self._random, self._tally = session, random, tally
        self._datagrams = protocol.udp is not None
        self._source = Source(name, random)
        self._hub = Hub(random)
        self._late: list[str] = []
        self._numbers = 0
        self.last = Frame(b"", True, self._source.frame(noise=True).row)
        self._lines = [self._opened(0) for _ in range(PEERS)]

    def step(self, at: Instant) -> None:
        """Send one frame, and what else happens meanwhile."""
        due = self._session.next_due()
        if due is not None and due <= at:
            self._due(at)
        place = self._random.randrange(PEERS)
        line = self._lines[place]
        self.last = frame = self._source.frame(noise=line.noise)
        self._send(line, frame, at)
        if not line.stream or self._random.random() < 0.12:
            self._end(place, at)
        if isinstance(self._session, ToldWire) and self._random.random() < OFTEN:
            self._take(self._session.told(self._hub.message(at), at), at)

    def finish(self, at: Instant) -> None:
        """Every connection ends."""
        for place in range(PEERS):
            self._end(place, at)

    def _opened(self, at: Instant) -> Line:
        self._numbers += (
            1  # Each host is a new one: the noise of one that is known may be held back.
        )
        stream = not self._datagrams or self._random.random() < 0.5
        host = f"10.{'.'.join(map(str, self._numbers.to_bytes(3)))}"
        if not stream:
            port = self._random.randrange(1024, 65_536)
            return Line(f"udp:{host}:{port}", False, self._random.random() < 0.5)
        line = Line(f"tcp:{host}:40112#{self._numbers}", True, self._random.random() < 0.5)
        self._take(self._session.opened(line.peer, at), at)
        return line

    def _send(self, line: Line, frame: Frame, at: Instant) -> None:
        pieces = cut(self._random, frame.octets) if line.stream else [frame.octets]
        line.sent += len(frame.octets)
        for piece in pieces:
            outputs = self._session.receive(line.peer, piece, at)
            line.outputs += len(outputs)
            if line.peer in self._take(outputs, at):
                self._end(self._lines.index(line), at)
                return

    def _due(self, at: Instant) -> None:
        """Time has come. Whose noise an event tells of, it does not say: it may be anybody's."""
        outputs = self._session.due(at)
        told = sum(isinstance(output, Emit) for output in outputs)
        for line in self._lines:
            line.outputs += told
        gone = self._take(outputs, at)
        for place, line in enumerate(self._lines):
            if line.peer in gone:
                line.outputs += 1
                self._end(place, at)

    def _end(self, place: int, at: Instant) -> None:
        line = self._lines[place]
        if line.stream:
            outputs = self._session.closed(line.peer, at)
            line.outputs += len(outputs)
            self._take(outputs, at)
        if not line.outputs:
            self._unseen(line)
        self._lines[place] = self._opened(at)

    def _unseen(self, line: Line) -> None:
        """Nothing is dropped: noise on a connection of its own is told, or refused."""
        if not line.noise:
            self._tally.quiet += 1
        elif line.stream and line.sent >= _NOTICEABLE:
            raise Violation(f"{line.sent} octets of noise on {line.peer} were dropped unseen")

    def _take(self, outputs: Sequence[Output], at: Instant) -> set[str]:
        """Count the outputs and answer events as the hub would; return the peers let go."""
        gone: set[str] = set()
        waiting = list(outputs)
        while waiting:
            output = waiting.pop(0)
            match output:
                case Emit(event=event):
                    self._tally.note((event,))
                    self._hub.hear(event)
                    waiting += self._answer(event.id, at)
                case Send(data=bytes()):
                    self._tally.replies += 1
                case Close(peer=peer):
                    gone.add(peer)
                case Keep(key=str()):
                    pass
                case _:
                    raise Violation(f"{output!r} is no output")
        return gone

    def _answer(self, event_id: str, at: Instant) -> Sequence[Output]:
        if self._random.random() < _ANSWERED:
            return self._session.confirm(event_id, self._random.choice(_OUTCOMES), at)
        self._late.append(event_id)
        if len(self._late) < _MOST_LATE:
            return ()
        late = self._late.pop(self._random.randrange(_MOST_LATE))
        later = at + self._random.randrange(SECOND)
        return self._session.confirm(late, self._random.choice(_OUTCOMES), later)
