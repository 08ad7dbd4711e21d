"""What one report of a phone says, whatever its form."""

import re
from dataclasses import dataclass

from adapters.fit import Json, number
from adapters.osmand.alarms import Meaning
from adapters.tracker.numbers import a_date, at_least, course_deg
from routing.event import Position
from routing.instant import SECOND, Instant, from_rfc3339

_LAST_IN_SECONDS = 2**31
"""Unix times above this are milliseconds: as seconds they would be after the year 2038."""
_NUMBER = re.compile(r"\d{1,15}(?:\.\d{0,9})?", re.ASCII)
_MILLISECOND: Instant = SECOND // 1000
_LONGEST_ID = 128


@dataclass(frozen=True, slots=True)
class Report:
    """One report."""

    device: str | None
    time: Instant | None = None
    position: Position | None = None
    fixed: bool = True
    battery_pct: float | None = None
    alarms: tuple[Meaning, ...] = ()
    broken: tuple[str, ...] = ()
    """Plain words, one for each thing that could not be read."""


def device_id(value: Json) -> str | None:
    """Return the id that a phone gives itself; None where it gives none that can be used."""
    text = str(value).strip() if isinstance(value, str | int) else ""
    return text if text.isprintable() and 0 < len(text) <= _LONGEST_ID else None


def instant(value: Json) -> Instant | None:
    """Return the instant of Unix seconds or milliseconds, ISO 8601, or date and time in UTC."""
    text = str(value).strip() if isinstance(value, str | int | float) else ""
    if _NUMBER.fullmatch(text):
        amount = float(text)
        return a_date(round(amount * (SECOND if amount < _LAST_IN_SECONDS else _MILLISECOND)))
    for zone in ("", "+00:00"):
        try:
            return a_date(from_rfc3339(text + zone))
        except (ValueError, OverflowError):
            continue
    return None


def position(
    lat: Json,
    lon: Json,
    *,
    accuracy_m: Json = None,
    altitude_m: Json = None,
    speed_kmh: float | None = None,
    course: Json = None,
) -> Position | None:
    """Return the position; None where latitude and longitude are none on earth."""
    lat, lon = number(lat), number(lon)
    if lat is None or lon is None or abs(lat) > 90 or abs(lon) > 180:
        return None
    return Position(
        lat=lat,
        lon=lon,
        accuracy_m=at_least(0, number(accuracy_m)),
        altitude_m=number(altitude_m),
        speed_kmh=at_least(0, speed_kmh),
        course_deg=course_deg(number(course)),
    )
