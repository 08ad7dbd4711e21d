"""What is known of levels (open, smoke, water, online) and what a retained message may do.

MQTT sources repeat their whole state with every attribute, and the broker replays the last one when
we subscribe. So a level speaks when it differs from what is known. The memory is in the process: a
level seen for the first time counts as different, since after a restart nothing is known.
"""

from enum import Enum
from typing import NamedTuple

from adapters.recent import Bounded
from routing.event import Event
from routing.instant import MINUTE, Instant
from routing.kinds import KINDS, Category, Kind

REDELIVERY = 30 * MINUTE
"""The same octets on the same topic within this time may be the broker's redelivery of a message
whose events never became durable: they give the same events, with the same ids, beside a sign of
life. Shorter than the hub remembers events, so that they are the same to it too."""

_RINGS_AT_FIRST_SIGHT = frozenset((Category.FIRE, Category.WATER))


class Seen(Enum):
    """How a level stands to what was known."""

    FIRST = "first"
    CHANGED = "changed"
    SAME = "same"


class Levels:
    """The last known value of each level of each device."""

    def __init__(self) -> None:
        self._known: Bounded[tuple[str, str], object] = Bounded()
        self._changes: Bounded[str, int] = Bounded()

    def known(self, device: str, level: str) -> object | None:
        """Return the value last observed, or None."""
        return self._known.get((device, level))

    def observe(self, device: str, level: str, value: object) -> Seen:
        """Remember the value and say how it stands to the one before."""
        key = (device, level)
        before = self._known.get(key)
        self._known.put(key, value)
        if before == value:
            return Seen.SAME
        self._changes.put(device, self.changes(device) + 1)
        return Seen.FIRST if before is None else Seen.CHANGED

    def changes(self, device: str) -> int:
        """Return how often a level of the device has changed."""
        return self._changes.get(device, 0)


def is_history(kind: Kind, seen: Seen, *, retained: bool) -> bool:
    """Say whether a level only updates state.

    A retained level that differs from a known one is news. One seen for the first time is not
    (after a restart every open door would be news), except fire and water, where silence costs
    more.
    """
    first = seen is Seen.FIRST and KINDS[kind].category not in _RINGS_AT_FIRST_SIGHT
    return retained and first


class _Last(NamedTuple):
    payload: bytes
    at: Instant
    changes: int
    events: tuple[Event, ...]


class Redeliveries:
    """The level events of the last message of each topic that had any.

    They are given again only while no level of the device has changed since: the same octets after
    a change are news.
    """

    def __init__(self) -> None:
        self._last: Bounded[str, _Last] = Bounded()

    def again(
        self, topic: str, payload: bytes, changes: int, at: Instant
    ) -> tuple[Event, ...] | None:
        """Return the events of this very message, or None when it is another one."""
        last = self._last.get(topic)
        if last is None or (last.payload, last.changes) != (payload, changes):
            return None
        return last.events if at - last.at < REDELIVERY else None

    def remember(
        self, topic: str, payload: bytes, changes: int, at: Instant, events: tuple[Event, ...]
    ) -> None:
        """Keep the level events of a message; one without any leaves the memory as it is."""
        if events:
            self._last.put(topic, _Last(payload, at, changes, events))
