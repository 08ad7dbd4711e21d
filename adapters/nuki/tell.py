"""A saying of a lock as a canonical event."""

from dataclasses import dataclass

from adapters.fit import fit, raw_hex, subject
from routing.event import Event, EventData, derive_id, make_event
from routing.instant import Instant
from routing.kinds import Kind

PROTOCOL = "nuki"


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a lock."""

    device: str
    what: str
    payload: bytes
    retained: bool
    at: Instant


@dataclass(frozen=True, slots=True)
class Saying:
    """An event before it has an id."""

    kind: Kind
    code: str | None = None
    part: str | None = None
    """By what the lock was turned, or which part of it speaks."""
    reference: str | None = None
    """The command it answers, or which of the lock's users turned it."""
    note: str | None = None
    battery_pct: float | None = None
    history: bool = False


def event(listener: str, message: Message, saying: Saying) -> Event:
    """Return the event. There is no dedupe key: ids derive from the message and its receipt."""
    name = subject(PROTOCOL, message.device)
    bad = saying.kind is Kind.FRAME_UNDECODABLE
    key = (message.what, message.payload.hex(), message.at, saying.kind, saying.code)
    return make_event(
        saying.kind,
        id=derive_id(PROTOCOL, name, *key),
        source=f"/adapters/{PROTOCOL}/{listener}",
        subject=name,
        received_at=message.at,
        history=saying.history,
        data=EventData(
            code=None if saying.code is None else fit(saying.code, 64),
            part=saying.part,
            reference=saying.reference,
            note=saying.note,
            battery_pct=saying.battery_pct,
            raw=raw_hex(message.payload) if bad else None,
        ),
    )
