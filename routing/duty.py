"""What a duty roster is made of, beside the weekly shifts of `routing.municipality`.

Days are ISO dates (`2026-11-23`) and local times ISO to the minute (`2026-11-23T22:45`), both in
the municipality's wall-clock time; as text of fixed width they compare as they follow each other.
How they become instants when the clocks change is written in `routing.local`.
"""

from typing import Literal

import msgspec

from routing.instant import Instant
from routing.item import Item

EVERY_DAY = (0, 1, 2, 3, 4, 5, 6)


class Turn(msgspec.Struct, frozen=True, kw_only=True):
    """One row of a rotation: a weekly shift in one week of the cycle."""

    week: int
    """0 is the week that the anchor is in."""
    people: tuple[str, ...]
    weekdays: tuple[int, ...]
    """0 is Monday; the day on which the shift starts."""
    from_minute: int
    to_minute: int
    """Not after `from_minute`: the shift ends next day (equal: it lasts 24 hours)."""


class Rotation(Item, kw_only=True, frozen=True, tag="rotation", omit_defaults=True):
    """A cycle of calendar weeks that repeats in both directions from its anchor."""

    team: str
    anchor: str
    """A day in the cycle's first week (weeks begin on Monday)."""
    weeks: int
    turns: tuple[Turn, ...]
    first_day: str | None = None
    last_day: str | None = None
    """Shifts start on the days from `first_day` to `last_day`; None is without end."""


class Override(Item, kw_only=True, frozen=True, tag="override", omit_defaults=True):
    """Who is on duty in a team from one local time to another, instead of the roster or beside
    it."""

    team: str
    people: tuple[str, ...] = ()
    from_local: str
    to_local: str
    mode: Literal["instead", "extra"] = "instead"
    replaces: tuple[str, ...] = ()
    """Whom an `instead` takes off duty; empty: everybody whom shifts and rotations give."""
    offer: str | None = None
    """The task by which it was offered and taken, or the command by which the person has joined:
    the journal's own, a file does not remove it."""


class Swap(Item, kw_only=True, frozen=True, tag="swap", omit_defaults=True):
    """`takes` does the shifts of `gives` that start on the day. An exchange is two swaps."""

    team: str
    day: str
    gives: str
    takes: str
    from_minute: int | None = None
    """Only the shift that starts then; None is every shift that starts on the day."""


class Absence(Item, kw_only=True, frozen=True, tag="absence", omit_defaults=True):
    """A person is on duty nowhere from one local time to another, whatever else is written."""

    person: str
    from_local: str
    to_local: str
    offer: str | None = None
    """The command by which the person has said it: the journal's own, a file does not remove it."""


class Need(Item, kw_only=True, frozen=True, tag="need", omit_defaults=True):
    """How many people, perhaps of one competence, must be on duty in a team in a weekly window."""

    team: str
    people: int = 1
    competence: str | None = None
    weekdays: tuple[int, ...] = EVERY_DAY
    from_minute: int = 0
    to_minute: int = 0


class OpenDuty(msgspec.Struct, frozen=True, gc=False):
    """A time in which a need lacks people: what can be offered."""

    team: str
    need: str
    from_at: Instant
    to_at: Instant


DutyItem = Rotation | Override | Swap | Absence | Need
