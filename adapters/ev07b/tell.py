"""From the content of a frame to canonical events.

Ids derive from device, frame index, digest of the content, and what the event says: a frame that is
sent again gives the same events. The dedupe window is 10 minutes; later it is a new press.
"""

import hashlib
from dataclasses import dataclass

from adapters.ev07b.alarms import meanings
from adapters.ev07b.config import Ev07bConfig
from adapters.ev07b.content import KNOWN_TYPES, Alarm, Content, FrameType
from adapters.ev07b.frame import Frame, Unreadable
from adapters.fit import raw_hex, subject
from adapters.help_first import help_first
from adapters.recent import OncePer, RecentIds
from routing.event import Event, EventData, derive_id, make_event
from routing.instant import DAY, HOUR, MINUTE, SECOND, Instant, to_rfc3339
from routing.kinds import Kind

PROTOCOL = "ev07b"
WINDOW = 10 * MINUTE
_MOST_TOLD = 32
"""Events of one frame, help first; a frame's length alone would allow thousands."""


@dataclass(frozen=True, slots=True)
class _Saying:
    """An event before it has an id."""

    kind: Kind
    data: EventData
    occurred_at: Instant | None


@dataclass(frozen=True, slots=True)
class _Told:
    """Who says it, in which frame, and when it came."""

    imei: str | None
    frame: tuple[object, ...]
    at: Instant


class Teller:
    """Makes the events of one listener; shared by its connections, as a device that got no answer
    resends on a new one."""

    def __init__(self, config: Ev07bConfig) -> None:
        self._source = f"/adapters/{PROTOCOL}/{config.id}"
        self._tolerance = config.clock_tolerance_s
        self._ids = RecentIds(WINDOW)
        self._clocks = OncePer(HOUR)
        self._codes = OncePer(DAY)

    def events(self, frame: Frame, content: Content, imei: str | None, at: Instant) -> list[Event]:
        """Return the events of a frame from the device (None while its id is unknown)."""
        key = (PROTOCOL, imei, frame.index, _digest(frame.content))
        return [
            make_event(
                saying.kind,
                id=self._ids.id_for(*key, saying.kind, saying.data.code, at=at),
                source=self._source,
                subject=subject(PROTOCOL, imei),
                received_at=at,
                occurred_at=saying.occurred_at,
                sequence=str(frame.index),
                history=content.archived,
                data=saying.data,
            )
            for saying in self._sayings(content, _Told(imei, key, at))
        ]

    def undecodable(self, bad: Unreadable, count: int, imei: str | None, at: Instant) -> Event:
        """Return the event for `count` unreadable stretches, of which `bad` is the last."""
        more = f" ({count} times)" if count > 1 else ""
        name = subject(PROTOCOL, imei)
        return make_event(
            Kind.FRAME_UNDECODABLE,
            id=derive_id(name, _digest(bad.raw), count, at),
            source=self._source,
            subject=name,
            received_at=at,
            data=EventData(note=f"{bad.reason}{more}", raw=raw_hex(bad.raw)),
        )

    def _sayings(self, content: Content, told: _Told) -> list[_Saying]:
        sayings = [saying for alarm in content.alarms for saying in _alarm(content, alarm)]
        sayings += self._faults(content, told)
        sayings, left = help_first(sayings, lambda saying: saying.kind, _MOST_TOLD)
        if left:
            sayings.append(_saying(content, Kind.CODE_UNKNOWN, code=f"{left} more in one frame"))
        if content.type == FrameType.DATA:
            sayings += _samples(content, not sayings)
        return sayings

    def _faults(self, content: Content, told: _Told) -> list[_Saying]:
        faults = [
            _saying(content, Kind.FRAME_UNDECODABLE, note=words, code=f"item={place}")
            for place, words in enumerate(content.broken)
        ]
        codes = [f"key=0x{key:02x}" for key in content.unknown_keys]
        if content.type not in KNOWN_TYPES:
            codes.append(f"type=0x{content.type:02x}")
        faults += [
            _saying(content, Kind.CODE_UNKNOWN, code=code)
            for code in codes
            if self._codes.first(told.imei, code, by=told.frame, at=told.at)
        ]
        return faults + self._clock(content, told)

    def _clock(self, content: Content, told: _Told) -> list[_Saying]:
        """An archived frame is old by right; of any other the clock must be near ours."""
        if content.time is None or content.archived or self._tolerance is None:
            return []
        off = content.time - told.at
        if abs(off) <= self._tolerance * SECOND:
            return []
        if not self._clocks.first(told.imei, by=told.frame, at=told.at):
            return []
        note = f"the device's clock says {to_rfc3339(content.time)}, ours {to_rfc3339(told.at)}"
        return [_saying(content, Kind.CLOCK_WRONG, note=note, duration_s=off / SECOND)]


def _digest(octets: bytes) -> str:
    return hashlib.blake2b(octets, digest_size=8).hexdigest()


def _alarm(content: Content, alarm: Alarm) -> list[_Saying]:
    when = alarm.at if alarm.at is not None else content.time
    return [
        _saying(
            content,
            meaning.kind,
            when=when,
            code=f"alarm=0x{1 << bit if bit >= 0 else 0:08x}",
            part=meaning.part,
            note=meaning.word,
        )
        for bit, meaning in meanings(alarm.bits)
    ]


def _samples(content: Content, alone: bool) -> list[_Saying]:
    """A position where there is one; else a sign of life, unless another event is one already."""
    if content.position is not None:
        return [_saying(content, Kind.POSITION_REPORTED)]
    return [_saying(content, Kind.DEVICE_ALIVE)] if alone else []


def _saying(
    content: Content,
    kind: Kind,
    *,
    when: Instant | None = None,
    code: str | None = None,
    part: str | None = None,
    note: str | None = None,
    duration_s: float | None = None,
) -> _Saying:
    data = EventData(
        code=code,
        part=part,
        note=note,
        battery_pct=content.battery_pct,
        position=content.position,
        duration_s=duration_s,
    )
    return _Saying(kind, data, when if when is not None else content.time)
