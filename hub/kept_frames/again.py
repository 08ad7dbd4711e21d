"""A kept frame treated again: the same event as one of the past, or, where nobody could read the
frame, what today's decoder makes of it.

Old is old: every event is history, with the instant at which it was first received as its time, so
that a press rings with its age and everything else is only noted. Ids derive from the frame's, so
that nothing rings twice, however often it is asked for.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from adapters.listener import Listener
from adapters.protocol import Payload, Topic
from adapters.protocols import PROTOCOLS
from hub.kept_frames.model import Kept
from routing.event import Event, EventData, derive_id
from routing.instant import Instant, to_rfc3339
from routing.kinds import Kind, KindClass

_LONGEST_RAW = 8192
"""Hex digits; a frame of so many was shortened and cannot be read again."""
_NOBODY = ":unknown"
"""How the subject of a frame ends whose device nobody could tell."""


@dataclass(frozen=True, slots=True)
class Again:
    """What a frame gives now; `fault` says why it gives nothing."""

    events: tuple[Event, ...]
    fault: str | None = None


def again(kept: Kept, at: Instant, listeners: Mapping[str, Listener]) -> Again:
    """Return the frame's events as of now. `listeners` are those configured, by id."""
    event = Event.parse(kept.body)
    if event.type is not Kind.FRAME_UNDECODABLE:
        return Again((_old(event, event, at, 0),))
    read = _read_again(event, kept, listeners)
    if isinstance(read, str):
        return Again((), read)
    found = (one for one in read if one.treatment.kind_class is not KindClass.SAMPLE)
    events = tuple(_old(one, event, at, n) for n, one in enumerate(found))
    return Again(events)


def _read_again(
    event: Event, kept: Kept, listeners: Mapping[str, Listener]
) -> tuple[Event, ...] | str:
    raw = event.data.raw
    listener = listeners.get(kept.listener)
    if raw is None or len(raw) >= _LONGEST_RAW:
        return "the frame was too long to be kept whole"
    if listener is None:
        return f"there is no listener {kept.listener!r} any more that could read it"
    protocol = PROTOCOLS[listener.protocol]
    if isinstance(protocol, Topic):
        return "its topic was not kept with it: let the device send again"
    payload = Payload(
        bytes.fromhex(raw),
        kept.received_at,
        mapping=getattr(listener, "mapping", None),
        judge_clock=False,
    )
    decoded = protocol.decode(payload)
    if decoded.error is not None:
        return decoded.error
    return decoded.events


def _old(event: Event, origin: Event, at: Instant, number: int) -> Event:
    known = origin.subject if event.subject.endswith(_NOBODY) else event.subject
    return event.model_copy(
        update={
            "id": derive_id("replay", origin.id, number),
            "subject": known,
            "time": origin.time if origin.history and origin.time else origin.receivedat,
            "receivedat": to_rfc3339(at),
            "history": True,
            "data": _without_raw(event.data),
        }
    )


def _without_raw(data: EventData) -> EventData:
    return data.model_copy(update={"raw": None})
