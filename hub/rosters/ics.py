"""iCalendar (RFC 5545): other makers' calendars in, a team's duty out."""

import re
import warnings
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path as FilePath
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event
from icalendar.error import GloballyUniqueTZIDGuessed

from hub.configuration.roster_entries import YEARS
from hub.rosters.absence import ANYWHERE, AbsenceWords, summary_parts, words
from hub.rosters.event import BUSY, INTENDED, PERSON, of_one_meaning, place_of, word_of
from hub.rosters.recurrence import length, same_moment, starts
from hub.rosters.spell import LeftOut, People, Place, Read, Refused, Spell
from hub.rosters.times import local, naive, zone_of
from routing.instant import Instant, to_datetime

_NOT_THERE = {
    ("PARTSTAT", "DECLINED"): "left_declined",
    ("PARTSTAT", "DELEGATED"): "left_delegated",
    ("PARTSTAT", "TENTATIVE"): "left_maybe",
    ("ROLE", "NON-PARTICIPANT"): "left_informed",
}
"""What an invitation says of who is not on duty (RFC 5545, 3.2.12 and 3.2.16), and the text. Who
has not answered (NEEDS-ACTION, the default) is on duty: the plan does not ask for an answer."""
_STATUSES = frozenset({"", "TENTATIVE", "CONFIRMED", "CANCELLED"})
"""RFC 5545, 3.8.1.11; nothing said is confirmed."""
_WHOLE = frozenset({"PUBLISH", "REQUEST"})
"""Methods (RFC 5546, 1.4) of which events are said whole. The others tell of events that stand in
another calendar, such as CANCEL, ADD and REPLY, and are silent about the rest. An import takes the
place of the last one, so everybody of whom such a message is silent would be taken off duty."""
_BEGIN = re.compile(r"^BEGIN:VEVENT\s*$", re.MULTILINE | re.IGNORECASE)
Key = tuple[str, date]


