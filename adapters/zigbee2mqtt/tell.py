"""A saying of a device as a canonical event. What may hold a `pin_code` is not hashed or shown."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from adapters.fit import Json, code_text, fit, number, percent, raw_hex, read_json, subject
from routing.event import Event, EventData, derive_id, make_event
from routing.instant import Instant
from routing.kinds import Kind

PROTOCOL = "zigbee2mqtt"
_SECRET = (b"pin_code", b"action_code", b'"users"')
"""`action_code` is what somebody has typed on a keypad."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a device."""

    device: str
    payload: bytes
    retained: bool
    at: Instant
    state: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Saying:
    """An event before it has an id."""

    kind: Kind
    code: str | None = None
    part: str | None = None
    reference: str | None = None
    note: str | None = None
    history: bool = False


def event(listener: str, message: Message, saying: Saying) -> Event:
    """Return the event. There is no dedupe key: ids derive from the message and its receipt."""
    name = subject(PROTOCOL, message.device)
    secret = any(word in message.payload for word in _SECRET)
    digest = "" if secret else hashlib.blake2b(message.payload, digest_size=16).hexdigest()
    undecodable = saying.kind is Kind.FRAME_UNDECODABLE
    return make_event(
        saying.kind,
        id=derive_id(PROTOCOL, name, digest, message.at, saying.kind, saying.code),
        source=f"/adapters/{PROTOCOL}/{listener}",
        subject=name,
        received_at=message.at,
        history=saying.history,
        data=EventData(
            code=None if saying.code is None else fit(saying.code, 64),
            part=saying.part,
            reference=saying.reference,
            note=saying.note,
            battery_pct=percent(message.state.get("battery")),
            link_quality=number(message.state.get("linkquality")),
            raw=raw_hex(message.payload) if undecodable and not secret else None,
        ),
    )


def unreadable(payload: bytes) -> Saying:
    """Say that a payload is no JSON object."""
    what = "not a JSON object"
    try:
        read_json(payload)
    except ValueError as error:
        what = f"not JSON: {error}"
    return Saying(Kind.FRAME_UNDECODABLE, note=fit(f"the payload is {what}", 200))


def unknown(name: str, value: Json) -> Saying:
    """Say that an attribute has a value that is not known."""
    return Saying(Kind.CODE_UNKNOWN, code=f"{name}={code_text(value)}")


def lock_saying(message: Message, kind: Kind, code: str, history: bool) -> Saying:
    """A lock tells by what it was turned, and which of its users did it."""
    source, user = message.state.get("action_source_name"), message.state.get("action_user")
    return Saying(
        kind,
        code=code,
        part=fit(source, 64) if isinstance(source, str) else None,
        reference=f"user={user}" if type(user) is int and 0 <= user < 1 << 32 else None,
        history=history,
    )
