"""Unreadable frames of one sender: the first at once, then at most one a minute with their number.

Senders are told apart by address and account, so that a stranger's noise hides nobody; an address
that uses too many accounts is one sender.
"""

from collections import Counter, OrderedDict
from dataclasses import dataclass

from adapters.fit import fit
from routing.event import Event, derive_id
from routing.instant import MINUTE, Instant

_EVERY = MINUTE
_MOST_ACCOUNTS = 32
"""Of one address at a time."""
_MOST_SENDERS = 4_096
_Sender = tuple[str, str]
"""Address and subject."""


@dataclass(slots=True)
class _Noise:
    until: Instant
    last: Event
    count: int = 0


class Floods:
    """The senders whose minute is not over, the one that began first in front."""

    def __init__(self) -> None:
        self._noise: OrderedDict[_Sender, _Noise] = OrderedDict()
        self._accounts: Counter[str] = Counter()

    def passes(self, host: str, event: Event, at: Instant) -> list[Event]:
        """Return the events to tell now: this one where it is the first of its minute, and what
        must be told to make room."""
        sender = self._sender(host, event.subject)
        noise = self._noise.get(sender)
        if noise is not None and at < noise.until:
            noise.last, noise.count = event, noise.count + 1
            return []
        told = [event] if noise is None else [*self._end(sender, at), event]
        self._noise[sender] = _Noise(at + _EVERY, event)
        self._accounts[host] += 1
        if len(self._noise) > _MOST_SENDERS:
            told += self._end(next(iter(self._noise)), at)
        return told

    def next_due(self) -> Instant | None:
        return next(iter(self._noise.values())).until if self._noise else None

    def due(self, at: Instant) -> list[Event]:
        """Return what was held back by those whose minute is over."""
        told: list[Event] = []
        while (first := self.next_due()) is not None and first <= at:
            told += self._end(next(iter(self._noise)), at)
        return told

    def _sender(self, host: str, subject: str) -> _Sender:
        known = (host, subject) in self._noise
        return (host, subject if known or self._accounts[host] < _MOST_ACCOUNTS else "")

    def _end(self, sender: _Sender, at: Instant) -> list[Event]:
        noise = self._noise.pop(sender)
        self._accounts[sender[0]] -= 1
        if not self._accounts[sender[0]]:
            del self._accounts[sender[0]]
        if not noise.count:
            return []
        note = fit(f"{noise.last.data.note} ({noise.count} more like it in a minute)", 1000)
        data = noise.last.data.model_copy(update={"note": note})
        event_id = derive_id(noise.last.id, noise.count, at)
        return [noise.last.model_copy(update={"id": event_id, "data": data})]
