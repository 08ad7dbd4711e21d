"""Reading the records of a data frame: codec 8, 8 extended and 16.

    record   time u64 (ms) | priority u8 | lon i32 | lat i32 | altitude i16 | angle u16
             | satellites u8 | speed u16 | event | elements
    codec 8  event u8, counts u8, ids u8
    8E       event u16, counts u16, ids u16, then elements of any length
    16       event u16, generation u8, counts u8, ids u16

Elements come in groups of 1, 2, 4 and 8 octets. Numbers are big-endian. Layout: Teltonika's public
page on its data sending protocols.
"""

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from routing.event import Position
from routing.instant import Instant

_MILLISECOND = 1000
_LAST_TIME = 253_402_300_800_000
"""Milliseconds; the year 10000, beyond which there is no date."""
_HEAD = struct.Struct(">QBiihHBH")


class Layout(NamedTuple):
    """What differs between the codecs, in octets."""

    event: int
    generation: int
    counts: int
    id: int
    any_length: bool


LAYOUTS: Mapping[int, Layout] = {
    0x08: Layout(event=1, generation=0, counts=1, id=1, any_length=False),
    0x8E: Layout(event=2, generation=0, counts=2, id=2, any_length=True),
    0x10: Layout(event=2, generation=1, counts=1, id=2, any_length=False),
}
"""By codec."""


@dataclass(frozen=True, slots=True)
class Record:
    """One record, and the octets it was read from."""

    time: Instant | None
    """None when it is no date."""
    priority: int
    """0 low, 1 high, 2 panic."""
    position: Position | None
    """None when there never was a fix, or it is nowhere on earth."""
    satellites: int
    event: int
    """The element that made the device send it; 0 for none."""
    io: Mapping[int, int]
    octets: bytes


@dataclass(frozen=True, slots=True)
class Records:
    """The records that could be read, and what hindered the others."""

    records: tuple[Record, ...]
    fault: str | None


class _TooShort(Exception):
    """The octets end inside a record."""


class _Octets:
    def __init__(self, octets: bytes, place: int) -> None:
        self.octets = octets
        self.place = place

    def take(self, size: int) -> bytes:
        end = self.place + size
        if end > len(self.octets):
            raise _TooShort
        taken = self.octets[self.place : end]
        self.place = end
        return taken

    def number(self, size: int) -> int:
        return int.from_bytes(self.take(size))


def parse_records(content: bytes) -> Records:
    """Read codec, count, records, count. The codec is one of `LAYOUTS`."""
    layout, count = LAYOUTS[content[0]], content[1]
    octets = _Octets(content[:-1], 2)
    records: list[Record] = []
    try:
        for _ in range(count):
            records.append(_record(octets, layout))
    except _TooShort:
        return Records(tuple(records), f"it ends inside record {len(records) + 1} of {count}")
    left = len(octets.octets) - octets.place
    if left:
        return Records(tuple(records), f"{left} octets follow the last of {count} records")
    if content[-1] != count:
        return Records(tuple(records), f"it begins with {count} records, ends with {content[-1]}")
    return Records(tuple(records), None)


def _record(octets: _Octets, layout: Layout) -> Record:
    began = octets.place
    ms, priority, lon, lat, altitude, angle, satellites, speed = _HEAD.unpack(
        octets.take(_HEAD.size)
    )
    event = octets.number(layout.event)
    octets.take(layout.generation)
    io = _elements(octets, layout)
    return Record(
        time=ms * _MILLISECOND if ms < _LAST_TIME else None,
        priority=priority,
        position=_position(lat / 1e7, lon / 1e7, altitude, angle, speed),
        satellites=satellites,
        event=event,
        io=io,
        octets=octets.octets[began : octets.place],
    )


def _elements(octets: _Octets, layout: Layout) -> dict[int, int]:
    octets.take(layout.counts)  # How many in all: each group has its own count.
    found: dict[int, int] = {}
    for size in (1, 2, 4, 8):
        for _ in range(octets.number(layout.counts)):
            number = octets.number(layout.id)
            found[number] = octets.number(size)
    if layout.any_length:
        for _ in range(octets.number(2)):
            octets.take(2)
            octets.take(octets.number(2))
    return found


def _position(lat: float, lon: float, altitude: int, angle: int, speed: int) -> Position | None:
    if abs(lat) > 90 or abs(lon) > 180 or (lat == 0 and lon == 0):
        return None
    return Position(
        lat=lat,
        lon=lon,
        altitude_m=altitude,
        course_deg=angle if angle <= 360 else None,
        speed_kmh=speed,
    )
