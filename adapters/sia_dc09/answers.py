"""What a panel hears: ACK, DUH, NAK (DC-09, 5.5.3), and the answers that wait for the hub.

An answer to an encrypted frame is encrypted, with our time; NAK never is. The hub's "busy" and
"failed" are silence: NAK would tell the panel that its clock is wrong, and DUH that its message is.
A panel that hears nothing sends again and then takes its next way, which is what is wanted.
"""

from collections import OrderedDict, defaultdict
from dataclasses import dataclass, field
from enum import StrEnum

from adapters.session import Outcome, Peer
from adapters.sia_dc09.content import stamp_text
from adapters.sia_dc09.crypt import Entropy, encrypt
from adapters.sia_dc09.frame import OH, Frame, build
from routing.instant import Instant


class Reply(StrEnum):
    """The three answers."""

    ACK = "ACK"
    DUH = "DUH"
    """The frame came whole and says nothing that is known: try another format or another way."""
    NAK = "NAK"
    """The time in the frame is not ours; the answer carries ours. Or no key opens the frame."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Everything an answer needs but the time."""

    peer: Peer
    frame: Frame
    reply: Reply
    account: str | None
    key: bytes | None = None
    """Encrypts the answer."""


def octets_of(answer: Answer, at: Instant, entropy: Entropy) -> bytes:
    """Return the answer as it goes out now."""
    frame, reply = answer.frame, answer.reply
    if frame.id == OH:
        return f'"{reply}"'.encode()
    if reply is Reply.NAK:
        return _framed(frame, f'"NAK"0000R0L0A0[]{stamp_text(at)}')
    echo = frame.echo
    if frame.account is None and answer.account is not None:
        echo += f"#{answer.account}"
    if answer.key is None:
        return _framed(frame, f'"{reply}"{echo}[]')
    sealed = encrypt(f"]{stamp_text(at)}", answer.key, entropy)
    return _framed(frame, f'"*{reply}"{echo}[{sealed}')


def _framed(frame: Frame, content: str) -> bytes:
    return build(content, binary_crc=frame.binary_crc)


@dataclass(slots=True)
class _Pending:
    answer: Answer
    until: Instant
    needed: set[str] = field(default_factory=set)


class Waiting:
    """The answers that wait, all with the same patience; of too many the oldest is silence."""

    def __init__(self, patience: Instant, limit: int = 4_096) -> None:
        self._patience, self._limit = patience, limit
        self._count = 0
        self._pending: OrderedDict[int, _Pending] = OrderedDict()
        self._by_event: defaultdict[str, set[int]] = defaultdict(set)

    def add(self, answer: Answer, needed: set[str], at: Instant) -> None:
        """Let an answer wait until every event it needs is durable."""
        self._count += 1
        self._pending[self._count] = _Pending(answer, at + self._patience, set(needed))
        for event_id in needed:
            self._by_event[event_id].add(self._count)
        if len(self._pending) > self._limit:
            self._drop(next(iter(self._pending)))

    def confirm(self, event_id: str, outcome: Outcome, at: Instant) -> list[Answer]:
        """Take the hub's word; return the answers that may leave now."""
        ready = []
        for number in sorted(self._by_event.pop(event_id, ())):
            pending = self._pending[number]
            pending.needed.discard(event_id)
            if pending.needed and outcome is Outcome.DURABLE:
                continue
            self._drop(number)
            if outcome is Outcome.DURABLE and at <= pending.until:
                ready.append(pending.answer)
        return ready

    def next_due(self) -> Instant | None:
        return next(iter(self._pending.values())).until if self._pending else None

    def due(self, at: Instant) -> None:
        """Forget the answers that would come too late."""
        while (first := self.next_due()) is not None and first <= at:
            self._drop(next(iter(self._pending)))

    def _drop(self, number: int) -> None:
        for event_id in self._pending.pop(number).needed:
            self._by_event[event_id].discard(number)
            if not self._by_event[event_id]:
                del self._by_event[event_id]
