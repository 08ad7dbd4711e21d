"""Who is logged in, and what panels hear without asking: started, accepted, ended. Never who."""

from collections.abc import Callable
from dataclasses import dataclass

from adapters.espax.frame import frame
from adapters.espax.processes import Process, Processes, Status
from adapters.espax.writing import indication
from adapters.recent import Bounded
from adapters.session import Output, Peer, Send
from routing.instant import MINUTE, Instant

_UNASKED = bytes(4)
_MOST_USERS = 1024
_MOST_ENDED = 256
_ENDED_LATELY = 10 * MINUTE


@dataclass(frozen=True, slots=True)
class Client:
    """A user on a connection."""

    user: str
    peer: Peer
    session: str


class Clients:
    """The last connection of each user. Nothing confirms an indication, and one may be lost with a
    connection that was broken already: what has become of the calls is told at each login."""

    def __init__(self, processes: Processes, new_session: Callable[[], str]) -> None:
        self._processes, self._new_session = processes, new_session
        self._by_user: Bounded[str, Client] = Bounded(_MOST_USERS)
        self._ended: Bounded[str, tuple[Process, Instant]] = Bounded(_MOST_ENDED)

    def entered(self, user: str, peer: Peer) -> Client:
        """A user has logged in."""
        client = Client(user, peer, self._new_session())
        self._by_user.put(user, client)
        return client

    def left(self, peer: Peer) -> None:
        """A connection has ended, or its user has logged out."""
        for user, client in list(self._by_user.items()):
            if client.peer == peer:
                del self._by_user[user]

    def catch_up(self, client: Client, at: Instant) -> list[Output]:
        """Return what the user's panel may not know."""
        for process in self._processes.moved(client.user):
            process.known = Status.WAITING
        lately = [
            self.ended(client.peer, client, process, "Processed", at)
            for process, since in self._ended.values()
            if process.user == client.user and at - since < _ENDED_LATELY
        ]
        moved = self._processes.moved(client.user)
        return [*lately, *(output for process in moved for output in self.tell(process, at))]

    def tell(self, process: Process, at: Instant) -> list[Output]:
        """Return what tells the panel how far a call has come, where it is connected."""
        client = self._by_user.get(process.user)
        if client is None or process.status is process.known:
            return []
        process.known = process.status
        if process.status is Status.ENDED:
            ended = self.ended(client.peer, client, process, "Processed", at)
            self._ended.put(process.reference, (process, at))
            return [*self._processes.end(process.reference), ended]
        fields = [*_about(process), ("SS-STATUS", str(process.status))]
        return [_send(client.peer, client, "P-EVENT", fields, at)]

    def started(self, peer: Peer, client: Client | None, process: Process, at: Instant) -> Send:
        """Return what says that a call is under way."""
        return _send(peer, client, "P-STARTED", [*_about(process), ("SP-STATUS", "Active")], at)

    def ended(
        self, peer: Peer, client: Client | None, process: Process, why: str, at: Instant
    ) -> Send:
        """Return what says that a call is over."""
        fields = [*_about(process), ("SP-RESULT", "Positive"), ("SP-ENDREASON", why)]
        return _send(peer, client, "P-ENDED", fields, at)


def _about(process: Process) -> list[tuple[str, str]]:
    return [("CP-PR-REF", process.reference), ("SP-PR-TAN", process.tan)]


def _send(
    peer: Peer, client: Client | None, name: str, fields: list[tuple[str, str]], at: Instant
) -> Send:
    session = None if client is None else client.session
    return Send(peer, frame(_UNASKED, indication(name, session, at, fields)))
