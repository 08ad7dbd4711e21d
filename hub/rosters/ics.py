"""iCalendar (RFC 5545): other makers' calendars in, a team's duty out."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

from hub.rosters.recurrence import length, same_moment, starts
from hub.rosters.spell import People, Place, Read, Refused, Spell
from hub.rosters.times import local, naive, zone_of
from routing.instant import Instant, to_datetime

PERSON = "X-VARDE-PERSON"
"""Our own property: the person's id."""
ABSENT = frozenset(
    {
        *("absence", "absent", "vacation", "holiday", "leave", "sick"),
        *("ferie", "fravær", "fråvær", "syk", "sykdom", "sjuk", "permisjon", "avspasering"),
    }
)
"""Words in SUMMARY or CATEGORIES that make an event an absence."""
_OUT = ("X-MICROSOFT-CDO-BUSYSTATUS", "X-MICROSOFT-CDO-INTENDEDSTATUS")
_PARTS = re.compile(r"[:,;|()\u2013\u2014]|\s-\s")
_BEGIN = re.compile(r"^BEGIN:VEVENT\s*$", re.MULTILINE | re.IGNORECASE)
Key = tuple[str, datetime]


class Reader:
    """Reads one calendar as the duty of one team, from one local time to another."""

    def __init__(
        self, people: People, home: ZoneInfo, team: str, first: datetime, until: datetime
    ) -> None:
        self._people, self._home, self._team = people, home, team
        self._first, self._until = first, until

    def read(self, text: str) -> Read:
        """Return what the calendar says between the two times, and all that is wrong in it."""
        text = text.removeprefix("\ufeff")
        try:
            calendar = Calendar.from_ical(text)
        except (ValueError, IndexError, KeyError) as error:
            return Read([], [Refused("unreadable", Place(1), what=str(error)[:200])])
        read = Read()
        events = list(zip(calendar.walk("VEVENT"), _lines(text), strict=False))
        moved = set(self._moved(events, read))
        for event, line in events:
            place = _place(event, line)
            try:
                read.spells += self._spells(event, place, moved)
            except Refused as refused:
                read.refused.append(refused)
            except OverflowError as error:  # a time before the year 1 or after 9999
                read.refused.append(Refused("unreadable", place, what=str(error)))
        return read

    def _moved(self, events: Sequence[tuple[Any, int]], read: Read) -> Iterator[Key]:
        """Yield (UID, beginning in the municipality's local time) of the occurrences that an event
        of their own replaces."""
        for event, line in events:
            if "RECURRENCE-ID" in event:
                prop, place = event["RECURRENCE-ID"], _place(event, line)
                try:
                    zone = zone_of(prop, self._home, place)
                    _one_occurrence(event, place)
                except Refused as refused:
                    read.refused.append(refused)
                    continue
                yield str(event["UID"]), same_moment(prop.dt, zone, self._home)

    def _spells(self, event: Any, place: Place, moved: set[Key]) -> Iterator[Spell]:
        if str(event.get("STATUS", "")).upper() == "CANCELLED":
            return
        if event.errors:
            raise Refused("unreadable", place, what=str(event.errors[0][1])[:200])
        if "DTSTART" not in event:
            raise Refused("no_times", place)
        where = zone_of(event["DTSTART"], self._home, place)
        start = naive(event["DTSTART"].dt, where)
        lasts = length(event, start, where, self._home, place)
        begins = [start] if "RECURRENCE-ID" in event else self._starts(event, place, moved)
        whom = self._whom(event, place)
        team = None if is_absence(event) else self._team
        for begin in begins:
            first = local(begin, where, self._home, ends=False)
            last = local(begin + lasts, where, self._home, ends=True)
            if last > self._first.isoformat(timespec="minutes"):
                yield from (Spell(person, team, first, last, place) for person in whom)

    def _starts(self, event: Any, place: Place, moved: set[Key]) -> list[datetime]:
        where = zone_of(event["DTSTART"], self._home, place)
        start, uid = naive(event["DTSTART"].dt, where), str(event.get("UID", ""))
        dated = not isinstance(event["DTSTART"].dt, datetime)
        found = starts(event, start, (where, self._home), self._until, place)
        keys = {one: one if dated else same_moment(one, where, self._home) for one in found}
        return [one for one in found if (uid, keys[one]) not in moved]

    def _whom(self, event: Any, place: Place) -> list[str]:
        if PERSON in event:
            return [self._people.find([str(event[PERSON])], place)]
        invited = [one for one in _attendees(event) if _is_person(one)]
        if invited:
            return [self._people.find(_names_of(one), place) for one in invited]
        return [self._people.find(summary_parts(str(event.get("SUMMARY", ""))), place)]


