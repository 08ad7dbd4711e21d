"""The conversation with one EV-07B pendant.

A frame that asks for an answer gets `AB 00 0300 crc index 7F0100` when every event of it is durable
(invariant 1), and silence otherwise: the protocol has no "busy", and a device that hears nothing
sends again. A time request gets the time at once. Unreadable octets become an event at once, then
at most one a minute and connection with a count. A stream without a readable frame for too long is
closed, with one event.

    receive -> frames -> events out -> confirm (durable, each of them) -> answer
                                    -> confirm (anything else), or too late -> silence
"""

from collections.abc import Sequence
from dataclasses import dataclass

from adapters.ev07b.config import Ev07bConfig
from adapters.ev07b.content import FrameType, parse_content
from adapters.ev07b.frame import Frame, FrameReader, Piece, Unreadable, build
from adapters.ev07b.tell import Teller
from adapters.per_connection import PerConnection
from adapters.session import Close, Emit, Outcome, Output, Peer, Send
from routing.instant import MINUTE, SECOND, Instant

_CUT_AFTER = 5 * SECOND
"""A frame that stands half received this long is cut; what follows it must not wait."""
_TELL_EVERY = MINUTE
_MOST_PENDING = 256
"""Answers waited for on one connection; the oldest gives way to silence."""


@dataclass(slots=True)
class _Pending:
    events: set[str]
    answer: bytes
    until: Instant


class Ev07bConnection:
    """One pendant on one TCP connection (`ConnectionSession`)."""

    def __init__(self, config: Ev07bConfig, teller: Teller, peer: Peer) -> None:
        self._answer_within = config.answer_within_s * SECOND
        self._teller = teller
        self._peer = peer
        self._reader = FrameReader()
        self._imei: str | None = None
        self._pending: list[_Pending] = []
        self._cut_at: Instant | None = None
        self._bad: Unreadable | None = None
        self._bad_count = 0
        self._quiet_until: Instant | None = None

    def receive(self, data: bytes, at: Instant) -> Sequence[Output]:
        if self._reader.lost:
            return []
        pieces = self._reader.feed(data)
        if self._reader.lost:
            return self._lost(pieces, at)
        outputs = self._pieces(pieces, at)
        self._cut_at = at + _CUT_AFTER if self._reader.waiting else None
        return outputs

    def closed(self, at: Instant) -> Sequence[Output]:
        outputs = self._pieces(self._reader.give_up(), at)
        self._quiet_until = None
        return [*outputs, *self._tell_bad(at)]

    def confirm(self, event_id: str, outcome: Outcome, at: Instant) -> Sequence[Output]:
        concerned = [pending for pending in self._pending if event_id in pending.events]
        if outcome is not Outcome.DURABLE:
            self._pending = [pending for pending in self._pending if pending not in concerned]
            return []
        for pending in concerned:
            pending.events.discard(event_id)
        answered = [pending for pending in concerned if not pending.events]
        self._pending = [pending for pending in self._pending if pending.events]
        return [Send(self._peer, pending.answer) for pending in answered if at <= pending.until]

    def next_due(self) -> Instant | None:
        tell = self._quiet_until if self._bad_count else None
        answers = (pending.until for pending in self._pending)
        instants = (self._cut_at, tell, min(answers, default=None))
        return min((instant for instant in instants if instant is not None), default=None)

    def due(self, at: Instant) -> Sequence[Output]:
        outputs: list[Output] = []
        self._pending = [pending for pending in self._pending if pending.until > at]
        if self._cut_at is not None and self._cut_at <= at:
            self._cut_at = None
            outputs += self._pieces(self._reader.give_up(), at)
        return [*outputs, *self._tell_bad(at)]

    def _lost(self, pieces: Sequence[Piece], at: Instant) -> list[Output]:
        """Read the frames that are good, tell the rest once, and end the connection."""
        self._cut_at = None
        outputs: list[Output] = []
        for piece in pieces:
            if isinstance(piece, Frame):
                outputs += self._frame(piece, at)
            else:
                self._bad = Unreadable(piece.raw, "no readable frame for too long: closed")
                self._bad_count += 1
        self._quiet_until = None
        return [*outputs, *self._tell_bad(at), Close(self._peer)]

    def _pieces(self, pieces: Sequence[Piece], at: Instant) -> list[Output]:
        outputs: list[Output] = []
        for piece in pieces:
            if isinstance(piece, Frame):
                outputs += self._frame(piece, at)
            else:
                self._bad = piece
                self._bad_count += 1
                outputs += self._tell_bad(at)
        return outputs

    def _frame(self, frame: Frame, at: Instant) -> list[Output]:
        content = parse_content(frame.content)
        self._imei = content.imei or self._imei
        events = self._teller.events(frame, content, self._imei, at)
        outputs: list[Output] = [Emit(event) for event in events]
        answer = _time(frame, at) if content.asks_time else _received(frame)
        if events and frame.wants_answer:
            self._pending = self._pending[-_MOST_PENDING + 1 :]
            ids = {event.id for event in events}
            self._pending.append(_Pending(ids, answer, at + self._answer_within))
        elif frame.wants_answer or content.asks_time:
            outputs.append(Send(self._peer, answer))
        return outputs

    def _tell_bad(self, at: Instant) -> list[Output]:
        """Report unreadable octets, unless some were reported within the minute."""
        if self._bad is None or (self._quiet_until is not None and at < self._quiet_until):
            return []
        imei = self._imei or _readable_imei(self._bad.raw)
        event = self._teller.undecodable(self._bad, self._bad_count, imei, at)
        self._bad, self._bad_count = None, 0
        self._quiet_until = at + _TELL_EVERY
        return [Emit(event)]


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
    return PerConnection(lambda peer: Ev07bConnection(config, teller, peer))
