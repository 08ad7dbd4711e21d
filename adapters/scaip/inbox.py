"""From a request body to events: which are new, which belong to an alarm already heard.

An update (mty IN) and a later fragment carry the event id of their alarm, so the hub confirms them
and nothing rings twice. An update without a known alarm is a new alarm: rather one ring too many.
"""

from dataclasses import dataclass, replace

from adapters.scaip.body import Fault, Mrq, Reading, Status
from adapters.scaip.codes import Mty, Snu
from adapters.scaip.events import (
    PROTOCOL,
    data_of,
    device_subject,
    merged,
    undecodable_event,
)
from adapters.scaip.meaning import is_help, is_usable, meanings
from adapters.scaip.memory import Heard, Key, Memory, Thread
from adapters.session import Speak
from routing.event import Event, derive_id, make_event
from routing.instant import Instant
from routing.kinds import Kind

DATAGRAM_OCTETS = 1_300
"""The longest body over UDP; a longer one is to be fragmented (SS 91100:2014)."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What a body came to."""

    events: tuple[Event, ...]
    """To be emitted, in the order of the frame."""
    needed: frozenset[str]
    """Event ids the hub must confirm before the positive answer."""
    fault: Fault | None
    """Set when the answer is negative, whatever the hub says."""


class Inbox:
    """Turns bodies into events for one listener."""

    def __init__(self, source: str, memory: Memory) -> None:
        self._source = source
        self._memory = memory

    def take(
        self, body: bytes, reading: Reading, *, user: str, datagram: bool, at: Instant
    ) -> Taken:
        """Return the events of a body that was read; `user` names the sender where cid is none."""
        if reading.mrq is None or not is_usable(reading.mrq):
            return self._refused(body, reading, user, at)
        if datagram and len(body) > DATAGRAM_OCTETS and not is_help(reading.mrq):
            reason = f"body of {len(body)} octets over UDP, at most {DATAGRAM_OCTETS}"
            long = replace(reading, fault=Fault(Snu.TOO_LONG, reason))
            return self._refused(body, long, user, at)
        found = [
            self._event(reading.mrq, status, kind, device_subject(reading.cid, user), at)
            for status, kind in meanings(reading.mrq)
        ]
        events = tuple(event for event in found if event is not None)
        return Taken(events, frozenset(event.id for event in events), reading.fault)

    def speak_for(self, reading: Reading, user: str, at: Instant) -> Speak | None:
        """Return how one speaks with the resident of a request's alarm, where the hub has said."""
        begun = self._memory.begun(
            Thread(device_subject(reading.cid, user), reading.ref, False), at
        )
        return None if begun is None else begun.speak

    def _refused(self, body: bytes, reading: Reading, user: str, at: Instant) -> Taken:
        fault = reading.fault or Fault(Snu.FORMAT, "not a request")
        subject = device_subject(reading.cid, user)
        event = undecodable_event(body, fault.reason, source=self._source, subject=subject, at=at)
        return Taken((event,), frozenset(), fault)

    def _event(
        self, mrq: Mrq, status: Status, kind: Kind, subject: str, at: Instant
    ) -> Event | None:
        """Return the event of one status; None when the hub has it already."""
        heard, is_settled = self._heard(mrq, status, kind, subject, at)
        if is_settled:
            return None
        data = data_of(mrq, status)
        if heard is not None:
            data = heard.data = data if heard.data is None else merged(heard.data, data)
        return make_event(
            heard.key.kind if heard else kind,
            id=heard.event_id if heard else derive_id(PROTOCOL, mrq, status, kind, at),
            source=self._source,
            subject=subject,
            received_at=heard.first_at if heard else at,
            data=data,
        )

    def _heard(
        self, mrq: Mrq, status: Status, kind: Kind, subject: str, at: Instant
    ) -> tuple[Heard | None, bool]:
        """Return the alarm this belongs to, and whether the hub has it and nothing is new."""
        if kind is Kind.DEVICE_ALIVE or not mrq.ref:
            return None, False
        thread = Thread(subject, mrq.ref, mrq.mty is Mty.RESET)
        code = status.text if status.number is None else status.number
        key = Key(thread, mrq.dty, code or None, kind)
        heard = self._memory.find(key, at)
        joins = mrq.mty is Mty.UPDATE or not status.text
        if heard is None and joins:
            begun = self._memory.begun(thread, at)
            heard = begun if begun and (not status.text or begun.key.kind is kind) else None
            is_new = True
        else:
            is_new = mrq.mty is Mty.UPDATE
        if heard is None:
            return self._memory.hear(key, mrq.fragments_left, at), False
        is_new = is_new or mrq.fragments_left < heard.fragments_left
        heard.fragments_left = min(heard.fragments_left, mrq.fragments_left)
        return heard, heard.durable and not is_new
