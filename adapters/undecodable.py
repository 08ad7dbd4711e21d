"""The fault of a payload, for a reader who sees one payload and not a stream of events."""

from collections.abc import Sequence

from routing.event import Event
from routing.kinds import Kind


def first_error(events: Sequence[Event]) -> str | None:
    """Return what the first `frame.undecodable` says is wrong; None when all could be read."""
    bad = (event for event in events if event.type is Kind.FRAME_UNDECODABLE)
    event = next(bad, None)
    return None if event is None else event.data.note or "the payload cannot be read"
