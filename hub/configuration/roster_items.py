"""Roster sections of the file as routing items, and back as plain data."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from hub.configuration import roster_entries as entries
from hub.configuration.entry import Weekday
from hub.configuration.scalars import time_text
from routing import duty

_DAYS = list(Weekday)
SECTIONS = ("rotations", "overrides", "swaps", "absences", "needs")
"""The file's sections; none of them has a document."""
RosterEntry = (
    entries.RotationEntry
    | entries.OverrideEntry
    | entries.SwapEntry
    | entries.AbsenceEntry
    | entries.NeedEntry
)


def items(file: Any) -> Iterator[duty.DutyItem]:
    """Yield the roster items of a municipality file."""
    for section in SECTIONS:
        yield from map(item, getattr(file, section))


def item(entry: RosterEntry) -> duty.DutyItem:
    """Return an entry as a routing item."""
    match entry:
        case entries.RotationEntry():
            return _rotation(entry)
        case entries.OverrideEntry():
            return duty.Override(
                id=entry.id,
                team=entry.team,
                people=entry.people,
                from_local=entry.start,
                to_local=entry.end,
                mode=entry.mode,
                replaces=entry.replaces,
                offer=entry.offer,
            )
        case entries.SwapEntry():
            return duty.Swap(
                id=entry.id,
                team=entry.team,
                day=entry.day,
                gives=entry.gives,
                takes=entry.takes,
                from_minute=entry.start,
            )
        case entries.AbsenceEntry():
            return duty.Absence(
                id=entry.id,
                person=entry.person,
                from_local=entry.start,
                to_local=entry.end,
                offer=entry.offer,
            )
        case entries.NeedEntry():
            return duty.Need(
                id=entry.id,
                team=entry.team,
                people=entry.people,
                competence=entry.competence,
                weekdays=_numbers(entry.weekdays),
                from_minute=entry.start,
                to_minute=entry.end,
            )


def _numbers(weekdays: tuple[Weekday, ...]) -> tuple[int, ...]:
    return tuple(_DAYS.index(day) for day in weekdays)


def _rotation(entry: entries.RotationEntry) -> duty.Rotation:
    turns = tuple(
        duty.Turn(
            week=t.week - 1,
            people=t.people,
            weekdays=_numbers(t.weekdays),
            from_minute=t.start,
            to_minute=t.end,
        )
        for t in entry.turns
    )
    return duty.Rotation(
        id=entry.id,
        team=entry.team,
        anchor=entry.anchor,
        weeks=entry.weeks,
        turns=turns,
        first_day=entry.first_day,
        last_day=entry.last_day,
    )


# -- and back --------------------------------------------------------------------------------------


def rotation(one: duty.Rotation) -> dict[str, Any]:
    """Return the fields of a rotation as the file writes them."""
    return {
        "team": one.team,
        "anchor": one.anchor,
        "weeks": one.weeks,
        "turns": [{"week": t.week + 1, "people": t.people, **_window(t)} for t in one.turns],
        "first_day": one.first_day,
        "last_day": one.last_day,
    }


def override(one: duty.Override) -> dict[str, Any]:
    """Return the fields of an override."""
    told = {"team": one.team, "people": one.people, "mode": one.mode, "replaces": one.replaces}
    return {**told, "from": one.from_local, "to": one.to_local, "offer": one.offer}


def swap(one: duty.Swap) -> dict[str, Any]:
    """Return the fields of a swap."""
    start = None if one.from_minute is None else time_text(one.from_minute)
    told = {"team": one.team, "day": one.day, "gives": one.gives, "takes": one.takes}
    return {**told, "from": start}


def absence(one: duty.Absence) -> dict[str, Any]:
    """Return the fields of an absence."""
    return {
        "person": one.person,
        "from": one.from_local,
        "to": one.to_local,
        "offer": one.offer,
    }


def need(one: duty.Need) -> dict[str, Any]:
    """Return the fields of a need."""
    told = {"team": one.team, "people": one.people, "competence": one.competence}
    return {**told, **_window(one)}


def _window(one: duty.Turn | duty.Need) -> dict[str, Any]:
    return {
        "weekdays": [_DAYS[day] for day in one.weekdays],
        "from": time_text(one.from_minute),
        "to": time_text(one.to_minute),
    }


DESCRIBED: Mapping[str, tuple[str, Callable[[Any], dict[str, Any]]]] = {
    "rotations": ("rotation", rotation),
    "overrides": ("override", override),
    "swaps": ("swap", swap),
    "absences": ("absence", absence),
    "needs": ("need", need),
}
"""The file's section to the items' section and how one of them is described."""
