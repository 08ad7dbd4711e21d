"""The conversation with the panels of one listener, over UDP and TCP.

    receive -> lines -> judged -> events out -> confirm (durable, each) -> ACK or DUH
                               -> NAK at once   confirm (anything else), or too late -> silence

A datagram is read as one or more whole lines; a TCP connection stays open, as many frames as the
panel likes. Unreadable octets become an event at once, then at most one a minute and sender.
"""

from collections import OrderedDict
from collections.abc import Sequence

from adapters.floods import Floods
from adapters.session import Close, Emit, Outcome, Output, Peer, Send
from adapters.sia_dc09.answers import Answer, Waiting, octets_of
from adapters.sia_dc09.config import SiaDc09Config
from adapters.sia_dc09.crypt import Entropy
from adapters.sia_dc09.frame import Frame, Piece, Unreadable
from adapters.sia_dc09.judge import Judge, Keys
from adapters.sia_dc09.reader import StreamReader
from routing.event import Event
from routing.instant import SECOND, Instant
from routing.kinds import Kind

_CUT_AFTER = 5 * SECOND
"""A line that stands half received this long is read as it is."""


class SiaDc09Session:
    """A `WireSession`: all panels of one listener."""

    def __init__(self, config: SiaDc09Config, keys: Keys, entropy: Entropy) -> None:
        """`keys` by account (in capitals); `entropy` gives random octets for padding."""
        self._judge = Judge(config, keys)
        self._entropy = entropy
        self._waiting = Waiting(config.answer_within_s * SECOND)
        self._floods = Floods()
        self._streams: dict[Peer, StreamReader] = {}
        self._cuts: OrderedDict[Peer, Instant] = OrderedDict()
        """When a half received line is cut; all wait equally long, so the first is due first."""

    def opened(self, peer: Peer, at: Instant) -> Sequence[Output]:
        self._streams[peer] = StreamReader()
        return ()

    def receive(self, peer: Peer, data: bytes, at: Instant) -> Sequence[Output]:
        if peer.startswith("udp:"):
            reader = StreamReader()
            return self._pieces(peer, [*reader.feed(data), *reader.give_up()], at)
        reader = self._streams.setdefault(peer, StreamReader())
        outputs = self._pieces(peer, reader.feed(data), at)
        if not reader.waiting:
            self._cuts.pop(peer, None)
        else:
            self._cuts.setdefault(peer, at + _CUT_AFTER)
        return [*outputs, Close(peer)] if reader.lost else outputs

    def closed(self, peer: Peer, at: Instant) -> Sequence[Output]:
        self._cuts.pop(peer, None)
        reader = self._streams.pop(peer, None)
        return [] if reader is None else self._pieces(peer, reader.give_up(), at)

    def confirm(self, event_id: str, outcome: Outcome, at: Instant) -> Sequence[Output]:
        ready = self._waiting.confirm(event_id, outcome, at)
        return [self._send(answer, at) for answer in ready]

    def next_due(self) -> Instant | None:
        cut = next(iter(self._cuts.values()), None)
        dues = (self._waiting.next_due(), self._floods.next_due(), cut)
        return min((due for due in dues if due is not None), default=None)

    def due(self, at: Instant) -> Sequence[Output]:
        self._waiting.due(at)
        outputs: list[Output] = [Emit(event) for event in self._floods.due(at)]
        while (first := next(iter(self._cuts.items()), None)) is not None and first[1] <= at:
            peer, _ = self._cuts.popitem(last=False)
            outputs += self._pieces(peer, self._streams[peer].give_up(), at)
        return outputs

    def _pieces(self, peer: Peer, pieces: Sequence[Piece], at: Instant) -> list[Output]:
        outputs: list[Output] = []
        for piece in pieces:
            if isinstance(piece, Frame):
                outputs += self._frame(peer, piece, at)
            else:
                outputs += self._unreadable(peer, piece, at)
        return outputs

    def _frame(self, peer: Peer, frame: Frame, at: Instant) -> list[Output]:
        verdict = self._judge.judge(frame, at)
        events = [one for event in verdict.events for one in self._told(peer, event, at)]
        outputs: list[Output] = [Emit(event) for event in events]
        if verdict.reply is None:
            return outputs
        answer = Answer(peer, frame, verdict.reply, verdict.account, verdict.key)
        if verdict.at_once or not events:
            return [*outputs, self._send(answer, at)]
        self._waiting.add(answer, {event.id for event in events}, at)
        return outputs

    def _unreadable(self, peer: Peer, piece: Unreadable, at: Instant) -> list[Output]:
        event = self._judge.teller.undecodable(piece.raw, piece.reason, None, at)
        return [Emit(one) for one in self._told(peer, event, at)]

    def _told(self, peer: Peer, event: Event, at: Instant) -> list[Event]:
        if event.type is not Kind.FRAME_UNDECODABLE:
            return [event]
        return self._floods.passes(_host(peer), event, at)

    def _send(self, answer: Answer, at: Instant) -> Send:
        return Send(answer.peer, octets_of(answer, at, self._entropy))


def _host(peer: Peer) -> str:
    """Return the address without its port: `udp:10.0.0.7:5000` and `tcp:10.0.0.7:40112#7`."""
    return peer.partition(":")[2].rpartition(":")[0]
