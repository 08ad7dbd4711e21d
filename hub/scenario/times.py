"""When something happens in a story: local times of day, days that follow, and steps from before.

"14:02"  "14:02:25"            a local time on the first day
"day 2 06:10"                  ... on a later day
"02:30 +01:00"                 ... with the offset that says which of two it is
"+25 s"  "+1 h 30 min"         after what came before
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from hub.configuration.scalars import bad, zone_name
from routing.instant import SECOND, Instant, from_datetime, to_datetime

_LENGTH = r"\d{1,6} ?(?:s|min|h|d)(?: \d{1,6} ?(?:s|min|h|d))*"
_PART = re.compile(r"(\d{1,6}) ?(s|min|h|d)")
_OFFSET = r"(?: ?([+-](?:0\d|1[0-4]):[0-5]\d))?"
_CLOCK = rf"(?:day ([1-9]\d{{0,2}}) )?([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?{_OFFSET}"
_START = (
    rf"(\d{{4}}-\d\d-\d\d) (\d\d:\d\d(?::\d\d)?){_OFFSET}"
    r" ([A-Za-z][A-Za-z0-9_+-]*(?:/[A-Za-z0-9_+-]+)*)"
)
_YEARS = range(1970, 2200)
"""In which a story may begin: far enough from the ends of what can be reckoned with."""
LONGEST_S = 1000 * 86400
"""Of a story, and of any length in it: more is a slip of the pen, and a play without end."""
_UNIT_S = {"d": 86400, "h": 3600, "min": 60, "s": 1}
_RELATIVE, _CLOCK_TIME = re.compile(rf"\+ ?({_LENGTH})"), re.compile(_CLOCK)


class NoSuchTime(ValueError):
    """A local time that the clock skips, or shows twice and does not say which."""


def _moment(value: object) -> str:
    text = str(value)
    if not _RELATIVE.fullmatch(text) and not _CLOCK_TIME.fullmatch(text):
        raise PydanticCustomError("bad_moment", "{value}", {"value": text[:80]})
    return text


def _length_s(value: object) -> int:
    text = str(value)
    if not re.fullmatch(_LENGTH, text):
        raise bad_length(text)
    if (length_s := seconds(text)) > LONGEST_S:
        raise bad("lasts_too_long", text, most=str(LONGEST_S // 86400))
    return length_s


def bad_length(value: str) -> PydanticCustomError:
    """Return the error of a length that is none."""
    return bad("bad_duration", value, units=", ".join(reversed(_UNIT_S)))


def _start(value: object) -> str:
    text = str(value)
    try:
        Calendar(text)
    except NoSuchTime as error:
        raise bad("no_such_time", text, time=str(error)) from None
    return text


def seconds(text: str) -> int:
    """Return the seconds of a length such as "1 h 30 min"."""
    return sum(int(number) * _UNIT_S[unit] for number, unit in _PART.findall(text))


Moment = Annotated[
    str,
    BeforeValidator(_moment),
    WithJsonSchema({"type": "string", "pattern": rf"^(\+ ?{_LENGTH}|{_CLOCK})$"}),
]
"""When, as written; `Calendar.resolve` makes an instant of it."""
Length = Annotated[
    int, BeforeValidator(_length_s), WithJsonSchema({"type": "string", "pattern": f"^{_LENGTH}$"})
]
"""Seconds, written as "25 s" or "1 h 30 min"."""
Start = Annotated[
    str, BeforeValidator(_start), WithJsonSchema({"type": "string", "pattern": f"^{_START}$"})
]
"""The first day, the local time at which the story begins, and its time zone."""


@dataclass(frozen=True, slots=True)
class Window:
    """From an instant to an instant, both ends in it."""

    first: Instant
    last: Instant


class Calendar:
    """Makes instants of a story's times. A named ValueError when the start is none."""

    def __init__(self, start: str) -> None:
        found = re.fullmatch(_START, start)
        if found is None:
            raise bad("bad_start", start)
        self.zone = ZoneInfo(zone_name(found[4]))
        try:
            self.day, clock = date.fromisoformat(found[1]), time.fromisoformat(found[2])
        except ValueError:
            raise bad("no_such_start", start) from None
        if self.day.year not in _YEARS:
            raise bad("start_too_far", start)
        self.start: Instant = self._local(1, clock, found[3])

    def resolve(self, moment: str, before: Instant) -> Instant:
        """Return the instant; `before` is what a relative one counts from. NoSuchTime."""
        relative = _RELATIVE.fullmatch(moment)
        if relative:
            return before + seconds(relative[1]) * SECOND
        found = _CLOCK_TIME.fullmatch(moment)
        if found is None:
            raise NoSuchTime(moment)
        day, hour, minute, second, offset = found.groups()
        return self._local(int(day or 1), time(int(hour), int(minute), int(second or 0)), offset)

    def _local(self, day: int, clock: time, offset: str | None) -> Instant:
        naive = datetime.combine(self.day + timedelta(days=day - 1), clock)
        if offset is not None:
            return from_datetime(naive.replace(tzinfo=_fixed(offset)))
        one, other = (from_datetime(naive.replace(tzinfo=self.zone, fold=f)) for f in (0, 1))
        if one != other:
            raise NoSuchTime(f"{naive:%Y-%m-%d %H:%M}")
        return one

    def show(self, at: Instant) -> str:
        """Return the local time, with the day when it is not the first, and the offset when the
        clock shows that time twice."""
        local = to_datetime(at).astimezone(self.zone)
        number = (local.date() - self.day).days + 1
        clock = f"{local:%H:%M:%S}" + (f" {_offset(local)}" if _is_twice(local) else "")
        return clock if number == 1 else f"day {number} {clock}"


def _is_twice(local: datetime) -> bool:
    one, other = (local.replace(fold=fold).utcoffset() for fold in (0, 1))
    return one != other


def _offset(local: datetime) -> str:
    text = f"{local:%z}"
    return f"{text[:3]}:{text[3:]}"


def _fixed(offset: str) -> timezone:
    length = timedelta(hours=int(offset[1:3]), minutes=int(offset[4:]))
    return timezone(-length if offset[0] == "-" else length)
