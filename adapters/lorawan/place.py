"""Parts that both network servers write alike: a time, a place, and who heard a frame how well."""

from adapters.fit import Json, number
from adapters.mapping import look_up
from routing.event import Position
from routing.instant import Instant, from_rfc3339


def when(value: Json) -> Instant | None:
    """Return the instant of RFC 3339 text, None for anything else."""
    try:
        moment = from_rfc3339(value) if isinstance(value, str) else None
    except (ValueError, OverflowError):
        return None
    return moment if moment is not None and moment >= 0 else None


def strongest(heard_by: Json) -> float | None:
    """Return the best RSSI in dBm among the gateways that heard a frame."""
    gateways = heard_by if isinstance(heard_by, list) else []
    found = [number(look_up(gateway, "rssi")) for gateway in gateways]
    return max((rssi for rssi in found if rssi is not None), default=None)


def place_at(body: Json, path: str) -> Position | None:
    """Return latitude and longitude in degrees below the path; a missing one is 0 there."""
    found = look_up(body, path)
    if not isinstance(found, dict):
        return None
    lat, lon = (number(found.get(name, 0)) for name in ("latitude", "longitude"))
    if lat is None or lon is None or abs(lat) > 90 or abs(lon) > 180:
        return None
    return Position(lat=lat, lon=lon)
