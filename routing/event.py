"""The canonical event: CloudEvents 1.0 in structured mode (content type
application/cloudevents+json).

Attribute names are the specification's (CloudEvents 1.0.2, section 3). `type` is one of our kinds,
`subject` is the device by its own protocol's identity (`scaip:26317`), `time` is the device's clock
and may be wrong or missing; `receivedat` is the adapter's clock and is what timers may rest on.
Extension attributes are lower-case alphanumeric as section 3.1 asks; `traceparent` and `sequence`
are the documented extensions (Distributed Tracing, Sequence).
"""

import hashlib
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator

from routing.instant import Instant, from_rfc3339, to_rfc3339
from routing.kinds import KINDS, CallLevel, Kind, Treatment

CONTENT_TYPE = "application/cloudevents+json"
EventId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
"""32 lower-case hex digits, derived from the protocol's own dedupe key."""

_STRICT = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="null")


class Position(BaseModel):
    """A position in WGS 84 degrees; personal data, so it never enters a fact."""

    model_config = _STRICT
    lat: float = Field(ge=-90, le=90)
    lon: float = Field(ge=-180, le=180)
    accuracy_m: float | None = Field(default=None, ge=0)
    altitude_m: float | None = None
    speed_kmh: float | None = Field(default=None, ge=0)
    course_deg: float | None = Field(default=None, ge=0, le=360)


class EventData(BaseModel):
    """What the device said beside the kind. Everything is optional; units are last in the names."""

    model_config = _STRICT
    code: str | None = Field(default=None, max_length=64)
    """The protocol's own code for what happened, as sent (`stc=0010`)."""
    reference: str | None = Field(default=None, max_length=64)
    """The device's own reference for this alarm or dose."""
    part: str | None = Field(default=None, max_length=64)
    """Which part of the device or home spoke: a peripheral's id, a zone number, a compartment."""
    location_code: str | None = Field(default=None, max_length=16)
    location_text: str | None = Field(default=None, max_length=200)
    note: str | None = Field(default=None, max_length=1000)
    """Free text from the device."""
    caller: tuple[str, ...] = ()
    """Numbers or addresses by which speech reaches the unit (SCAIP crd), in order."""
    priority: int | None = None
    update: Literal[True] | None = None
    """Says more of an event that was told before under the same id."""
    level: CallLevel | None = None
    """Of a nurse call: how urgent it is."""
    battery_pct: float | None = Field(default=None, ge=0, le=100)
    link_quality: float | None = None
    position: Position | None = None
    duration_s: float | None = None
    raw: str | None = Field(default=None, max_length=8192)
    """Hex of a frame that could not be decoded, shortened to 4096 octets."""


class Event(BaseModel):
    """One canonical event."""

    model_config = _STRICT
    specversion: Literal["1.0"] = "1.0"
    id: EventId
    source: str = Field(pattern=r"^/adapters/[a-z0-9-]+(/[a-z0-9-]+)*$")
    """`/adapters/<adapter>/<listener>`"""
    type: Kind
    subject: str = Field(min_length=1, max_length=200)
    time: str | None = None
    """The device's clock, RFC 3339."""
    datacontenttype: Literal["application/json"] = "application/json"
    receivedat: str
    """The adapter's clock, RFC 3339."""
    sequence: str | None = Field(default=None, max_length=32)
    traceparent: str = Field(pattern=r"^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$")
    history: bool = False
    """True for a retained or buffered old message: it updates state and is shown, and never rings
    by itself, except an old press for help, which rings with its age (protocols, rule 6)."""
    data: EventData = EventData()

    @field_validator("time", "receivedat")
    @classmethod
    def _is_rfc3339(cls, value: str | None) -> str | None:
        if value is not None:
            from_rfc3339(value)
        return value

    @property
    def treatment(self) -> Treatment:
        return KINDS[self.type]

    @property
    def occurred_at(self) -> Instant | None:
        return None if self.time is None else from_rfc3339(self.time)

    @property
    def received_at(self) -> Instant:
        return from_rfc3339(self.receivedat)

    @classmethod
    def parse(cls, payload: bytes) -> Self:
        """Read structured-mode JSON; pydantic.ValidationError says which attribute is wrong."""
        return cls.model_validate_json(payload)

    def to_json(self) -> bytes:
        """Return structured-mode JSON; absent optional attributes are left out."""
        return self.model_dump_json(exclude_none=True, exclude_defaults=False).encode()


def derive_id(*parts: object) -> str:
    """Return the event id for a protocol's dedupe key: the same parts give the same id."""
    text = "\x1f".join(str(part) for part in parts)
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def make_event(
    kind: Kind,
    *,
    id: str,
    source: str,
    subject: str,
    received_at: Instant,
    occurred_at: Instant | None = None,
    sequence: str | None = None,
    history: bool = False,
    data: EventData | None = None,
) -> Event:
    """Build a canonical event; the trace id is the event id, so a trace begins at the device."""
    return Event(
        id=id,
        source=source,
        type=kind,
        subject=subject,
        time=None if occurred_at is None else to_rfc3339(occurred_at),
        receivedat=to_rfc3339(received_at),
        sequence=sequence,
        traceparent=f"00-{id}-{derive_id(id, 'span')[:16]}-01",
        history=history,
        data=data or EventData(),
    )
