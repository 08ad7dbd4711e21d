"""The conversation with one tracker on one TCP connection.

A frame is answered when every event of it is durable (invariant 1), and with silence otherwise.
Unreadable octets become an event at once, then at most one a minute and connection with a count. A
stream without a readable frame for too long is closed, with one event.

    receive -> frames -> events out -> confirm (durable, each of them) -> answer
                                    -> confirm (anything else), or too late -> silence
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from adapters.session import Close, Emit, Outcome, Output, Peer, Send
from adapters.tracker.answers import Answers
from adapters.tracker.cutter import Cutter, Unreadable
from routing.event import Event
from routing.instant import MINUTE, SECOND, Instant

_CUT_AFTER = 5 * SECOND
"""A frame that stands half received this long is cut; what follows it must not wait."""
_TELL_EVERY = MINUTE

F = TypeVar("F")
F_contra = TypeVar("F_contra", contravariant=True)


@dataclass(frozen=True, slots=True)
class Reading:
    """What one frame gives."""

    events: Sequence[Event] = ()
    answer: bytes | None = None
    """Sent when all the events are durable; at once where there are none."""
    at_once: Sequence[Output] = ()
    """What waits for nothing: an answer that promises nothing, the end of an older connection."""


class Dialogue(Protocol[F_contra]):
    """What a protocol makes of frames; one for each connection, as it remembers who speaks."""

    def frame(self, frame: F_contra, at: Instant) -> Reading:
        """Read a frame whose checksum is right."""

    def undecodable(self, bad: Unreadable, count: int, at: Instant) -> Event:
        """Return the event for `count` unreadable stretches, of which `bad` is the last."""

    def closed(self) -> None:
        """The connection has ended."""


class Connection(Generic[F]):
    """One tracker on one TCP connection (`ConnectionSession`)."""

    def __init__(
        self, peer: Peer, cutter: Cutter[F], dialogue: Dialogue[F], answer_within_s: int
    ) -> None:
        self._peer = peer
        self._cutter = cutter
        self._dialogue = dialogue
        self._answers = Answers(answer_within_s * SECOND)
        self._cut_at: Instant | None = None
        self._bad: Unreadable | None = None
        self._bad_count = 0
        self._quiet_until: Instant | None = None

    def receive(self, data: bytes, at: Instant) -> Sequence[Output]:
        if self._cutter.lost:
            return []
        pieces = self._cutter.feed(data)
        if self._cutter.lost:
            return self._lost(pieces, at)
        outputs = self._pieces(pieces, at)
        self._cut_at = at + _CUT_AFTER if self._cutter.waiting else None
        return outputs

    def closed(self, at: Instant) -> Sequence[Output]:
        outputs = self._pieces(self._cutter.give_up(), at)
        self._quiet_until = None
        self._dialogue.closed()
        return [*outputs, *self._tell_bad(at)]

    def confirm(self, event_id: str, outcome: Outcome, at: Instant) -> Sequence[Output]:
        earned = self._answers.confirm(event_id, outcome, at)
        return [Send(self._peer, answer) for answer in earned]

    def next_due(self) -> Instant | None:
        tell = self._quiet_until if self._bad_count else None
        instants = (self._cut_at, tell, self._answers.next_due())
        return min((instant for instant in instants if instant is not None), default=None)

    def due(self, at: Instant) -> Sequence[Output]:
        outputs: list[Output] = []
        self._answers.expire(at)
        if self._cut_at is not None and self._cut_at <= at:
            self._cut_at = None
            outputs += self._pieces(self._cutter.give_up(), at)
        return [*outputs, *self._tell_bad(at)]

    def _lost(self, pieces: Sequence[F | Unreadable], at: Instant) -> list[Output]:
        """Read the frames that are good, tell the rest once, and end the connection."""
        self._cut_at = None
        outputs: list[Output] = []
        for piece in pieces:
            if isinstance(piece, Unreadable):
                self._bad = Unreadable(piece.raw, "no readable frame for too long: closed")
                self._bad_count += 1
            else:
                outputs += self._frame(piece, at)
        self._quiet_until = None
        return [*outputs, *self._tell_bad(at), Close(self._peer)]

    def _pieces(self, pieces: Sequence[F | Unreadable], at: Instant) -> list[Output]:
        outputs: list[Output] = []
        for piece in pieces:
            if isinstance(piece, Unreadable):
                self._bad = piece
                self._bad_count += 1
                outputs += self._tell_bad(at)
            else:
                outputs += self._frame(piece, at)
        return outputs

    def _frame(self, frame: F, at: Instant) -> list[Output]:
        reading = self._dialogue.frame(frame, at)
        outputs = [*reading.at_once, *(Emit(event) for event in reading.events)]
        if reading.answer is None:
            return outputs
        if not reading.events:
            return [*outputs, Send(self._peer, reading.answer)]
        self._answers.owe(reading.answer, (event.id for event in reading.events), at)
        return outputs

    def _tell_bad(self, at: Instant) -> list[Output]:
        """Report unreadable octets, unless some were reported within the minute."""
        if self._bad is None or (self._quiet_until is not None and at < self._quiet_until):
            return []
        event = self._dialogue.undecodable(self._bad, self._bad_count, at)
        self._bad, self._bad_count = None, 0
        self._quiet_until = at + _TELL_EVERY
        return [Emit(event)]
