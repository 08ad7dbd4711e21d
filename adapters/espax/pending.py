"""Requests that wait until every event of theirs is durable."""

from dataclasses import dataclass

from adapters.espax.message import Message
from adapters.espax.processes import Process
from routing.instant import Instant

_MOST = 256


@dataclass(slots=True, eq=False)
class Request:
    """A request, and the call it is about."""

    number: bytes
    message: Message
    process: Process | None = None


@dataclass(slots=True, eq=False)
class _Waiting:
    request: Request
    events: set[str]
    due_at: Instant


class Pending:
    """Of one connection, the oldest first."""

    def __init__(self, patience: Instant) -> None:
        self._patience = patience
        self._waiting: list[_Waiting] = []

    def wait(self, request: Request, events: set[str], at: Instant) -> bool:
        """Wait; False when too many wait already, and it is to be refused."""
        if len(self._waiting) >= _MOST:
            return False
        self._waiting.append(_Waiting(request, events, at + self._patience))
        return True

    def durable(self, event_id: str) -> list[Request]:
        """An event is durable: return the requests that waited for it last."""
        done: list[_Waiting] = []
        for one in self._waiting:
            if event_id in one.events:
                one.events.discard(event_id)
                if not one.events:
                    done.append(one)
        return self._take(done)

    def drop(self, event_id: str) -> list[Request]:
        """Return the requests that wait for the event, and wait for them no longer."""
        return self._take([one for one in self._waiting if event_id in one.events])

    def next_due(self) -> Instant | None:
        return self._waiting[0].due_at if self._waiting else None

    def due(self, at: Instant) -> list[Request]:
        """Return the requests whose time is over."""
        return self._take([one for one in self._waiting if one.due_at <= at])

    def _take(self, found: list[_Waiting]) -> list[Request]:
        self._waiting = [one for one in self._waiting if one not in found]
        return [one.request for one in found]
