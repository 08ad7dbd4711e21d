"""Positions of the extended data, X longitude and Y latitude (DC-09, table of extended data).

The standard leaves twelve characters for each. Seen and read: decimal degrees with a sign or a
hemisphere (`-0.12`, `59.91N`), degrees, hemisphere and minutes (`010E44.41`), and degrees and
minutes as in NMEA 0183 (`5954.83N`). What cannot be read costs the position, never the alarm.
"""

import re

from routing.event import Position

_FORMS = (
    re.compile(r"(?P<d>[+-]?\d{1,3}(?:\.\d{1,10})?)(?P<h>[NSEW]?)"),
    re.compile(r"(?P<d>\d{1,3})(?P<h>[NSEW])(?P<m>\d{1,2}(?:\.\d{1,10})?)"),
    re.compile(r"(?P<d>\d{2,3})(?P<m>\d{2}\.\d{1,10})(?P<h>[NSEW])"),
)


def position_of(latitude: str | None, longitude: str | None) -> Position | None:
    """Return the position of both texts; None where one is missing or cannot be read."""
    lat, lon = _degrees(latitude, "NS"), _degrees(longitude, "EW")
    if lat is None or lon is None or abs(lat) > 90 or abs(lon) > 180:
        return None
    return Position(lat=lat, lon=lon)


def _degrees(text: str | None, hemispheres: str) -> float | None:
    value = (text or "").strip().upper()
    for form in _FORMS:
        found = form.fullmatch(value)
        if found is not None:
            parts = found.groupdict()
            hemisphere = parts["h"]
            if hemisphere and hemisphere not in hemispheres:
                return None
            degrees = float(parts["d"]) + float(parts.get("m") or 0) / 60
            return -degrees if hemisphere == hemispheres[1] else degrees
    return None
