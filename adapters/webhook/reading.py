"""Reading the body of a believed message: one JSON object, or a list of them."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from adapters.fit import Json, fit, raw_hex, read_json, subject
from adapters.mapped import sayings
from adapters.mapping import Mapping, items, text_at
from adapters.recent import RecentIds
from routing.event import Event, EventData, derive_id, make_event
from routing.instant import SECOND, Instant
from routing.kinds import Kind

PROTOCOL = "webhook"
MOST_ITEMS = 100


@dataclass(frozen=True, slots=True)
class Read:
    """The events of a body; `is_too_long` where only its fault is one of them."""

    events: Sequence[Event]
    is_too_long: bool = False


class BodyReader:
    """Turns bodies into events and keeps the ids of what was sent before."""

    def __init__(self, protocol: str, listener: str, mapping: Mapping, window_s: int) -> None:
        """`window_s`: for how long a repeated id is the same message, in seconds."""
        self._protocol = protocol
        self._mapping = mapping
        self._source = f"/adapters/{protocol}/{listener}"
        self._ids = RecentIds(window_s * SECOND)

    def read(self, body: bytes, message_id: str, at: Instant) -> Read:
        """Return the events of the body; what cannot be read is an event too."""
        try:
            payload = read_json(body)
        except ValueError as error:
            return Read([self._undecodable(f"the body is not JSON: {error}", body, message_id, at)])
        bodies = payload if isinstance(payload, list) else [payload]
        read = [item for one in bodies[: MOST_ITEMS + 1] for item in items(self._mapping, one)]
        if not read or len(read) > MOST_ITEMS:
            where = "the body" if self._mapping.each is None else repr(self._mapping.each)
            fault = f"{where} is a list of {len(read)} items; send 1 to {MOST_ITEMS}"
            return Read([self._undecodable(fault, body, message_id, at)], bool(read))
        return Read(
            [
                event
                for place, item in enumerate(read)
                for event in self._item(item, body, f"{message_id}/{place}", at)
            ]
        )

    def _item(self, item: Json, body: bytes, message_id: str, at: Instant) -> list[Event]:
        device = text_at(item, self._mapping.device)
        if device is None:
            fault = f"there is no device id at {self._mapping.device!r}"
            return [self._undecodable(fault, body, message_id, at)]
        repeat = text_at(item, self._mapping.dedupe)
        key = (self._protocol, self._source, message_id if repeat is None else ("dedupe", repeat))
        return [
            make_event(
                saying.kind,
                id=self._ids.id_for(*key, device, saying.kind, saying.data.code, at=at),
                source=self._source,
                subject=subject(self._protocol, device),
                received_at=at,
                occurred_at=saying.occurred_at,
                data=saying.data,
            )
            for saying in sayings(self._mapping, item, at)
        ]

    def _undecodable(self, fault: str, body: bytes, message_id: str, at: Instant) -> Event:
        return make_event(
            Kind.FRAME_UNDECODABLE,
            id=self._ids.id_for(self._protocol, self._source, "unreadable", message_id, at=at),
            source=self._source,
            subject=subject(self._protocol, None),
            received_at=at,
            data=EventData(note=fit(fault, 300), raw=raw_hex(body)),
        )


def body_id(body: bytes) -> str:
    """Return an id for a body that came without `webhook-id`."""
    return derive_id(PROTOCOL, hashlib.blake2b(body, digest_size=16).hexdigest())
