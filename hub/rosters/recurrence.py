"""When an event happens: once, or as its recurrence says, within the time that is imported.

A recurrence without end is read up to the end of that time. Its rule works on wall-clock time, and
so does its length: a night shift from 22 to 07 ends at 07 on every night.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr
from icalendar import vRecur

from hub.rosters.spell import Place, Refused
from hub.rosters.times import naive, zone_of

MOST = 20_000
"""Occurrences looked at in one event, those of the past too."""
_TOO_FINE = {"SECONDLY", "MINUTELY", "HOURLY"}


def starts(
    event: Any, start: datetime, zones: tuple[tzinfo, ZoneInfo], until: datetime, place: Place
) -> list[datetime]:
    """Return the naive times, in the event's own zone, at which it begins before `until`.

    `zones` are the event's own and the municipality's.

    Refused when the rule cannot be read, or happens too often.
    """
    if "EXRULE" in event:  # of RFC 2445; 5545 has none, and a day that it takes out would stay
        raise Refused("bad_rule", place, what="EXRULE")
    (where, home), found = zones, {start}
    for rule in _listed(event, "RRULE"):
        found |= set(_by_rule(rule, start, where, until, place))
    found |= set(_dates(event, "RDATE", home, where, place))
    found -= set(_dates(event, "EXDATE", home, where, place))
    days = set(_days_out(event))
    return sorted(one for one in found if one < until and one.date() not in days)


def _listed(event: Any, name: str) -> list[Any]:
    value = event.get(name)
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _by_rule(
    rule: vRecur, start: datetime, where: tzinfo, until: datetime, place: Place
) -> Iterator[datetime]:
    if str(rule.get("FREQ", [""])[0]).upper() in _TOO_FINE:
        raise Refused("too_often", place, most=str(MOST))
    for step in rule.get("INTERVAL", []):
        if int(step) < 1:
            raise Refused("bad_interval", place, value=str(step))
    try:
        text = _text(_bounded(rule, where, until))
        expanded = list(islice(rrulestr(text, dtstart=start), MOST + 1))
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError) as error:
        raise Refused("bad_rule", place, what=str(error)) from None
    if len(expanded) > MOST:
        raise Refused("too_often", place, most=str(MOST))
    yield from expanded


def _text(parts: dict[str, Any]) -> str:
    written: bytes = vRecur(parts).to_ical()  # type: ignore[no-untyped-call]
    return written.decode()


def _bounded(rule: vRecur, where: tzinfo, until: datetime) -> dict[str, Any]:
    """Return the rule with an end in the event's wall-clock time, never after `until`."""
    parts = dict(rule)
    if "COUNT" in parts:
        return parts
    ends = [_end(value, where) for value in parts.get("UNTIL", [])]
    return {**parts, "UNTIL": [min([*ends, until])]}


def _end(value: Any, where: tzinfo) -> datetime:
    if not isinstance(value, datetime):
        return datetime.combine(value, time(23, 59, 59))
    moment = value if value.tzinfo is None else value.astimezone(UTC).astimezone(where)
    return moment.replace(tzinfo=None)


def _dates(
    event: Any, name: str, home: ZoneInfo, where: tzinfo, place: Place
) -> Iterator[datetime]:
    for listed in _listed(event, name):
        zone = zone_of(listed, home, place)
        for one in listed.dts:
            if not isinstance(one.dt, date):
                raise Refused("bad_rule", place, what=f"{name} with periods")
            yield same_moment(one.dt, zone, where)


def _days_out(event: Any) -> Iterator[date]:
    """Yield the days that EXDATE takes out as a whole. RFC 5545, 3.8.5.1 wants its type to be that
    of DTSTART; makers write dates beside times all the same, and mean the day."""
    for listed in _listed(event, "EXDATE"):
        yield from (one.dt for one in listed.dts if not isinstance(one.dt, datetime | tuple))


def same_moment(value: Any, zone: tzinfo, where: tzinfo) -> datetime:
    """Return a time of one zone as the wall-clock time of another; a date stays its midnight."""
    wall = naive(value, zone)
    if not isinstance(value, datetime) or zone == where:
        return wall
    return wall.replace(tzinfo=zone).astimezone(where).replace(tzinfo=None)


def length(event: Any, start: datetime, where: tzinfo, home: ZoneInfo, place: Place) -> timedelta:
    """Return how long it lasts by the wall clock; Refused when it ends before it begins, or says
    no end."""
    if "DTEND" in event:
        end = same_moment(event["DTEND"].dt, zone_of(event["DTEND"], home, place), where)
        lasts = end - start
    elif "DURATION" in event:
        lasts = event["DURATION"].dt
    elif not isinstance(event["DTSTART"].dt, datetime):
        lasts = timedelta(days=1)
    else:
        raise Refused("no_times", place)
    if lasts <= timedelta(0):
        params = {"first": start.isoformat(" "), "last": (start + lasts).isoformat(" ")}
        raise Refused("ends_before", place, **params)
    return lasts
