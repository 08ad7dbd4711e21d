"""From what a frame says to canonical events: ids, the bound on their number, clocks, codes.

Ids derive from the frame's key and what the event says: a frame that is sent again gives the same
events for as long as the protocol's window lasts; later it is new.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from adapters.fit import fit, raw_hex, subject
from adapters.help_first import help_first
from adapters.recent import OncePer, RecentIds
from adapters.tracker.config import ClockListener
from adapters.tracker.cutter import Unreadable
from routing.event import Event, EventData, derive_id, make_event
from routing.instant import DAY, HOUR, SECOND, Instant, to_rfc3339
from routing.kinds import Kind

_MOST_TOLD = 32
"""Events of one frame, help first; a frame's length alone would allow thousands."""
_OLDEST = 30 * DAY
"""Nothing is kept in a device for longer: what claims to be older has no clock."""
_LONGEST_CODE, _LONGEST_NOTE = 64, 1000


@dataclass(frozen=True, slots=True)
class Saying:
    """An event before it has an id."""

    kind: Kind
    data: EventData
    occurred_at: Instant | None = None
    history: bool = False
    key: tuple[object, ...] = ()
    """What tells it from its like in the same frame, where kind and code do not."""


@dataclass(frozen=True, slots=True)
class Frame:
    """Who speaks, what tells this frame from every other (the dedupe key), and when it came."""

    device: str | None
    key: tuple[object, ...]
    at: Instant
    sequence: str | None = None


class Telling:
    """Makes the events of one listener; shared by its connections, as a device that got no answer
    resends on a new one."""

    def __init__(self, protocol: str, config: ClockListener, window: Instant) -> None:
        self._protocol = protocol
        self._source = f"/adapters/{protocol}/{config.id}"
        self._tolerance_s = config.clock_tolerance_s
        self._ids = RecentIds(window)
        self._clocks = OncePer(HOUR)
        self._codes = OncePer(DAY)

    def events(self, sayings: Iterable[Saying], frame: Frame) -> list[Event]:
        """Return the events of a frame, in its order."""
        name = subject(self._protocol, frame.device)
        return [
            make_event(
                saying.kind,
                id=self._ids.id_for(
                    self._protocol,
                    frame.device,
                    *frame.key,
                    *saying.key,
                    saying.kind,
                    saying.data.code,
                    at=frame.at,
                ),
                source=self._source,
                subject=name,
                received_at=frame.at,
                occurred_at=saying.occurred_at,
                sequence=frame.sequence,
                history=saying.history,
                data=saying.data,
            )
            for saying in sayings
        ]

    def undecodable(self, bad: Unreadable, count: int, device: str | None, at: Instant) -> Event:
        """Return the event for `count` unreadable stretches, of which `bad` is the last."""
        more = f" ({count} times)" if count > 1 else ""
        name = subject(self._protocol, device)
        return make_event(
            Kind.FRAME_UNDECODABLE,
            id=derive_id(name, digest(bad.raw), count, at),
            source=self._source,
            subject=name,
            received_at=at,
            data=EventData(note=fit(f"{bad.reason}{more}", _LONGEST_NOTE), raw=raw_hex(bad.raw)),
        )

    def bounded(self, sayings: Sequence[Saying]) -> tuple[list[Saying], str | None]:
        """Return at most 32, help first, and the code that tells how many are left out."""
        kept, left = help_first(sayings, lambda saying: saying.kind, _MOST_TOLD)
        return kept, f"{left} more in one frame" if left else None

    def is_near(self, happened: Instant, at: Instant) -> bool:
        """Say whether a time is ours as nearly as the tolerance asks."""
        return self._tolerance_s is not None and abs(at - happened) <= self._tolerance_s * SECOND

    def is_buffered(self, happened: Instant | None, at: Instant) -> bool:
        """Say whether the device must have kept it: older than the clock's tolerance explains."""
        if happened is None or self._tolerance_s is None:
            return False
        return self._tolerance_s * SECOND < at - happened <= _OLDEST

    def new_codes(self, codes: Iterable[str], frame: Frame) -> list[str]:
        """Return the unknown codes not yet told of this device today, short enough to tell."""
        fitting = (fit(code, _LONGEST_CODE) for code in codes)
        return [
            code
            for code in fitting
            if self._codes.first(frame.device, code, by=frame.key, at=frame.at)
        ]

    def wrong_clock(self, happened: Instant | None, frame: Frame) -> EventData | None:
        """Return what is wrong with a clock that should be near ours, once an hour."""
        if happened is None or self._tolerance_s is None:
            return None
        off = happened - frame.at
        if abs(off) <= self._tolerance_s * SECOND:
            return None
        if not self._clocks.first(frame.device, by=frame.key, at=frame.at):
            return None
        note = f"the device's clock says {to_rfc3339(happened)}, ours {to_rfc3339(frame.at)}"
        return EventData(note=note, duration_s=off / SECOND)


def digest(octets: bytes) -> str:
    """Return a short digest, for dedupe keys."""
    return hashlib.blake2b(octets, digest_size=8).hexdigest()
