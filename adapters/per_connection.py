"""A listener's `WireSession` made of one small session per stream connection.

The factory gives each connection its own session; what must outlive a connection (a device that got
no answer resends on a new one) is shared by the factory's closure. Confirmations reach only the
connections that emitted the event.
"""

import heapq
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from adapters.recent import Bounded
from adapters.session import Emit, Outcome, Output, Peer
from routing.instant import Instant


class ConnectionSession(Protocol):
    """The conversation on one stream connection; same rules as `WireSession`, without the peer."""

    def receive(self, data: bytes, at: Instant) -> Sequence[Output]:
        """The next octets of the stream, cut anywhere."""

    def closed(self, at: Instant) -> Sequence[Output]:
        """The connection ended: report what was left half received."""

    def confirm(self, event_id: str, outcome: Outcome, at: Instant) -> Sequence[Output]:
        """The hub answered for an event of this connection."""

    def next_due(self) -> Instant | None:
        """When `due` wants to be called."""

    def due(self, at: Instant) -> Sequence[Output]:
        """Time has come."""


Factory = Callable[[Peer], ConnectionSession]


@dataclass(slots=True)
class _Line:
    session: ConnectionSession
    emitted: set[str] = field(default_factory=set)
    due: Instant | None = None


class PerConnection:
    """The `WireSession` of a listener whose connections do not know each other."""

    def __init__(self, factory: Factory) -> None:
        self._factory = factory
        self._lines: dict[Peer, _Line] = {}
        self._waiting: Bounded[str, set[Peer]] = Bounded()
        """Bounded: an event whose confirmation never comes gives way in the end."""
        self._dues: list[tuple[Instant, Peer]] = []
        """A heap; an entry counts only while it equals its line's `due`."""

    def opened(self, peer: Peer, at: Instant) -> Sequence[Output]:
        self._lines[peer] = _Line(self._factory(peer))
        return ()

    def receive(self, peer: Peer, data: bytes, at: Instant) -> Sequence[Output]:
        if peer not in self._lines:
            self.opened(peer, at)
        return self._noted(peer, self._lines[peer].session.receive(data, at))

    def closed(self, peer: Peer, at: Instant) -> Sequence[Output]:
        line = self._lines.pop(peer, None)
        if line is None:
            return ()
        for event_id in line.emitted:
            self._forget(event_id, peer)
        return line.session.closed(at)

    def confirm(self, event_id: str, outcome: Outcome, at: Instant) -> Sequence[Output]:
        outputs: list[Output] = []
        for peer in sorted(self._waiting.pop(event_id, ())):
            line = self._lines[peer]
            line.emitted.discard(event_id)
            outputs += self._noted(peer, line.session.confirm(event_id, outcome, at))
        return outputs

    def next_due(self) -> Instant | None:
        while self._dues:
            instant, peer = self._dues[0]
            line = self._lines.get(peer)
            if line is not None and line.due == instant:
                return instant
            heapq.heappop(self._dues)
        return None

    def due(self, at: Instant) -> Sequence[Output]:
        outputs: list[Output] = []
        while (instant := self.next_due()) is not None and instant <= at:
            _, peer = heapq.heappop(self._dues)
            line = self._lines[peer]
            line.due = None
            outputs += self._noted(peer, line.session.due(at))
        return outputs

    def _noted(self, peer: Peer, outputs: Sequence[Output]) -> Sequence[Output]:
        line = self._lines[peer]
        for output in outputs:
            if isinstance(output, Emit):
                event_id = output.event.id
                line.emitted.add(event_id)
                self._waiting.put(event_id, self._waiting.get(event_id, set()) | {peer})
        due = line.session.next_due()
        if due != line.due:
            line.due = due
            if due is not None:
                heapq.heappush(self._dues, (due, peer))
        return outputs

    def _forget(self, event_id: str, peer: Peer) -> None:
        peers = self._waiting.get(event_id)
        if peers is not None:
            peers.discard(peer)
            if not peers:
                del self._waiting[event_id]
