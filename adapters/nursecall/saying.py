"""From what a panel says to canonical events: subjects, ids, and data that fits."""

from dataclasses import dataclass, replace

from adapters.fit import fit, raw_hex, subject
from adapters.nursecall.meaning import Meaning
from adapters.recent import OncePer
from routing.event import Event, EventData, derive_id, make_event
from routing.instant import DAY, MINUTE, Instant
from routing.kinds import Kind


@dataclass(frozen=True, slots=True)
class Said:
    """One message of a panel about one room."""

    meaning: Meaning
    room: str
    """Empty for the line itself."""
    base: str
    """What its event id derives from."""
    text: str = ""
    code: str = ""
    reference: str | None = None
    bed: str | None = None
    priority: int | None = None


class Sayings:
    """Makes the events of one listener."""

    def __init__(self, protocol: str, listener: str) -> None:
        self._protocol, self._listener = protocol, listener
        self._source = f"/adapters/{protocol}/{listener}"
        self._codes = OncePer(DAY)

    def event(self, said: Said, at: Instant) -> Event:
        """Return the event of a message."""
        kind, level = said.meaning
        data = EventData(
            code=fit(said.code, 64) or None,
            reference=None if said.reference is None else fit(said.reference, 64),
            part=None if said.bed is None else fit(said.bed, 64),
            location_code=fit(said.room, 16) or None,
            note=fit(said.text, 1000) or None,
            priority=said.priority,
            level=level,
        )
        event_id = derive_id(self._listener, said.room, kind, said.base)
        return self._make(kind, said.room, event_id, at, data)

    def unknown(self, said: Said, code: str, at: Instant) -> Event | None:
        """Return the event for a code that nobody has described, once a day; None after that."""
        if not self._codes.first(code, by=said.base, at=at):
            return None
        one = replace(said, meaning=Meaning(Kind.CODE_UNKNOWN), code=code)
        return self.event(replace(one, base=derive_id(said.base, code)), at)

    def line(self, kind: Kind, at: Instant, note: str | None = None) -> Event:
        """Return an event about the line itself."""
        moment = at // MINUTE if kind is Kind.DEVICE_ALIVE else at
        event_id = derive_id(self._listener, kind, moment)
        return self._make(kind, "", event_id, at, EventData(note=note))

    def undecodable(self, raw: bytes, reason: str, at: Instant) -> Event:
        """Return the event for octets that cannot be read."""
        data = EventData(note=fit(reason, 1000), raw=raw_hex(raw))
        event_id = derive_id(self._listener, raw.hex(), reason, at)
        return self._make(Kind.FRAME_UNDECODABLE, "", event_id, at, data)

    def _make(
        self,
        kind: Kind,
        room: str,
        event_id: str,
        at: Instant,
        data: EventData,
    ) -> Event:
        name = f"{self._listener}/{room}" if room else self._listener
        return make_event(
            kind,
            id=event_id,
            source=self._source,
            subject=subject(self._protocol, name),
            received_at=at,
            data=data,
        )
