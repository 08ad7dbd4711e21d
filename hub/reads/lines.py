"""Looks in words, as whoever they are about may ask for them."""

from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from hub.reads.port import Read, Sought, What
from hub.telling.names import Names
from hub.text import Catalogue
from routing.instant import Instant, to_datetime

_COLUMNS = ("from", "to", "name", "roles", "organisation", "resident", "what", "why", "phone")
Row = dict[str, str]
"""Column's code to what stands in it."""


@dataclass(frozen=True, slots=True)
class Told:
    """What is needed to tell in one language."""

    say: Catalogue
    names: Names
    municipality: str
    timezone: ZoneInfo

    def columns(self) -> Row:
        """Return each column's code with its heading."""
        return {code: self.say(f"reads.column.{code}") for code in _COLUMNS}

    def clock(self, at: Instant) -> str:
        """Return the municipality's wall-clock time, `2026-11-22 14:02:07+01:00`: with its offset,
        because an hour of every year exists twice."""
        return to_datetime(at).astimezone(self.timezone).isoformat(" ", "seconds")


def heading(sought: Sought, told: Told, now: Instant, keep_days: int) -> list[str]:
    """Return whose looks they are, and when it was written out."""
    say, names = told.say, told.names
    found = []
    if sought.resident is not None:
        who = f"{names.name('resident', sought.resident)} ({sought.resident})"
        found.append(say("reads.heading.resident", who=who))
    if sought.person is not None:
        who = f"{names.name('person', sought.person)} ({sought.person})"
        found.append(say("reads.heading.person", who=who))
    if sought.handset is not None:
        found.append(say("reads.heading.phone", who=sought.handset))
    about = {"at": told.clock(now), "timezone": told.timezone.key, "days": keep_days}
    return [*found, say("reads.heading.period", **about)]


def rows(looks: Iterable[Read], told: Told) -> list[Row]:
    """Return one row for each look."""
    return [_row(look, told) for look in looks]


def lines(looks: Iterable[Read], told: Told) -> list[str]:
    """Return a line with what was read for each look, and beneath it who and why."""
    found = []
    for row in rows(looks, told):
        until = "" if row["to"] == row["from"] else f" – {row['to'][11:]}"
        who = f"{row['name']} ({row['roles']}), {row['organisation']}"
        found += [
            f"{row['from']}{until}  {row['what']}",
            f"    {who}",
            f"    {told.say('reads.column.resident')}: {row['resident']}",
            f"    {told.say('reads.column.why')}: {row['why']}",
        ]
    return found or [told.say("reads.none")]


def _row(look: Read, told: Told) -> Row:
    names, say = told.names, told.say
    return {
        "from": told.clock(look.at),
        "to": told.clock(look.last_at),
        "name": look.name,
        "roles": ", ".join(say(f"role.{role}") for role in look.roles.split()),
        "organisation": names.name("municipality", told.municipality),
        "resident": names.name("resident", look.resident),
        "what": say(f"reads.what.{look.what}"),
        "why": _why(look, told),
        "phone": look.handset,
    }


def _why(look: Read, told: Told) -> str:
    say = told.say
    if look.what is What.ZONE:
        units = (told.names.name("unit", id) for id in look.why.split(", "))
        return say("reads.why.zone", id=", ".join(units))
    if not look.why:
        return say("reads.why.list" if look.what is What.STORED else "reads.why.none")
    if look.kind:
        return say("reads.why.alarm", kind=say(f"kind.{look.kind}"), id=look.why)
    return say("reads.why.task" if look.what is What.TASKS else "reads.why.other", id=look.why)
