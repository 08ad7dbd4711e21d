"""The file's shapes for correlation: windows, plans and limits. docs/correlation.md says what each
does."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from hub.configuration.entry import Entry, Weekday
from hub.configuration.roster_entries import LocalTime
from hub.configuration.scalars import Count, Hurry, Id, Minute, Seconds
from routing.kinds import Kind, Severity
from routing.plans import DeviceClass

SearchPause = Annotated[Seconds, Field(ge=30, le=3600)]
"""From half a minute to an hour: who comes on duty meanwhile waits so long to be found."""
Between = tuple[Minute, Minute]
Days = tuple[Weekday, ...]
EVERY_DAY: Days = tuple(Weekday)


class CorrelationEntry(Entry):
    """What belongs together; every number may be left out."""

    repeat: Seconds = 120
    storm_events: Count = Field(default=20, ge=2, le=1000)
    storm_window: Seconds = 60
    storm_joins: Seconds = 6 * 3600
    border_settle: Seconds = 600
    clock_tolerance: Seconds = 300
    reorder: Seconds = 600
    unproven: Seconds = 600
    presence: Seconds = 3600
    strangers: Count = Field(default=10, ge=1, le=1000)
    silence: dict[DeviceClass, Seconds] = Field(default={})


class PagingEntry(Entry):
    """When whoever is called for help is rung by the next channel, and how soon a search for help
    that found nobody looks again; docs/policies.md."""

    seen: Seconds = 30
    receipt: Seconds = 10
    receipt_by_channel: dict[Id, Seconds] = Field(default={})
    nobody: tuple[SearchPause, ...] = Field(default=(60, 120, 240, 480, 900), min_length=1)
    proof: Seconds = 86_400


class SpanEntry(Entry):
    """Maintenance, in local time."""

    start: LocalTime = Field(alias="from")
    end: LocalTime = Field(alias="to")

    @model_validator(mode="after")
    def _forward(self) -> Self:
        if self.end <= self.start:
            context = {"first": self.start, "last": self.end}
            raise PydanticCustomError("bad_order", "to is not after from", context)
        return self


class PauseEntry(Entry):
    until: LocalTime
    why: Literal["hospital", "away", "moved", "deceased"]


class FrequentCallerEntry(Entry):
    until: LocalTime
    call: Id | None = None


class LookEntry(Entry):
    at: Minute
    within: Seconds = 1800
    weekdays: Days = Field(default=EVERY_DAY, min_length=1)


class QuietEntry(Entry):
    """Too quiet: nothing for so long (`for`), or nothing in the whole of `between`."""

    between: Between | None = None
    quiet_for: Seconds | None = Field(default=None, alias="for")

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.between is None and self.quiet_for is None:
            raise PydanticCustomError("missing", "one of between, for", {"key": "for"})
        return self


class LastingEntry(Entry):
    """An observation that rings unless its opposite is heard in time."""

    kind: Kind
    after: Seconds
    between: Between | None = None
    severity: Hurry = Severity.MEDIUM


class DoseEntry(Entry):
    at: Minute
    missed_after: Seconds = 3600
    early: Seconds = 3600
    weekdays: Days = Field(default=EVERY_DAY, min_length=1)