class Reader:
    """Reads one calendar as the duty of one team, from one local time to another."""

    def __init__(
        self, people: People, home: ZoneInfo, team: str, first: datetime, until: datetime
    ) -> None:
        self._people, self._home, self._team = people, home, team
        self._words = AbsenceWords(people.names)
        self._first, self._until = first, until

    def read(self, text: str) -> Read:
        """Return what the calendar says between the two times, and all that is wrong in it."""
        text = text.removeprefix("\ufeff")
        try:
            calendar = _parsed(text)
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            return Read([], [Refused("unreadable", Place(1), what=str(error)[:200])])
        except OSError as error:  # a TZID that is a folder of the zones, such as `Europe`
            return Read([], [Refused("unknown_zone", Place(1), zone=FilePath(error.filename).name)])
        if partial := [one for one in _methods(calendar) if one.upper() not in _WHOLE]:
            return Read([], [Refused("no_schedule", Place(1), method=partial[0][:40])])
        read = Read()
        listed = list(zip(calendar.walk("VEVENT"), _lines(text), strict=False))
        events = list(of_one_meaning(listed, read))
        moved = set(self._moved(events, read))
        for event, line in events:
            place = place_of(event, line)
            try:
                self._take(event, place, moved, read)
            except Refused as refused:
                read.refused.append(refused)
            except OverflowError as error:  # a time before the year 1 or after 9999
                read.refused.append(Refused("unreadable", place, what=str(error)))
        return read

    def _moved(self, events: Sequence[tuple[Any, int]], read: Read) -> Iterator[Key]:
        """Yield (UID, beginning in the municipality's local time) of the occurrences that an event
        of their own replaces; a date where it names no time, as of EXDATE."""
        for event, line in events:
            if "RECURRENCE-ID" in event:
                prop, place = event["RECURRENCE-ID"], place_of(event, line)
                try:
                    zone = zone_of(prop, self._home, place)
                    _one_occurrence(event, place)
                    dated = not isinstance(prop.dt, datetime)
                    moment = prop.dt if dated else same_moment(prop.dt, zone, self._home)
                    yield str(event["UID"]), moment
                except Refused as refused:
                    read.refused.append(refused)
                except OverflowError as error:
                    read.refused.append(Refused("unreadable", place, what=str(error)))

    def _take(self, event: Any, place: Place, moved: set[Key], into: Read) -> None:
        if word_of(event, "STATUS") == "CANCELLED":
            return
        if "DTSTART" not in event:
            raise Refused("no_times", place)
        times = self._times(event, place, moved)
        if not times:  # who was on duty in the past may be nobody's name any more
            return
        if word_of(event, "STATUS") not in _STATUSES:
            raise Refused("bad_status", place, value=word_of(event, "STATUS")[:40])
        if is_tentative(event):
            into.left_out.append(LeftOut("left_tentative", place))
            return
        away = is_absence(event, self._words)
        people = [self._absent(event, place)] if away else self._on_duty(event, place, into)
        team = None if away else self._team
        into.spells += [Spell(who, team, *each, place) for each in times for who in people]

    def _times(self, event: Any, place: Place, moved: set[Key]) -> list[tuple[str, str]]:
        """Return (from, to) of each time it happens, without those that are over."""
        where = zone_of(event["DTSTART"], self._home, place)
        start = naive(event["DTSTART"].dt, where)
        lasts = length(event, start, where, self._home, place)
        begins = [start] if "RECURRENCE-ID" in event else self._starts(event, place, moved)
        every = [
            (
                local(begin, where, self._home, ends=False),
                local(begin + lasts, where, self._home, ends=True),
            )
            for begin in begins
        ]
        ahead = [each for each in every if each[1] > self._first.isoformat(timespec="minutes")]
        for first, last in ahead:
            if {int(first[:4]), int(last[:4])} - set(YEARS):
                raise Refused("far_off", place, first=first, last=last)
        return ahead

    def _starts(self, event: Any, place: Place, moved: set[Key]) -> list[datetime]:
        where = zone_of(event["DTSTART"], self._home, place)
        start, uid = naive(event["DTSTART"].dt, where), str(event.get("UID", ""))
        found = starts(event, start, (where, self._home), self._until, place)
        keys = {one: {one.date(), same_moment(one, where, self._home)} for one in found}
        return [one for one in found if not any((uid, key) in moved for key in keys[one])]

    def _on_duty(self, event: Any, place: Place, into: Read) -> list[str]:
        if _is_free(event):
            raise Refused("shown_free", place)
        if PERSON in event:
            return [self._people.find([str(event[PERSON])], place)]
        invited = _invited(event)
        if not invited:
            named = self._people.find(summary_parts(_summary(event)), place)
            return self._sure([named], event, place)
        into.left_out += [
            LeftOut(code, place, _names_of(one)[0])
            for one in invited
            if (code := _not_there(one)) is not None
        ]
        there = [one for one in invited if _not_there(one) is None]
        found = [self._people.find(_names_of(one), place) for one in there]
        return self._sure(found, event, place)

    def _sure(self, people: list[str], event: Any, place: Place) -> list[str]:
        """Return who is on duty. Refused when a name that holds a word of absence may as well mean
        that somebody else is absent: "Kari Ferie" where one is called so, and another Kari."""
        texts = [_summary(event), *_categories(event)]
        called = [name for text in texts for name in self._words.called(text)]
        if not called:
            return people
        named = {self._maybe(name, place) for name in (*called, *ANYWHERE.beside(texts[0]))}
        if people and named - {None, *people}:
            raise Refused("who_absent", place)
        return people

    def _absent(self, event: Any, place: Place) -> str:
        """Return who is absent. Refused when anybody or anything else is named: "Ola for Kari
        (syk)" would take the one off duty who works."""
        invited = _invited(event)
        named = [[str(event[PERSON])]] if PERSON in event else []
        named += [_names_of(one) for one in invited]
        named += [[text] for text in self._words.beside(_summary(event))]
        found = {self._known(names, place) for names in named}
        if len(found) != 1 or len(invited) > 1 or any(map(_not_there, invited)):
            raise Refused("who_absent", place)
        person = found.pop()
        if self._may_be_surname(event, person):
            raise Refused("own_name", place, who=person)
        return person

    def _may_be_surname(self, event: Any, person: str) -> bool:
        """Whether nothing but a part of the person's own name says that it is an absence."""
        summary = _summary(event)
        if _is_marked_absent(event) or any(map(self._words.said, _categories(event))):
            return False
        said, own = self._words.said(summary), set(words(self._people.names[person]))
        return said <= own and not self._words.called(summary)

    def _known(self, names: list[str], place: Place) -> str:
        try:
            return self._people.find(names, place)
        except Refused as refused:
            if refused.code == "unknown_person":  # perhaps a name, perhaps other words
                raise Refused("who_absent", place) from None
            raise

    def _maybe(self, name: str, place: Place) -> str | None:
        try:
            return self._people.find([name], place)
        except Refused as refused:
            if refused.code == "unknown_person":
                return None
            raise


