"""A report as JSON, as the Traccar client sends it since version 9 (Transistor's location plugin).

    {device_id, location: {timestamp, coords: {latitude, longitude, accuracy, speed (m/s), heading,
     altitude}, battery: {level 0-1}, geofence: {action}, alarm, extras: {alarm}}}

`location` may be a list: what the phone kept while it was out of coverage. -1 means unknown.
"""

from collections.abc import Mapping

from adapters.fit import Json, number
from adapters.osmand.alarms import Meaning, meanings
from adapters.osmand.report import Report, device_id, instant, position
from routing.event import Position
from routing.kinds import Kind

MOST_REPORTS = 100
_MPS_KMH = 3.6
_ZONES = {"ENTER": Kind.ZONE_ENTERED, "EXIT": Kind.ZONE_LEFT, "DWELL": Kind.DEVICE_ALIVE}
Object = Mapping[str, Json]


def reports_of(payload: Json, device: str | None) -> list[Report]:
    """Read the reports, help of any of them included; `device` is who called by the address."""
    roots = payload if isinstance(payload, list) else [payload]
    return [report for root in roots for report in _of_root(root, device)]


def _of_root(root: Json, device: str | None) -> list[Report]:
    if not isinstance(root, dict):
        return [Report(device, broken=("no JSON object",))]
    device = device_id(root.get("device_id")) or device
    location = root.get("location")
    locations = location if isinstance(location, list) else [location]
    return [_report(_object(one), root, device) for one in locations] or [Report(device)]


def _report(location: Object, root: Object, device: str | None) -> Report:
    coords, told = location.get("coords"), location.get("timestamp")
    place, time = _position(_object(coords)), instant(told)
    broken = []
    if time is None and told is not None:
        broken.append("timestamp is no time")
    if place is None and coords is not None:
        broken.append("coords are no place")
    return Report(
        device,
        time,
        place,
        battery_pct=_battery(_object(location.get("battery")).get("level")),
        alarms=tuple(_alarms(location, root)),
        broken=tuple(broken),
    )


def _alarms(location: Object, root: Object) -> list[Meaning]:
    holders = (root, location, _object(location.get("extras")))
    words = dict.fromkeys(word for one in holders if isinstance(word := one.get("alarm"), str))
    found = [meaning for word in words for meaning in meanings(word)]
    geofence = location.get("geofence")
    if geofence is not None:
        action = _object(geofence).get("action")
        kind = _ZONES.get(action, Kind.CODE_UNKNOWN) if isinstance(action, str) else None
        word = action if kind not in (None, Kind.CODE_UNKNOWN) else "(other)"
        found.append(Meaning(kind or Kind.CODE_UNKNOWN, f"geofence={word}"))
    return found


def _position(coords: Object) -> Position | None:
    speed = number(coords.get("speed"))
    return position(
        coords.get("latitude"),
        coords.get("longitude"),
        accuracy_m=coords.get("accuracy"),
        altitude_m=coords.get("altitude"),
        speed_kmh=None if speed is None else speed * _MPS_KMH,
        course=coords.get("heading"),
    )


def _battery(level: Json) -> float | None:
    share = number(level)
    return share * 100 if share is not None and 0 <= share <= 1 else None


def _object(value: Json) -> Object:
    return value if isinstance(value, dict) else {}
