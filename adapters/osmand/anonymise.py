"""OsmAnd without the person: another id, another place, and only what the hub reads. Alarm words
that nobody knows may be anybody's text and are replaced; headers are left out."""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urlencode

from adapters.anonymous import Anonymised, NotAnonymous, Pseudonyms, with_octets
from adapters.fit import Json, number, read_json
from adapters.osmand.alarms import meanings
from adapters.osmand.fields import read_fields, report_of
from adapters.osmand.objects import reports_of
from adapters.osmand.report import Report, instant
from adapters.protocol import Payload
from routing.kinds import Kind

_REQUEST = re.compile(rb"(?:GET|POST) [^ ?]*(?:\?([^ \r\n]*))?[^\r\n]*\r?\n?", re.ASCII)
_HEADERS = re.compile(rb"(?:[A-Za-z-]+:[^\r\n]*\r?\n)*\r?\n?")
_IDS = frozenset(("id", "deviceid", "device_id"))
_NUMBERS = frozenset(("speed", "bearing", "heading", "accuracy", "batt"))
_DECIMAL = re.compile(r"[+-]?\d{1,6}(\.\d{0,20})?", re.ASCII)
_ACTIONS = frozenset(("ENTER", "EXIT", "DWELL"))


def anonymise(payload: Payload, names: Pseudonyms) -> Anonymised:
    """Return the call as a body, after its query where it had one; NotAnonymous for a part that is
    not known."""
    query, body = _parts(payload.octets)
    try:
        if body[:1] in (b"{", b"["):
            made = [json.dumps(_roots(read_json(body), names))]
        else:
            made = [_fields(body.decode("utf-8", "replace"), names)] if body else []
        asked = None if query is None else _fields(query, names)
    except ValueError as error:
        raise NotAnonymous(f"a call that cannot be read: {error}") from None
    line = [] if asked is None else [f"GET /?{asked}"]
    return Anonymised((with_octets(payload, "\n".join((*line, *made)).encode()),))


def _parts(octets: bytes) -> tuple[str | None, bytes]:
    """Return the query, None without a line of request, and the body."""
    line = _REQUEST.match(octets)
    if line is None:
        return None, octets.strip()
    headers = _HEADERS.match(octets, line.end())
    body = octets[headers.end() if headers else line.end() :].strip()
    return (line[1] or b"").decode("ascii", "replace"), body


def _fields(text: str, names: Pseudonyms) -> str:
    fields = read_fields(text)
    report = report_of(fields)
    _check(report)
    kept = [pair for name, value in fields for pair in _field(name.lower(), value, names)]
    return urlencode([*kept, *_moved(report, names, ("lat", "lon"))])


def _field(name: str, value: str, names: Pseudonyms) -> Iterator[tuple[str, str]]:
    if name in _IDS and value.strip():
        yield name, _id(value, names)
    elif name == "alarm":
        yield name, _alarm(value, names)
    elif _says_nothing_more(name, value):
        yield name, value


def _says_nothing_more(name: str, value: str) -> bool:
    """Whether it is a field that is read, with a value of its form."""
    if name == "timestamp":
        return instant(value) is not None
    if name == "valid":
        return value.lower() in ("true", "false", "1", "0")
    return name in _NUMBERS and _DECIMAL.fullmatch(value) is not None


def _roots(said: Json, names: Pseudonyms) -> Any:
    for report in reports_of(said, None):
        _check(report)
    return [_root(one, names) for one in said] if isinstance(said, list) else _root(said, names)


def _root(root: Json, names: Pseudonyms) -> dict[str, Any]:
    if not isinstance(root, dict):
        raise NotAnonymous("a report that is no JSON object")
    found: dict[str, Any] = dict(_alarms(root, names))
    if isinstance(device := root.get("device_id"), str | int):
        found["device_id"] = _id(str(device), names)
    location = root.get("location")
    if isinstance(location, list):
        found["location"] = [_location(one, names) for one in location]
    elif location is not None:
        found["location"] = _location(location, names)
    return found


def _location(location: Json, names: Pseudonyms) -> dict[str, Any]:
    if not isinstance(location, dict):
        raise NotAnonymous("a location that is no JSON object")
    found: dict[str, Any] = dict(_alarms(location, names))
    report = reports_of({"location": location}, None)[0]
    if report.time is not None:
        found["timestamp"] = location["timestamp"]
    if report.position is not None:
        coords = location["coords"]
        kept = _numbers(coords, ("accuracy", "speed", "heading"))
        found["coords"] = kept | {
            name: float(text) for name, text in _moved(report, names, ("latitude", "longitude"))
        }
    if isinstance(battery := location.get("battery"), dict):
        found["battery"] = _numbers(battery, ("level",))
    if isinstance(extras := location.get("extras"), dict):
        found["extras"] = dict(_alarms(extras, names))
    if (geofence := location.get("geofence")) is not None:
        action = geofence.get("action") if isinstance(geofence, dict) else None
        found["geofence"] = {"action": action} if action in _ACTIONS else {}
    return found


def _numbers(said: dict[str, Json], kept: Iterable[str]) -> dict[str, Any]:
    return {name: said[name] for name in kept if number(said.get(name)) is not None}


def _alarms(said: dict[str, Json], names: Pseudonyms) -> Iterator[tuple[str, str]]:
    if isinstance(words := said.get("alarm"), str):
        yield "alarm", _alarm(words, names)


def _alarm(words: str, names: Pseudonyms) -> str:
    found = (word.strip() for word in words.split(",") if word.strip())
    return ",".join(
        names.word(word) if meanings(word)[0].kind is Kind.CODE_UNKNOWN else word for word in found
    )


def _moved(report: Report, names: Pseudonyms, called: tuple[str, str]) -> Iterator[tuple[str, str]]:
    if report.position is not None:
        moved = names.place(report.position.lat, report.position.lon)
        yield from zip(called, (f"{one:.6f}" for one in moved), strict=True)


def _id(value: str, names: Pseudonyms) -> str:
    text = value.strip()
    return names.digits(text) if text.isascii() and text.isdigit() else names.word(text)


def _check(report: Report) -> None:
    if report.broken:
        raise NotAnonymous("a report with a part that cannot be read")
