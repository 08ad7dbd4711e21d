"""The file's roster sections beside weekly shifts. Their meaning is written in docs/rosters.md."""

from datetime import date, datetime
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from hub.configuration.entry import Entry, Weekday
from hub.configuration.scalars import Count, Id, Minute, bad

LONGEST_CYCLE_WEEKS = 52
YEARS = range(1970, 2200)
"""Of dates in the file: a roster is read some days around them, which must be instants too."""


def _day(value: object) -> str:
    try:
        found = date.fromisoformat(str(value))
    except ValueError:
        raise bad("bad_day", value) from None
    if found.year not in YEARS:
        raise bad("bad_year", value)
    return found.isoformat()


def _local(value: object) -> str:
    try:
        found = datetime.fromisoformat(str(value))
    except ValueError:
        raise bad("bad_local", value) from None
    if found.tzinfo is not None or found.second or found.microsecond:
        raise bad("bad_local", value)
    if found.year not in YEARS:
        raise bad("bad_year", value)
    return found.isoformat(timespec="minutes")


Day = Annotated[str, BeforeValidator(_day)]
"""ISO date, `2026-12-24`."""
LocalTime = Annotated[str, BeforeValidator(_local)]
"""ISO local time to the minute, `2026-12-24T15:00`; a date alone is its midnight."""
ALL_WEEK = tuple(Weekday)


class TurnEntry(Entry):
    """A weekly shift in one week of the cycle, the first week is 1."""

    week: Count = Field(ge=1, le=LONGEST_CYCLE_WEEKS)
    people: tuple[Id, ...] = Field(min_length=1)
    weekdays: tuple[Weekday, ...] = Field(default=ALL_WEEK, min_length=1)
    start: Minute = Field(alias="from")
    end: Minute = Field(alias="to")


def in_order(first: str | None, last: str | None) -> None:
    """Raise `bad_order` when the last comes before the first; both ISO dates."""
    if first is not None and last is not None and last < first:
        raise PydanticCustomError("bad_order", "{first} {last}", {"first": first, "last": last})


class RotationEntry(Entry):
    """A cycle of weeks that repeats from the week of the anchor."""

    id: Id
    team: Id
    anchor: Day
    weeks: Count = Field(ge=1, le=LONGEST_CYCLE_WEEKS)
    turns: tuple[TurnEntry, ...] = Field(min_length=1)
    first_day: Day | None = None
    last_day: Day | None = None

    @model_validator(mode="after")
    def _fits(self) -> Self:
        in_order(self.first_day, self.last_day)
        for turn in self.turns:
            if turn.week > self.weeks:
                params = {"week": str(turn.week), "weeks": str(self.weeks)}
                raise PydanticCustomError("bad_week", "{week} {weeks}", params)
        return self


class _Between(Entry):
    start: LocalTime = Field(alias="from")
    end: LocalTime = Field(alias="to")

    @model_validator(mode="after")
    def _forward(self) -> Self:
        if self.end <= self.start:
            params = {"first": self.start, "last": self.end}
            raise PydanticCustomError("bad_order", "{first} {last}", params)
        return self


class OverrideEntry(_Between):
    """Who is on duty from one local time to another, instead of the plan or beside it."""

    id: Id
    team: Id
    people: tuple[Id, ...] = ()
    mode: Literal["instead", "extra"] = "instead"
    replaces: tuple[Id, ...] = ()
    offer: str | None = Field(default=None, max_length=200)

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.mode == "extra" and (self.replaces or not self.people):
            raise PydanticCustomError("bad_extra", "an extra adds people and replaces nobody")
        return self


class SwapEntry(Entry):
    """`takes` does the shifts of `gives` that start on the day (only the one `from` then)."""

    id: Id
    team: Id
    day: Day
    gives: Id
    takes: Id
    start: Minute | None = Field(default=None, alias="from")


class AbsenceEntry(_Between):
    """A person is on duty nowhere from one local time to another."""

    id: Id
    person: Id
    offer: str | None = Field(default=None, max_length=200)


class NeedEntry(Entry):
    """How many people must be on duty in a team in a weekly window."""

    id: Id
    team: Id
    people: Count = Field(default=1, ge=1, le=999)
    competence: Id | None = None
    weekdays: tuple[Weekday, ...] = Field(default=ALL_WEEK, min_length=1)
    start: Minute = Field(default=0, alias="from")
    end: Minute = Field(default=0, alias="to")
