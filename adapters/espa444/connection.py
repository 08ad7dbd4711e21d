"""The conversation on one line, as a station that is polled and selected.

    1 ENQ  2 ENQ  ->  ACK         selected: a block follows
           2 ENQ  ->  EOT         polled: there is nothing to send (or what we have to say)
    SOH ... BCC   ->  (hub) ACK   every event of it is durable
                  ->  NAK         wrong check character at once; no durable event in time

After ENQ the answer to an earlier block is not given any more: it would be taken for the answer to
what follows.
"""

from collections.abc import Sequence

from adapters.espa444.answers import Waiting
from adapters.espa444.config import Espa444Config
from adapters.espa444.noise import Noises
from adapters.espa444.reader import ACK, EOT, NAK, End, Enquiry, Framed, Noise, Piece, Reader
from adapters.espa444.statuses import StatusBack
from adapters.espa444.tell import Teller
from adapters.session import Emit, Outcome, Output, Peer, Send
from routing.instant import SECOND, Instant

_SELECT_WITHIN = 2_500_000
"""Between `1 ENQ` and `2 ENQ` of a selection."""
_BLOCK_WITHIN = 15 * SECOND


class Connection:
    """A `ConnectionSession`; octets may come from a socket or a serial port."""

    def __init__(self, peer: Peer, config: Espa444Config, teller: Teller, back: StatusBack) -> None:
        self._peer, self._config, self._teller, self._back = peer, config, teller, back
        self._reader = Reader(strip_parity=config.strip_parity)
        self._noises = Noises()
        self._waiting = Waiting(config.answer_within_s * SECOND)
        self._control_at: Instant | None = None
        self._other: str | None = None
        """The station that is selected, where it is not we."""
        self._cut_due: Instant | None = None

    def receive(self, data: bytes, at: Instant) -> Sequence[Output]:
        outputs: list[Output] = []
        if self._back.speaking(self._peer):
            outputs += self._send(self._back.heard(self._peer, data, at))
        for piece in self._reader.feed(data):
            outputs += self._piece(piece, at)
        if not self._reader.waiting:
            self._cut_due = None
        elif self._cut_due is None:
            self._cut_due = at + _BLOCK_WITHIN
        return outputs

    def closed(self, at: Instant) -> Sequence[Output]:
        self._back.gone(self._peer)
        outputs = [one for piece in self._reader.give_up() for one in self._piece(piece, at)]
        told = [one for one in outputs if isinstance(one, Emit)]
        return [*told, *self._tell(self._noises.rest(at), at)]

    def confirm(self, event_id: str, outcome: Outcome, at: Instant) -> Sequence[Output]:
        if outcome is Outcome.BUSY:
            return self._send(NAK) if self._waiting.refuse(event_id) else []
        if outcome is not Outcome.DURABLE:
            return []  # the block's time runs out, and then it is refused
        content = self._waiting.durable(event_id)
        return [] if content is None else self._accept(content)

    def next_due(self) -> Instant | None:
        dues = (self._waiting.due_at, self._cut_due, self._noises.next_due())
        return min((due for due in dues if due is not None), default=None)

    def due(self, at: Instant) -> Sequence[Output]:
        outputs: list[Output] = []
        if self._waiting.due_at is not None and self._waiting.due_at <= at:
            self._waiting.drop()
            outputs += self._send(NAK)
        if self._cut_due is not None and self._cut_due <= at:
            self._cut_due = None
            outputs += [one for piece in self._reader.give_up() for one in self._piece(piece, at)]
        return [*outputs, *self._tell(self._noises.due(at), at)]

    def _piece(self, piece: Piece, at: Instant) -> Sequence[Output]:
        match piece:
            case Enquiry(address):
                return self._enquiry(address, at)
            case End():
                self._other = self._control_at = None
                return []
            case Framed():
                return self._block(piece, at)
            case Noise(cut=cut):
                refused = self._send(NAK) if cut and self._other is None else []
                return [*refused, *self._tell(self._noises.noise(piece, at), at)]

    def _enquiry(self, address: str, at: Instant) -> Sequence[Output]:
        self._waiting.drop()
        selecting, self._control_at = self._control_at, None
        if address == self._config.control and address != self._config.station:
            self._control_at = at
            return []
        self._other = None if address in ("", self._config.station) else address
        if self._other is not None:
            return []
        selected = selecting is not None and at - selecting <= _SELECT_WITHIN
        if selected or not address:
            return self._send(ACK)
        return self._send(self._back.polled(self._peer, at) or EOT)

    def _block(self, block: Framed, at: Instant) -> Sequence[Output]:
        if self._other is not None:
            return []
        self._waiting.drop()
        if not block.sound:
            noise = Noise(block.octets, "wrong check character (BCC)")
            return [*self._send(NAK), *self._tell(self._noises.unsound(noise, at), at)]
        self._noises.sound()
        events = self._teller.events(block.content, at)
        self._waiting.wait({event.id for event in events}, block.content, at)
        return [Emit(event) for event in events]

    def _accept(self, content: bytes) -> Sequence[Output]:
        self._teller.acknowledged(content)
        return self._send(ACK)

    def _tell(self, noises: list[tuple[Noise, int]], at: Instant) -> list[Output]:
        return [Emit(self._teller.undecodable(noise, count, at)) for noise, count in noises]

    def _send(self, octets: int | bytes | None) -> list[Output]:
        if octets is None:
            return []
        data = bytes((octets,)) if isinstance(octets, int) else octets
        return [Send(self._peer, data)]
