"""Reading the values of a frame: date, time, place, battery, status.

date ddmmyy, time hhmmss, A|V, lat, N|S, lon, E|W, km/h, course, altitude m, satellites, GSM,
battery %, steps, tumbles, status (hex), then cells and Wi-Fi
"""

from dataclasses import dataclass

from adapters.fit import percent
from adapters.setracker.frame import Frame
from adapters.setracker.status import has_position
from adapters.tracker.numbers import at_least, course_deg, decimal, hexadecimal, utc
from routing.event import Position
from routing.instant import Instant

_BATTERY, _STATUS = 12, 15
_SHORT = 4
_HEARTBEAT_BATTERY = 2


@dataclass(frozen=True, slots=True)
class Content:
    """What one frame says."""

    time: Instant | None = None
    battery_pct: float | None = None
    position: Position | None = None
    fixed: bool = False
    """False when the position is the last known one."""
    status: int = 0
    short_status: bool = False
    """True for the four digits of old firmware, whose lower half are the alarms."""
    broken: str | None = None
    """What could not be read, in plain words."""


def parse_content(frame: Frame) -> Content:
    """Read the values of a frame; what cannot be read is said and never hides the rest."""
    values = frame.values
    if not has_position(frame):
        is_heartbeat = frame.type.upper() == "LK"
        battery = _value(values, _HEARTBEAT_BATTERY) if is_heartbeat else None
        return Content(battery_pct=percent(decimal(battery)))
    time, status = _time(values), hexadecimal(_value(values, _STATUS))
    wrong = [name for name, value in (("date and time", time), ("status", status)) if value is None]
    return Content(
        time=time,
        battery_pct=percent(decimal(_value(values, _BATTERY))),
        position=_position(values),
        fixed=_value(values, 2) == "A",
        status=status or 0,
        short_status=len(_value(values, _STATUS) or "") <= _SHORT,
        broken=f"no {' and no '.join(wrong)} in {frame.type}" if wrong else None,
    )


def _value(values: tuple[str, ...], place: int) -> str | None:
    return values[place].strip() if place < len(values) else None


def _time(values: tuple[str, ...]) -> Instant | None:
    return utc("".join(values[:2]))


def _position(values: tuple[str, ...]) -> Position | None:
    """A place of 0,0 is what a watch sends that has never had a fix."""
    lat = _coordinate(_value(values, 3), _value(values, 4) == "S", 90)
    lon = _coordinate(_value(values, 5), _value(values, 6) == "W", 180)
    if lat is None or lon is None or lat == lon == 0:
        return None
    return Position(
        lat=lat,
        lon=lon,
        speed_kmh=at_least(0, decimal(_value(values, 7))),
        course_deg=course_deg(decimal(_value(values, 8))),
        altitude_m=decimal(_value(values, 9)),
    )


def _coordinate(text: str | None, negative: bool, most: int) -> float | None:
    value = decimal(text)
    if value is None or abs(value) > most:
        return None
    return -abs(value) if negative else value
