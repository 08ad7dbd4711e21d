"""Escalation policies as the file writes them; docs/policies.md has every field's meaning."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from hub.configuration.entry import Entry, Weekday
from hub.configuration.scalars import (
    Between,
    CategoryOrRest,
    Count,
    Hurry,
    Id,
    Seconds,
    TeamOrAll,
)
from routing.kinds import Category, Kind
from routing.municipality import Part, Role

FILTERS = frozenset({"informed", "role", "having"})
"""Fields of a target that are no target by themselves."""


class PolicyWindowEntry(Entry):
    """A policy for a time of the local day and week."""

    policy: Id
    category: CategoryOrRest = "*"
    weekdays: tuple[Weekday, ...] = ()
    between: Between = None


class WhenEntry(Entry):
    """When a step counts: everything said must hold."""

    weekdays: tuple[Weekday, ...] = ()
    between: Between = None
    category: tuple[Category, ...] = ()
    kind: tuple[Kind, ...] = ()
    severity: Hurry | None = None


class TargetEntry(Entry):
    """Whom a step calls: exactly one of the first eight, and what narrows it."""

    on_duty: Id | None = None
    team: Id | None = None
    person: Id | None = None
    competence: Id | None = None
    lead: TeamOrAll | None = None
    relative: Part | None = None
    response_centre: Id | None = None
    outside: Id | None = None
    role: Role | None = None
    having: Id | None = None
    informed: bool = False

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        if len(self._named()) != 1:
            raise PydanticCustomError("bad_target", "exactly one target")
        return self

    def _named(self) -> dict[str, str]:
        return self.model_dump(exclude_none=True, exclude=set(FILTERS))

    @property
    def named(self) -> tuple[str, str]:
        """The kind of target and its id."""
        ((kind, id),) = self._named().items()
        return kind, id

    @property
    def only_told(self) -> bool:
        """Whether it asks nobody."""
        return self.informed or self.outside is not None or self.relative == "informed"


class StepEntry(Entry):
    call: tuple[TargetEntry, ...] = Field(min_length=1)
    wait: Seconds
    when: WhenEntry | None = None
    in_turn: bool = False
    number: Id | None = None


class PolicyEntry(Entry):
    id: Id
    steps: tuple[StepEntry, ...] = Field(min_length=1)
    fallback: tuple[TargetEntry, ...] = ()
    loop: Literal["last", "all"] = "last"
    lease: Seconds = 1800
    ask: Seconds = 300
    stay: Seconds = 3600
    relative_lease: Seconds | None = None
    target: Seconds | None = None
    handover: Seconds = 300
    reopen: Seconds = 3600
    check_after: Annotated[Count, Field(ge=0, le=99)] = 2
    check_within: Seconds = 21_600
    then: Id | None = None
