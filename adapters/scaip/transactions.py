"""Non-INVITE transactions (RFC 3261, 17.1.2 and 17.2.2) without a clock of their own.

Server side: a request seen before gets the response sent before, or silence while that is still
being waited for (RFC 4320 forbids an early 100, and our wait is as short as the time after which it
would be allowed). Client side: our own MESSAGE is retransmitted on UDP by Timer E until a final
response or Timer F; on TCP there is only Timer F.
"""

import hashlib
import heapq
from collections import OrderedDict
from dataclasses import dataclass, replace

from adapters.scaip.peers import is_datagram
from adapters.scaip.sip_message import SipRequest
from adapters.session import Peer, Send
from routing.instant import SECOND, Instant

T1: Instant = SECOND // 2
T2: Instant = 4 * SECOND
LIFE: Instant = 64 * T1
"""Timer F and Timer J."""

ServerKey = tuple[Peer, str, str, bytes]


def server_key(peer: Peer, request: SipRequest) -> ServerKey:
    """Return what is equal for a request and its retransmissions only.

    Branch and method as in 17.2.3, and a digest of what every new request changes, because units
    with a constant branch exist and a new alarm must never be taken for an old one.
    """
    seen = hashlib.blake2b(request.body, digest_size=16)
    for name in ("call-id", "cseq", "authorization"):
        seen.update(f"\n{request.first(name)}".encode())
    return peer, request.branch, request.method, seen.digest()


@dataclass(frozen=True, slots=True)
class Served:
    """A request being served: its response once there is one."""

    response: Send | None
    expires_at: Instant


class ServerTransactions:
    """The requests of the last half minute; at most `limit`, the oldest forgotten first."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._served: OrderedDict[ServerKey, Served] = OrderedDict()

    def begin(self, key: ServerKey, at: Instant, wait: Instant) -> Served | None:
        """Return the earlier service of a retransmission; None opens a new transaction.

        `wait` is the longest time until its response, added to Timer J.
        """
        self._forget(at)
        known = self._served.get(key)
        if known is None:
            self._served[key] = Served(None, at + wait + LIFE)
            if len(self._served) > self._limit:
                self._served.popitem(last=False)
        return known

    def finish(self, key: ServerKey, response: Send) -> None:
        """Remember the final response; a forgotten transaction stays forgotten."""
        if key in self._served:
            self._served[key] = replace(self._served[key], response=response)

    def _forget(self, at: Instant) -> None:
        while self._served and next(iter(self._served.values())).expires_at <= at:
            self._served.popitem(last=False)


@dataclass(frozen=True, slots=True)
class _Ours:
    send: Send
    interval: Instant
    due_at: Instant
    ends_at: Instant


class ClientTransactions:
    """Our own requests under way; at most `limit`, the oldest given up first."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._ours: OrderedDict[str, _Ours] = OrderedDict()
        self._heap: list[tuple[Instant, str]] = []

    def start(self, branch: str, send: Send, at: Instant) -> Send:
        """Send a request for the first time."""
        ends_at = at + LIFE
        due_at = at + T1 if is_datagram(send.peer) else ends_at
        self._put(branch, _Ours(send, T1, due_at, ends_at))
        if len(self._ours) > self._limit:
            self._ours.popitem(last=False)
        return send

    def answered(self, branch: str, status: int) -> None:
        """Take a response: a final one ends the transaction, a provisional one slows it to T2."""
        ours = self._ours.get(branch)
        if ours is None:
            return
        if status >= 200:
            del self._ours[branch]
        else:
            self._ours[branch] = replace(ours, interval=T2)

    def dropped(self, peer: Peer) -> None:
        """Forget what was under way on a closed connection."""
        for branch in [b for b, ours in self._ours.items() if ours.send.peer == peer]:
            del self._ours[branch]

    def next_due(self) -> Instant | None:
        while self._heap and not self._current(*self._heap[0]):
            heapq.heappop(self._heap)
        return self._heap[0][0] if self._heap else None

    def due(self, at: Instant) -> list[Send]:
        """Return what is to be sent again, and forget what has lasted too long."""
        sends = []
        while (first := self.next_due()) is not None and first <= at:
            branch = heapq.heappop(self._heap)[1]
            ours = self._ours[branch]
            if ours.ends_at <= at:
                del self._ours[branch]
                continue
            sends.append(ours.send)
            interval = min(2 * ours.interval, T2)
            due_at = min(at + interval, ours.ends_at)
            self._put(branch, replace(ours, interval=interval, due_at=due_at))
        return sends

    def _put(self, branch: str, ours: _Ours) -> None:
        self._ours[branch] = ours
        heapq.heappush(self._heap, (ours.due_at, branch))

    def _current(self, due_at: Instant, branch: str) -> bool:
        ours = self._ours.get(branch)
        return ours is not None and ours.due_at == due_at
