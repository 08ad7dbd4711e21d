"""A listener's session: its connections, and the life of the line they make together."""

from collections.abc import Sequence

from adapters.espa444.config import Espa444Config
from adapters.espa444.connection import Connection
from adapters.espa444.statuses import StatusBack
from adapters.espa444.tell import PROTOCOL, Teller
from adapters.nursecall import Line
from adapters.per_connection import PerConnection
from adapters.session import Outcome, Output, Peer
from routing.instant import Instant
from routing.to_device import AlarmProgress, ToDevice


class Espa444Session:
    """A `WireSession` that can be told how far a call has come (`ToldWire`)."""

    def __init__(self, config: Espa444Config) -> None:
        self._prefix = f"{PROTOCOL}:{config.id}/"
        teller = Teller(config)
        self._back = StatusBack(config)
        self._line = Line(config, teller.sayings)
        self._lines = PerConnection(lambda peer: Connection(peer, config, teller, self._back))

    def opened(self, peer: Peer, at: Instant) -> Sequence[Output]:
        self._line.opened(peer, at)
        return self._lines.opened(peer, at)

    def receive(self, peer: Peer, data: bytes, at: Instant) -> Sequence[Output]:
        return [*self._line.heard(at), *self._lines.receive(peer, data, at)]

    def closed(self, peer: Peer, at: Instant) -> Sequence[Output]:
        self._line.closed(peer, at)
        return self._lines.closed(peer, at)

    def confirm(self, event_id: str, outcome: Outcome, at: Instant) -> Sequence[Output]:
        return self._lines.confirm(event_id, outcome, at)

    def next_due(self) -> Instant | None:
        dues = (self._line.next_due(), self._lines.next_due())
        return min((due for due in dues if due is not None), default=None)

    def due(self, at: Instant) -> Sequence[Output]:
        return [*self._line.due(at), *self._lines.due(at)]

    def told(self, message: ToDevice, at: Instant) -> Sequence[Output]:
        """Keep it for the next poll; a panel does no commands."""
        if isinstance(message, AlarmProgress) and message.subject.startswith(self._prefix):
            self._back.tell(message.subject.removeprefix(self._prefix), message.phase)
        return ()
