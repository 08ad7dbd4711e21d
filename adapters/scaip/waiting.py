"""Answers that wait for the hub: positive only after the commit, hold when it takes too long."""

from collections import OrderedDict, defaultdict
from dataclasses import dataclass

from adapters.scaip.body import Reading
from adapters.scaip.codes import Snu
from adapters.scaip.config import ReplyStyle
from adapters.scaip.sip_message import SipRequest
from adapters.scaip.transactions import ServerKey
from adapters.session import Outcome, Peer
from routing.instant import Instant

_SNU = {
    Outcome.DURABLE: Snu.OK,
    Outcome.BUSY: Snu.BUSY,
    # Not hold: a unit with a second receiver should try it now; one without tries us again anyway.
    Outcome.FAILED: Snu.NOT_TREATED,
}
_GRAVITY = (Snu.OK, Snu.BUSY, Snu.NOT_TREATED)


@dataclass(frozen=True, slots=True)
class Answer:
    """Everything an answer needs but its status."""

    request: SipRequest
    peer: Peer
    key: ServerKey
    style: ReplyStyle
    reading: Reading


@dataclass(slots=True)
class _Pending:
    answer: Answer
    needed: set[str]
    due_at: Instant
    worst: Snu = Snu.OK


class Waiting:
    """The waiting answers, all with the same patience; at most `limit`."""

    def __init__(self, limit: int, wait: Instant) -> None:
        self._limit = limit
        self._wait = wait
        self._count = 0
        self._pending: OrderedDict[int, _Pending] = OrderedDict()
        self._by_event: defaultdict[str, list[int]] = defaultdict(list)

    def add(self, answer: Answer, needed: frozenset[str], at: Instant) -> list[Answer]:
        """Let an answer wait; return those that must leave as hold to make room."""
        self._count += 1
        self._pending[self._count] = _Pending(answer, set(needed), at + self._wait)
        for event_id in needed:
            self._by_event[event_id].append(self._count)
        return [self._pop_first()] if len(self._pending) > self._limit else []

    def confirm(self, event_id: str, outcome: Outcome) -> list[tuple[Answer, Snu]]:
        """Take the hub's word; return the answers that now know all they need."""
        ready = []
        for number in self._by_event.pop(event_id, []):
            pending = self._pending[number]
            pending.needed.discard(event_id)
            pending.worst = max(pending.worst, _SNU[outcome], key=_GRAVITY.index)
            if not pending.needed:
                del self._pending[number]
                ready.append((pending.answer, pending.worst))
        return ready

    def is_awaited(self, event_id: str) -> bool:
        return event_id in self._by_event

    def next_due(self) -> Instant | None:
        return next(iter(self._pending.values())).due_at if self._pending else None

    def due(self, at: Instant) -> list[Answer]:
        """Return the answers that have waited long enough."""
        late = []
        while (first := self.next_due()) is not None and first <= at:
            late.append(self._pop_first())
        return late

    def _pop_first(self) -> Answer:
        number, pending = self._pending.popitem(last=False)
        for event_id in pending.needed:
            self._by_event[event_id].remove(number)
            if not self._by_event[event_id]:
                del self._by_event[event_id]
        return pending.answer
