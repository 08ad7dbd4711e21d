"""Where a unit says it is: `<lge>` with degrees (`geo`) or an NMEA sentence (`gga`).

GGA: `$GPGGA,hhmmss,ddmm.mmmm,N,dddmm.mmmm,E,quality,...,altitude,M,...*hh`; the check sum is the
exclusive or of what stands between `$` and `*` (NMEA 0183). Quality 0 is no fix. How a unit writes
the time (`tim`) differs, so it is told as it is and never taken for our clock.
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from routing.event import Position

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_DEGREES = re.compile(
    r"\s*([+-]?\d{1,3}(?:\.\d{1,12})?)\s*[,; ]\s*([+-]?\d{1,3}(?:\.\d{1,12})?)\s*"
)
_GGA = re.compile(
    r"\$?(?P<said>[A-Z]{2}GGA,(?P<time>[\d.]*),(?P<lat>\d{4}(?:\.\d{1,10})?),(?P<ns>[NS]),"
    r"(?P<lon>\d{5}(?:\.\d{1,10})?),(?P<ew>[EW]),(?P<quality>\d),[^,*]*,[^,*]*,"
    r"(?P<altitude>-?\d{1,5}(?:\.\d{1,3})?)?[^*]*)(?:\*(?P<sum>[0-9A-Fa-f]{2}))?\s*"
)


def position_of(fields: dict[str, str]) -> Position | None:
    """Read the parts of an `<lge>`; None when neither is a position."""
    if match := _DEGREES.fullmatch(fields.get("geo", "")):
        return _position(float(match[1]), float(match[2]))
    return _of_gga(fields.get("gga", ""))


def parts_of(lge: "Element") -> dict[str, str]:
    """Return the parts of an `<lge>` by lower-case name, the first of each."""
    return dict(reversed(list(_named(lge))))


def _named(lge: "Element") -> Iterator[tuple[str, str]]:
    for element in lge:
        name = str(element.tag).rpartition("}")[2].lower()
        yield name, "".join(element.itertext()).strip()


def _of_gga(text: str) -> Position | None:
    match = _GGA.fullmatch(text)
    if match is None or match["quality"] == "0" or not _is_whole(match["said"], match["sum"]):
        return None
    lat, lon = _degrees(match["lat"], 2), _degrees(match["lon"], 3)
    altitude_m = float(match["altitude"]) if match["altitude"] else None
    return _position(
        -lat if match["ns"] == "S" else lat, -lon if match["ew"] == "W" else lon, altitude_m
    )


def _is_whole(said: str, checksum: str | None) -> bool:
    total = 0
    for octet in said.encode():
        total ^= octet
    return checksum is None or total == int(checksum, 16)


def _degrees(text: str, digits: int) -> float:
    """Read degrees and minutes (`5954.8310`) as degrees."""
    return round(int(text[:digits]) + float(text[digits:]) / 60, 7)


def _position(lat: float, lon: float, altitude_m: float | None = None) -> Position | None:
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        return None
    return Position(lat=lat, lon=lon, altitude_m=altitude_m)
