"""What the content of a GT06 frame says, whatever its layout."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from routing.event import Position
from routing.instant import Instant, from_datetime

_DATE = 6
_DEGREE = 1_800_000
"""Latitude and longitude are in 1/30000 of a minute."""
GPS = 18
"""Octets of date, satellites, latitude, longitude, speed, course and flags."""


@dataclass(slots=True)
class Content:
    """What one frame says."""

    time: Instant | None = None
    position: Position | None = None
    fixed: bool = True
    """False when the position is the last known one."""
    status: int | None = None
    """The terminal's status; bits 3-5 hold an alarm."""
    alarm: int | None = None
    zone: int | None = None
    battery_pct: float | None = None
    buffered: bool = False
    """True when the device says that it sends old data."""
    extra: int | None = None
    """An alarm code of a numbering of its own (types 0x95, 0x33 long, 0x70)."""
    broken: list[str] = field(default_factory=list)
    """Plain words, one for each part that could not be read."""


def read_time(content: Content, octets: bytes) -> None:
    """Read year, month, day, hour, minute, second; a date of zeros is none."""
    if len(octets) < _DATE:
        content.broken.append(f"a date of {len(octets)} octets")
    elif any(octets[:3]):
        year, *others = octets[:_DATE]
        try:
            content.time = from_datetime(datetime(2000 + year, *others, tzinfo=UTC))  # type: ignore[misc, arg-type]
        except ValueError:
            content.broken.append(f"no date: {octets[:_DATE].hex()}")


def read_gps(content: Content, octets: bytes) -> bool:
    """Read date, satellites and place; False when there are too few octets for them."""
    if len(octets) < GPS:
        content.broken.append(f"{len(octets)} octets are too few for a position")
        return False
    read_time(content, octets)
    read_place(content, octets[7:15], octets[15], octets[16:18])
    return True


def read_place(content: Content, place: bytes, speed_kmh: int | None, flags: bytes) -> None:
    """Read latitude and longitude (unsigned) with the flags that sign them: bit 10 north, bit 11
    west, bit 12 fixed, bits 0-9 course."""
    bits = int.from_bytes(flags)
    lat, lon = int.from_bytes(place[:4]) / _DEGREE, int.from_bytes(place[4:]) / _DEGREE
    course = bits & 0x3FF
    content.fixed = bool(bits & 1 << 12)
    if lat == 0 and lon == 0:
        return
    if lat > 90 or lon > 180:
        content.broken.append(f"no place on earth: {place.hex()}")
        return
    content.position = Position(
        lat=lat if bits & 1 << 10 else -lat,
        lon=-lon if bits & 1 << 11 else lon,
        speed_kmh=speed_kmh,
        course_deg=course if course <= 360 else None,
    )


def level_pct(level: int) -> float | None:
    """Return a battery octet in percent: 0-6 are levels, 7-100 percent, more is nothing."""
    if level <= 6:
        return level * 100 // 6
    return level if level <= 100 else None
