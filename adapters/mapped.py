"""From a mapped payload to what it says: the parts of an event that do not depend on transport."""

from collections.abc import Iterator
from dataclasses import dataclass

from adapters.fit import Json, fit, number, percent
from adapters.mapping import Mapping, Meaning, look_up, meanings, text_at
from routing.event import EventData, Position
from routing.instant import MINUTE, SECOND, Instant, from_rfc3339, to_rfc3339
from routing.kinds import Kind

_CLOCK_TOLERANCE = 10 * MINUTE
_MILLISECONDS_FROM = 1e11
"""Unix seconds stay under this until the year 5138; milliseconds passed it in 1973."""
_LAST_SECOND = 253_402_300_799
"""The end of the year 9999, which is as far as RFC 3339 goes."""


@dataclass(frozen=True, slots=True)
class Saying:
    """One thing a payload says."""

    kind: Kind
    data: EventData
    occurred_at: Instant | None


def sayings(mapping: Mapping, payload: Json, at: Instant) -> list[Saying]:
    """Return what the payload says, and a `clock.wrong` where its time cannot be."""
    occurred_at, fault = _time(mapping, payload, at)
    told = [
        Saying(kind, _data(mapping, payload, code), occurred_at)
        for kind, code in _without_ignored(meanings(mapping, payload))
    ]
    if told and fault is not None:
        told.append(Saying(Kind.CLOCK_WRONG, EventData(note=fault), occurred_at))
    return told


def _without_ignored(
    found: list[tuple[Meaning, str | None]],
) -> Iterator[tuple[Kind, str | None]]:
    return ((kind, code) for kind, code in found if kind != "ignore")


def _data(mapping: Mapping, payload: Json, code: str | None) -> EventData:
    def text(path: str | None, limit: int = 64) -> str | None:
        found = text_at(payload, path)
        return None if found is None else fit(found, limit)

    return EventData(
        code=None if code is None else fit(code, 64),
        reference=text(mapping.reference),
        part=text(mapping.part),
        note=text(mapping.note, 1000),
        battery_pct=percent(look_up(payload, mapping.battery)),
        link_quality=number(look_up(payload, mapping.link_quality)),
        position=_position(mapping, payload),
    )


def _position(mapping: Mapping, payload: Json) -> Position | None:
    lat = number(look_up(payload, mapping.latitude))
    lon = number(look_up(payload, mapping.longitude))
    if lat is None or lon is None or abs(lat) > 90 or abs(lon) > 180:
        return None
    return Position(lat=lat, lon=lon)


def _time(mapping: Mapping, payload: Json, at: Instant) -> tuple[Instant | None, str | None]:
    """Return the maker's time and what is wrong with it. An old time is a late message, so only a
    time that cannot be read or has not come yet is a fault."""
    value = look_up(payload, mapping.time)
    if value is None:
        return None, None
    moment = _instant(value)
    if moment is None:
        return None, fit(f"the time {value!r} is neither RFC 3339 with a zone nor Unix time", 200)
    if moment > at + _CLOCK_TOLERANCE:
        return moment, f"the sender's clock says {to_rfc3339(moment)}, ours {to_rfc3339(at)}"
    return moment, None


def _instant(value: Json) -> Instant | None:
    if isinstance(value, str):
        try:
            moment = from_rfc3339(value)
        except (ValueError, OverflowError):
            return None
        return moment if 0 <= moment <= _LAST_SECOND * SECOND else None
    seconds = number(value)
    if seconds is None or seconds < 0:
        return None
    if seconds >= _MILLISECONDS_FROM:
        seconds /= 1000
    return round(seconds * SECOND) if seconds <= _LAST_SECOND else None
