"""What is kept, and how much of it."""

from dataclasses import dataclass

from routing.event import Event
from routing.instant import Instant
from routing.kinds import Kind, KindClass, Lane

UNREADABLE = frozenset({Kind.FRAME_UNDECODABLE, Kind.CODE_UNKNOWN})
"""Kinds that are kept of registered devices too."""


@dataclass(frozen=True, slots=True)
class Kept:
    """An event as its adapter published it. `body` is its JSON, with the frame in `data.raw` where
    nobody could read it."""

    id: str
    subject: str
    listener: str
    kind: Kind
    received_at: Instant
    body: bytes

    @property
    def replayable(self) -> bool:
        """Whether there is more to it than that the device was heard: samples are only counted, as
        an old sign of life says nothing about now."""
        return Event.parse(self.body).treatment.kind_class is not KindClass.SAMPLE

    @property
    def help(self) -> bool:
        """Whether it gives way last."""
        return Event.parse(self.body).treatment.lane is Lane.HELP


def kept_of(event: Event, listener: str, body: bytes) -> Kept:
    """Return the event as it is kept."""
    return Kept(event.id, event.subject, listener, event.type, event.received_at, body)


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is kept of one municipality, and for how long."""

    frames: int = 5_000
    octets: int = 16 * 1024 * 1024
    subjects: int = 2_000
    """Unknown devices of which it is remembered when they were heard."""
    keep: Instant = 30 * 86_400_000_000


@dataclass(frozen=True, slots=True)
class Lost:
    """Frames that gave way to newer ones; the instants are when they had been heard."""

    count: int
    first_at: Instant
    last_at: Instant


@dataclass(frozen=True, slots=True)
class HeardOf:
    """What is known of a device that nobody has registered."""

    subject: str
    listener: str
    first_at: Instant
    last_at: Instant
    count: int
    kinds: tuple[Kind, ...]
    """The last few kinds it sent, newest first, each once."""
    kept: int
    """How many of its frames can be replayed."""