def _lines(text: str) -> Iterator[int]:
    """Yield the line on which each event begins."""
    line, seen = 1, 0
    for found in _BEGIN.finditer(text):
        line += text.count("\n", seen, found.start())
        seen = found.start()
        yield line


def _one_occurrence(event: Any, place: Place) -> None:
    """Raise Refused when it cannot be known which occurrences an event replaces: it would leave
    somebody on duty who is not, or take off somebody who is."""
    if "UID" not in event:
        raise Refused("bad_rule", place, what="RECURRENCE-ID without UID")
    if "RANGE" in event["RECURRENCE-ID"].params:
        raise Refused("bad_rule", place, what="RECURRENCE-ID with RANGE")


def _place(event: Any, line: int) -> Place:
    return Place(line, str(event.get("SUMMARY") or event.get("UID") or "")[:80])


def _attendees(event: Any) -> list[Any]:
    listed = event.get("ATTENDEE", [])
    return listed if isinstance(listed, list) else [listed]


def _is_person(attendee: Any) -> bool:
    return str(attendee.params.get("CUTYPE", "INDIVIDUAL")).upper() in {"INDIVIDUAL", "UNKNOWN"}


def _names_of(attendee: Any) -> list[str]:
    address = str(attendee).removeprefix("mailto:").removeprefix("MAILTO:")
    named = attendee.params.get("CN")
    return [*([str(named)] if named else []), address.partition("@")[0]]


def summary_parts(summary: str) -> list[str]:
    """Return what of a summary may be a name: all of it, its parts, and the parts without words of
    absence."""
    parts = [part.strip() for part in _PARTS.split(summary)]
    left = [" ".join(w for w in p.split() if w.casefold() not in ABSENT) for p in parts]
    return [text for text in dict.fromkeys([summary.strip(), *parts, *left]) if text]


def is_absence(event: Any) -> bool:
    """Whether an event is an absence: marked as out of office, or called one."""
    if any(str(event.get(name, "")).upper() == "OOF" for name in _OUT):
        return True
    categories = event.get("CATEGORIES", [])
    listed = categories if isinstance(categories, list) else [categories]
    said = [str(event.get("SUMMARY", "")), *(str(c) for each in listed for c in each.cats)]
    return any(word in ABSENT for text in said for word in re.findall(r"\w+", text.casefold()))


Duty = Sequence[tuple[str, Instant, Instant]]
"""(person, from, to)"""


def write(duty: Duty, team: str, names: People, made_at: Instant) -> str:
    """Return a calendar with an event for each spell; times are UTC, so that every program reads
    them the same."""
    calendar = Calendar()
    calendar.add("PRODID", "-//Varde//duty roster//EN")
    calendar.add("VERSION", "2.0")
    for person, start, end in duty:
        event = Event()
        event.add("UID", f"{team}-{person}-{start // 1_000_000}@varde")
        event.add("DTSTAMP", to_datetime(made_at))
        event.add("DTSTART", to_datetime(start))
        event.add("DTEND", to_datetime(end))
        event.add("SUMMARY", names.names[person])
        event.add(PERSON, person)
        calendar.add_component(event)
    written: bytes = calendar.to_ical()
    return written.decode()
