"""Messages whose sender did not prove who it is.

A first request without credentials is ordinary in SIP, so nothing is told yet; when no proof
follows in time, or a wrong one comes, the message becomes visible (invariant 3). Help passes every
filter (invariant 5): a call for help becomes an alarm of that device all the same, marked as not
proven, because a wrong password must not cost a life. Everything else is `device.unknown`: a forged
reset, cancellation or heartbeat changes nothing.
"""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

from adapters.fit import fit
from adapters.help_first import is_call
from adapters.scaip.body import Mrq, Reading
from adapters.scaip.events import PROTOCOL, codes_of, unproven_data
from adapters.scaip.meaning import Meaning, is_usable, meanings
from adapters.scaip.memory import WINDOW
from routing.event import Event, EventData, derive_id, make_event
from routing.instant import Instant
from routing.kinds import Kind

NOT_PROVEN = "identity not proven: check the device's SIP user name and password"
_NO_CALL = "message without valid SIP digest: check the device's user name and password"


def unproven_events(reading: Reading, *, source: str, subject: str, at: Instant) -> list[Event]:
    """Return what is told of a message that was never proven: its calls for help, and one
    `device.unknown` for anything else in it."""
    mrq = reading.mrq
    if mrq is None or not is_usable(mrq):
        return [_unknown(reading, source, subject, at)]
    found = meanings(mrq)
    calls = [meaning for meaning in found if is_call(meaning[1])]
    told = [_call(mrq, meaning, source, subject, at) for meaning in calls]
    return told if len(calls) == len(found) else [*told, _unknown(reading, source, subject, at)]


def _call(mrq: Mrq, meaning: Meaning, source: str, subject: str, at: Instant) -> Event:
    status, kind = meaning
    # An id of its own: a forged press with a guessed reference must not absorb the true one.
    said = (mrq.ref, mrq.dty, status.text, kind)
    return make_event(
        kind,
        id=derive_id(PROTOCOL, "unproven", subject, *said, at // WINDOW),
        source=source,
        subject=subject,
        received_at=at,
        data=unproven_data(mrq, status, NOT_PROVEN),
    )


def _unknown(reading: Reading, source: str, subject: str, at: Instant) -> Event:
    codes = codes_of(reading.mrq) if reading.mrq else ""
    ref = fit(reading.ref, 64) or None
    return make_event(
        Kind.DEVICE_UNKNOWN,
        id=derive_id(PROTOCOL, "unproven", subject, reading.ref, at // WINDOW),
        source=source,
        subject=subject,
        received_at=at,
        data=EventData(code=codes or None, reference=ref, note=_NO_CALL),
    )


_Key = tuple[str, str, tuple[Kind, ...]]
"""Subject, reference, and what would be told: a heartbeat never stands for a press."""


@dataclass(frozen=True, slots=True)
class _Challenged:
    events: Sequence[Event]
    """Empty once they were told."""
    due_at: Instant


class Unproven:
    """The messages refused lately; at most `limit`, and the oldest is told to make room."""

    def __init__(self, limit: int, wait: Instant) -> None:
        self._limit = limit
        self._wait = wait
        self._challenged: OrderedDict[_Key, _Challenged] = OrderedDict()

    def challenged(self, ref: str, events: Sequence[Event], at: Instant) -> Sequence[Event]:
        """Remember a message whose proof may still come; return what must be told for its room."""
        return self._put(_key(ref, events), events, at)

    def failed(self, ref: str, events: Sequence[Event], at: Instant) -> Sequence[Event]:
        """Return what is told of a message with a wrong proof, once in the time of waiting."""
        key = _key(ref, events)
        known = self._challenged.get(key)
        if known is None:
            return [*events, *self._put(key, (), at)]
        self._challenged[key] = _Challenged((), known.due_at)
        return known.events

    def proven(self, ref: str, events: Sequence[Event]) -> None:
        """The message came again with proof."""
        self._challenged.pop(_key(ref, events), None)

    def next_due(self) -> Instant | None:
        return next(iter(self._challenged.values())).due_at if self._challenged else None

    def due(self, at: Instant) -> list[Event]:
        """Return the events of those that stayed without proof."""
        events: list[Event] = []
        while (first := self.next_due()) is not None and first <= at:
            events += self._pop_first()
        return events

    def _put(self, key: _Key, events: Sequence[Event], at: Instant) -> Sequence[Event]:
        self._challenged.setdefault(key, _Challenged(events, at + self._wait))
        return self._pop_first() if len(self._challenged) > self._limit else ()

    def _pop_first(self) -> Sequence[Event]:
        return self._challenged.popitem(last=False)[1].events


def _key(ref: str, events: Sequence[Event]) -> _Key:
    return events[0].subject, ref, tuple(event.type for event in events)
