"""From what a device said to events."""

import hashlib
from dataclasses import dataclass

from adapters.fit import fit, subject
from adapters.lorawan.meaning import Said
from adapters.recent import RecentIds
from routing.event import Event, EventData, Position, derive_id, make_event
from routing.instant import MINUTE, Instant
from routing.kinds import Kind

PROTOCOL = "lorawan"
WINDOW = 10 * MINUTE
"""A frame counter begins again at 0 when a device joins anew or is reset, so the same one much
later is another press."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What all events of one transmission share."""

    device: str
    key: str
    """What tells the transmission from every other one of the device."""
    at: Instant
    sent_at: Instant | None = None
    history: bool = False
    retained: bool = False
    battery_pct: float | None = None
    quality: float | None = None
    position: Position | None = None
    raw: str | None = None


def message_key(payload: bytes, at: Instant) -> str:
    """Return a key for a message that has none of its own."""
    return f"{hashlib.blake2b(payload, digest_size=16).hexdigest()} {at}"


class Teller:
    """Makes the events of one listener, with ids that stay for `WINDOW`."""

    def __init__(self, listener: str) -> None:
        self.source = f"/adapters/{PROTOCOL}/{listener}"
        self._ids = RecentIds(WINDOW)

    def event(
        self, frame: Frame, said: Said, *, note: str | None = None, id: str | None = None
    ) -> Event:
        """Return the event; `id` is given where the device's own number is the key."""
        kind = said.kind or Kind.DEVICE_ALIVE
        key = (self.source, frame.device, frame.key, kind, said.code)
        if kind is Kind.FRAME_UNDECODABLE:
            id = derive_id(*key)
        return make_event(
            kind,
            id=id or self._ids.id_for(*key, at=frame.at),
            source=self.source,
            subject=subject(PROTOCOL, frame.device or None),
            received_at=frame.at,
            occurred_at=said.occurred_at or frame.sent_at,
            history=said.history or frame.history,
            data=EventData(
                code=fit(said.code, 64) or None,
                reference=said.reference,
                part=said.part,
                note=note,
                battery_pct=frame.battery_pct,
                link_quality=frame.quality,
                position=frame.position,
                raw=frame.raw,
            ),
        )
