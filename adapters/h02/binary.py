"""Reading a binary H02 frame: BCD digits, one after the other.

    hhmmss ddmmyy | ddmm.mmmm (8) | battery (2) | dddmm.mmmm (9) | flags (1 hex digit)
    knots (3) | course (3) | status (8 hex digits)

Flags: 2 valid, 4 north, 8 east. Source: traccar's H02 decoder (Apache-2.0; facts only). What the
battery octet counts in differs and is not read.
"""

from adapters.h02.content import Content, degrees, instant
from adapters.h02.frame import Binary
from adapters.tracker.numbers import KNOT_KMH, course_deg
from routing.event import Position
from routing.instant import Instant

_VALID, _NORTH, _EAST = 2, 4, 8
_STATUS = slice(38, 46)


def parse_binary(frame: Binary, at: Instant) -> Content:
    """Read a binary frame; a place that cannot be read never hides the status."""
    digits = frame.body.hex()
    content = Content(time=instant(digits[6:12], digits[:6], at), status=int(digits[_STATUS], 16))
    flags = int(digits[31], 16)
    place = digits[12:20] + digits[22:31] + digits[32:38]
    if not place.isdecimal():
        content.broken = "the place is not BCD"
        return content
    lat = degrees(int(digits[12:14]), int(digits[14:20]) / 1e4, not flags & _NORTH, 90)
    lon = degrees(int(digits[22:25]), int(digits[25:31]) / 1e4, not flags & _EAST, 180)
    if lat is None or lon is None:
        content.broken = "the place is none on earth"
    elif lat or lon:
        content.fixed = bool(flags & _VALID)
        content.position = Position(
            lat=lat,
            lon=lon,
            speed_kmh=int(digits[32:35]) * KNOT_KMH,
            course_deg=course_deg(int(digits[35:38])),
        )
    return content
