"""What `varde decode PROTOCOL` gets from an adapter for one payload."""

from dataclasses import dataclass

from routing.event import Event


@dataclass(frozen=True, slots=True)
class Decoded:
    """The reading of one payload, outside any conversation."""

    events: tuple[Event, ...]
    """In the order of the frame; may hold a `frame.undecodable` beside an error."""
    reply: bytes | None
    """What the device gets once the events are durable; None when it gets nothing."""
    binary: bool
    """True when the reply is octets (print hex), False when it is text."""
    error: str | None
    """Set when the payload is at fault; says what is wrong with it."""
