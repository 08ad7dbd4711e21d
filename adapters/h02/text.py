"""Reading a text H02 frame.

    V1, V6, V8, VP1, V4,<...>   hhmmss, A|V|B, lat, N|S, lon, E|W, knots, course, ddmmyy, status
    LINK                        hhmmss, GSM, satellites, battery %, steps, turns, ddmmyy, status
    HTBT                        battery %
    NBR, V3 and others          hhmmss, cells and so on, ddmmyy, status

Models put fields of their own between, so a place is found by its N or S, and date and status by
their looks. Latitudes are ddmm.mmmm, -dd-mm.mmmm, or without the point; degrees may be missing.
"""

import re

from adapters.fit import percent
from adapters.h02.content import Content, degrees, instant
from adapters.h02.frame import Text
from adapters.tracker.numbers import KNOT_KMH, at_least, course_deg, decimal
from routing.event import Position
from routing.instant import Instant

_SIX = re.compile(r"\d{6}", re.ASCII)
_STATUS = re.compile(r"[0-9A-Fa-f]{8}", re.ASCII)
_VALIDITY = frozenset("AVB")
_PLACE = 7
"""Values from the validity to the course."""
_COORDINATE = re.compile(r"-?(\d{0,3}?)-?(\d\d\.\d+)|(\d{0,3}?)(\d\d)(\d{4})", re.ASCII)
_KNOWN = re.compile(r"V[A-Z0-9]*|NBR|LINK|HTBT|SMS|XT|R12|I1|D1|S\d+", re.ASCII)
_BATTERY = {"LINK": 3, "HTBT": 0, "V0": 0}


def is_known(frame: Text) -> bool:
    """Say whether the type means something to us."""
    return _KNOWN.fullmatch(frame.type) is not None


def parse_text(frame: Text, at: Instant) -> Content:
    """Read a text frame; what cannot be read is said and never hides the rest."""
    values = frame.values
    place = _place(values)
    date, status = _date_and_status(values, 0 if place is None else place + _PLACE)
    time = _six(values, 0 if place is None else place - 1)
    content = Content(time=instant(date, time, at))
    content.status = None if status is None else int(status, 16)
    content.lacks_status = status is None and place is not None
    if place is not None:
        content.fixed = values[place] == "A"
        content.position = _position(values[place : place + _PLACE])
    battery = _BATTERY.get(frame.type)
    if battery is not None and battery < len(values):
        content.battery_pct = percent(decimal(values[battery]))
    return content


def _place(values: tuple[str, ...]) -> int | None:
    """Return where the validity stands: before a latitude with its N or S, both perhaps empty."""
    for at, value in enumerate(values[:-2]):
        if value in _VALIDITY and (values[at + 2] in ("N", "S") or not values[at + 1]):
            return at
    return None


def _six(values: tuple[str, ...], place: int) -> str | None:
    """Return six digits at the place: a date or a time."""
    if not 0 <= place < len(values):
        return None
    return values[place] if _SIX.fullmatch(values[place]) else None


def _date_and_status(values: tuple[str, ...], start: int) -> tuple[str | None, str | None]:
    """Return the last date that has a status at most three values behind it."""
    for at in range(len(values) - 1, start - 1, -1):
        if _STATUS.fullmatch(values[at]):
            dates = [_six(values, at - back) for back in (1, 2, 3, 4) if at - back >= start]
            return next((date for date in dates if date is not None), None), values[at]
    return None, None


def _position(values: tuple[str, ...]) -> Position | None:
    if len(values) < _PLACE - 1:
        return None
    _, lat_text, north, lon_text, east, speed, *rest = values
    lat = _coordinate(lat_text, north == "S", 90)
    lon = _coordinate(lon_text, east == "W", 180)
    if lat is None or lon is None or lat == lon == 0:
        return None
    knots = at_least(0, decimal(speed))
    return Position(
        lat=lat,
        lon=lon,
        speed_kmh=None if knots is None else knots * KNOT_KMH,
        course_deg=course_deg(decimal(rest[0])) if rest else None,
    )


def _coordinate(text: str, negative: bool, most: int) -> float | None:
    found = _COORDINATE.fullmatch(text)
    if found is None:
        return None
    whole, minutes, digits, units, fraction = found.groups()
    if minutes is None:
        whole, minutes = digits, f"{units}.{fraction}"
    return degrees(int(whole or 0), float(minutes), negative, most)
