"""A listener's session: its connections, the life of the line, and what panels are told."""

from collections.abc import Callable, Mapping, Sequence

from adapters.espax.clients import Clients
from adapters.espax.config import EspaXConfig
from adapters.espax.conversation import Conversation, Shared
from adapters.espax.login import Passwords
from adapters.espax.processes import Processes
from adapters.espax.tell import Teller
from adapters.floods import Floods
from adapters.nursecall import Line
from adapters.per_connection import PerConnection
from adapters.session import Emit, Outcome, Output, Peer
from routing.event import Event
from routing.instant import Instant
from routing.to_device import AlarmProgress, ToDevice


class EspaXSession:
    """A `WireSession` that can be told how far a call has come (`ToldWire`)."""

    def __init__(
        self,
        config: EspaXConfig,
        passwords: Passwords,
        new_session: Callable[[], str],
        kept: Mapping[str, str],
    ) -> None:
        """`new_session` gives a session id that nobody can guess."""
        self._teller = teller = Teller(config)
        self._processes = processes = Processes(kept)
        self._clients = clients = Clients(processes, new_session)
        self._line = Line(config, teller.sayings)
        self._floods = Floods()
        shared = Shared(config, passwords, teller, processes, clients, self._undecodable)
        self._lines = PerConnection(lambda peer: Conversation(peer, shared))

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
        dues = (self._line.next_due(), self._lines.next_due(), self._floods.next_due())
        return min((due for due in dues if due is not None), default=None)

    def due(self, at: Instant) -> Sequence[Output]:
        held = [Emit(event) for event in self._floods.due(at)]
        return [*self._line.due(at), *self._lines.due(at), *held]

    def told(self, message: ToDevice, at: Instant) -> Sequence[Output]:
        """Tell the panel that a call is accepted or over; a panel does no commands."""
        if not isinstance(message, AlarmProgress):
            return ()
        changed = self._processes.told(message.event, message.phase)
        return [output for process in changed for output in self._clients.tell(process, at)]

    def _undecodable(self, peer: Peer, raw: bytes, reason: str, at: Instant) -> list[Event]:
        event = self._teller.sayings.undecodable(raw, reason, at)
        return self._floods.passes(_host(peer), event, at)


def _host(peer: Peer) -> str:
    """Return the address without its port: `tcp:10.0.0.7:40112#7`."""
    return peer.partition(":")[2].rpartition(":")[0]