def _parsed(text: str) -> Any:
    with warnings.catch_warnings():
        # A zone behind a maker's prefix: it is read so by `zone_of`, and docs/rosters.md says it.
        warnings.simplefilter("ignore", GloballyUniqueTZIDGuessed)
        return Calendar.from_ical(text)


def _methods(calendar: Any) -> Iterator[str]:
    """Yield what the calendar says it is sent for (RFC 5546), as a rule nothing or once."""
    for one in calendar.walk("VCALENDAR"):
        said = one.get("METHOD", [])
        yield from map(str.strip, said if isinstance(said, list) else [said])


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


def _invited(event: Any) -> list[Any]:
    """Return the attendees who are people."""
    listed = event.get("ATTENDEE", [])
    return [one for one in (listed if isinstance(listed, list) else [listed]) if _is_person(one)]


def _is_person(attendee: Any) -> bool:
    return str(attendee.params.get("CUTYPE", "INDIVIDUAL")).upper() in {"INDIVIDUAL", "UNKNOWN"}


def _not_there(attendee: Any) -> str | None:
    """Return why an attendee is not on duty, None when they are."""
    said = ((name, str(attendee.params.get(name, "")).upper()) for name in ("PARTSTAT", "ROLE"))
    return next((_NOT_THERE[each] for each in said if each in _NOT_THERE), None)


def _names_of(attendee: Any) -> list[str]:
    address = str(attendee).removeprefix("mailto:").removeprefix("MAILTO:")
    named = attendee.params.get("CN")
    return [*([str(named)] if named else []), address.partition("@")[0]]


def is_absence(event: Any, words: AbsenceWords) -> bool:
    """Whether an event is an absence: marked as out of office, or called one."""
    if _is_marked_absent(event):
        return True
    return any(words.said(text) for text in (_summary(event), *_categories(event)))


def _is_marked_absent(event: Any) -> bool:
    return any(word_of(event, name) == "OOF" for name in (BUSY, INTENDED))


def _summary(event: Any) -> str:
    return str(event.get("SUMMARY", ""))


def _categories(event: Any) -> list[str]:
    categories = event.get("CATEGORIES", [])
    listed = categories if isinstance(categories, list) else [categories]
    return [str(c) for each in listed for c in each.cats]


def is_tentative(event: Any) -> bool:
    """Whether it is not decided yet (RFC 5545, 3.8.1.11; Outlook's mark says the same)."""
    return any(word_of(event, name) == "TENTATIVE" for name in ("STATUS", BUSY))


def _is_free(event: Any) -> bool:
    """Whether it takes up nobody's time (RFC 5545, 3.8.2.7). Programs also write this of a whole
    day unless they are told otherwise, so that it does not say either that nobody is on duty."""
    shown = word_of(event, BUSY) or word_of(event, INTENDED)
    return word_of(event, "TRANSP") == "TRANSPARENT" or shown == "FREE"


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
