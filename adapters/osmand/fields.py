"""A report as fields: the query of a GET, or the form of a POST.

    id (deviceid), lat, lon or location=lat,lon, timestamp, speed (knots), bearing or heading,
    altitude, accuracy, batt, valid, alarm

Other fields are the app's own and are passed over.
"""

from collections.abc import Sequence
from itertools import chain
from urllib.parse import parse_qsl

from adapters.fit import percent
from adapters.osmand.alarms import meanings
from adapters.osmand.report import Report, device_id, instant, position
from adapters.tracker.numbers import KNOT_KMH, decimal
from routing.event import Position

MOST_FIELDS = 100
_NAMES = {"deviceid": "id", "device_id": "id", "heading": "bearing"}
Fields = Sequence[tuple[str, str]]


def read_fields(text: str) -> Fields:
    """Return names and values; ValueError when there are more than 100."""
    return parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="replace")


def report_of(fields: Fields) -> Report:
    """Read a report; what cannot be read is said and never hides the rest."""
    values = {_NAMES.get(name.lower(), name.lower()): value for name, value in fields}
    alarms = (value for name, value in fields if name.lower() == "alarm")
    place, time = _position(values), instant(values.get("timestamp"))
    broken = []
    if time is None and values.get("timestamp"):
        broken.append("timestamp is no time")
    if place is None and values.keys() & {"lat", "lon", "location"}:
        broken.append("lat and lon are no place")
    return Report(
        device_id(values.get("id")),
        time,
        place,
        fixed=values.get("valid", "true").lower() in ("true", "1"),
        battery_pct=percent(decimal(values.get("batt"))),
        alarms=tuple(chain.from_iterable(meanings(words) for words in alarms)),
        broken=tuple(broken),
    )


def _position(values: dict[str, str]) -> Position | None:
    lat, _, lon = values.get("location", "").partition(",")
    knots = decimal(values.get("speed"))
    return position(
        decimal(values.get("lat", lat)),
        decimal(values.get("lon", lon.strip())),
        accuracy_m=decimal(values.get("accuracy")),
        altitude_m=decimal(values.get("altitude")),
        speed_kmh=None if knots is None else knots * KNOT_KMH,
        course=decimal(values.get("bearing")),
    )
