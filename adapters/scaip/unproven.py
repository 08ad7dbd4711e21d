"""Messages that were challenged: without proof in time they become a visible event.

A first request without credentials is ordinary in SIP, so nothing is shown yet; a press whose
sender never comes back with the right password must not vanish (invariant 3).
"""

from collections import OrderedDict
from dataclasses import dataclass

from adapters.scaip.events import unproven_event
from adapters.scaip.memory import WINDOW
from routing.event import Event
from routing.instant import Instant


@dataclass(frozen=True, slots=True)
class _Challenged:
    codes: str
    first_at: Instant
    due_at: Instant


class Unproven:
    """The challenged messages by device and reference; at most `limit`."""

    def __init__(self, source: str, limit: int, wait: Instant) -> None:
        self._source = source
        self._limit = limit
        self._wait = wait
        self._challenged: OrderedDict[tuple[str, str], _Challenged] = OrderedDict()

    def challenge(self, subject: str, ref: str, codes: str, at: Instant) -> list[Event]:
        """Remember a refused message; the oldest becomes an event when there is no room."""
        if (subject, ref) not in self._challenged:
            self._challenged[subject, ref] = _Challenged(codes, at, at + self._wait)
        return [self._pop_first()] if len(self._challenged) > self._limit else []

    def proven(self, subject: str, ref: str) -> None:
        """The message came again with proof."""
        self._challenged.pop((subject, ref), None)

    def next_due(self) -> Instant | None:
        return next(iter(self._challenged.values())).due_at if self._challenged else None

    def due(self, at: Instant) -> list[Event]:
        """Return the events of those that stayed without proof."""
        events = []
        while (first := self.next_due()) is not None and first <= at:
            events.append(self._pop_first())
        return events

    def _pop_first(self) -> Event:
        (subject, ref), challenged = self._challenged.popitem(last=False)
        return unproven_event(
            ref,
            challenged.codes,
            source=self._source,
            subject=subject,
            first_at=challenged.first_at,
            window=WINDOW,
        )
