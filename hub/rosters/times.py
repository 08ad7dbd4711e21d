"""The times of other makers' calendars in the municipality's local time.

A time may name a zone (an IANA name, also with a maker's prefix; a Windows name; or one that the
calendar defines itself), be in UTC, or float: then it is the municipality's (RFC 5545, 3.3.5).
"""

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from hub.configuration.scalars import OF_ONE_MACHINE
from hub.rosters.spell import Place, Refused
from routing.instant import from_datetime
from routing.local import at_text, instant, local_text

MINUTE = timedelta(minutes=1)


def zone_of(prop: Any, home: ZoneInfo, place: Place) -> tzinfo:
    """Return the zone in which a DTSTART, DTEND, EXDATE or the like is written. Refused when its
    TZID is neither known nor defined in the calendar."""
    name = str(prop.params.get("TZID", ""))
    value = prop.dt if hasattr(prop, "dt") else prop.dts[0].dt
    own = value.tzinfo if isinstance(value, datetime) else None
    if not name:
        return UTC if own is not None else home
    if name.rpartition("/")[2] in OF_ONE_MACHINE:
        raise Refused("unknown_zone", place, zone=name)
    known = _named(name)
    if known is not None:
        return known
    if own is not None:
        return own
    raise Refused("unknown_zone", place, zone=name)


def _named(name: str) -> ZoneInfo | None:
    plain = name.strip("\"'")
    parts = plain.split("/")
    ends = ("/".join(parts[-2:]), "/".join(parts[-3:]))
    for each in (plain, WINDOWS_TO_OLSON.get(plain, ""), *ends):
        try:
            if each:
                return ZoneInfo(each)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            continue
    return None


def naive(value: date | datetime, where: tzinfo) -> datetime:
    """Return the wall-clock time in the zone; a date is its midnight."""
    if not isinstance(value, datetime):
        return datetime.combine(value, time())
    if where is UTC and value.tzinfo is not None:
        value = value.astimezone(UTC)
    return value.replace(tzinfo=None)


def local(wall: datetime, where: tzinfo, home: ZoneInfo, *, ends: bool) -> str:
    """Return a wall-clock time of another zone as the municipality's local time in ISO form.

    A moment in the hour that comes a second time has no local time of its own: the beginning
    becomes that of the first time, the end the end of the hour, so that nothing gets shorter.
    """
    if where is home or getattr(where, "key", None) == home.key:
        return _to_the_minute(wall, ends=ends).isoformat(timespec="minutes")
    if isinstance(where, ZoneInfo):
        at = instant(where, wall)
    else:
        at = from_datetime(wall.replace(tzinfo=where))
    text = local_text(home, at)
    while ends and at_text(home, text) < at:
        text = (datetime.fromisoformat(text) + MINUTE).isoformat(timespec="minutes")
    return text


def _to_the_minute(wall: datetime, *, ends: bool) -> datetime:
    whole = wall.replace(second=0, microsecond=0)
    return whole + MINUTE if ends and whole != wall else whole
