"""The file's shapes for tasks: rules, planned visits, quiet nights. docs/tasks.md says what each
does."""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from hub.configuration.correlate_entries import EVERY_DAY, Between, Days
from hub.configuration.entry import Entry
from hub.configuration.scalars import Count, Hurry, Id, Minute, Seconds, bad, time_text
from routing.kinds import Kind, Severity
from routing.tasks.life import TaskKind

People = Annotated[Count, Field(ge=1, le=9)]


def _not_a_duty(kind: TaskKind) -> TaskKind:
    if kind is TaskKind.DUTY:
        raise bad("bad_make", kind.value)
    return kind


class TaskRuleEntry(Entry):
    """A device event that asks for a task."""

    on: Kind
    make: Annotated[TaskKind, AfterValidator(_not_a_duty)]
    code: str | None = Field(default=None, max_length=64)
    within: Seconds = 86_400
    severity: Hurry = Severity.LOW
    people: People = 1
    competence: Id | None = None
    overdue: Hurry | None = None


class VisitEntry(Entry):
    """A planned visit, again and again."""

    id: Id
    at: Minute
    within: Seconds = 3600
    ahead: Seconds = 3600
    weekdays: Days = Field(default=EVERY_DAY, min_length=1)
    severity: Hurry = Severity.MEDIUM
    people: People = 1
    competence: Id | None = None
    overdue: Hurry | None = None


class OfferGapsEntry(Entry):
    """How gaps of the roster are offered; `offer_gaps: automatic` alone is its mode."""

    mode: Literal["automatic", "by_hand"] = "by_hand"
    policy: Id | None = None
    ahead: Seconds = 7 * 86_400
    rest: Seconds | None = 11 * 3600
    severity: Hurry = Severity.LOW
    longest: Seconds = 12 * 3600

    @model_validator(mode="before")
    @classmethod
    def _mode_alone(cls, value: object) -> object:
        return {"mode": value} if isinstance(value, str) else value


class TasksEntry(Entry):
    """The municipality's way with tasks; everything may be left out."""

    rules: tuple[TaskRuleEntry, ...] = ()
    quiet: Between | None = (22 * 60, 7 * 60)
    quiet_below: Hurry = Severity.MEDIUM
    visit_within: Seconds = 86_400
    visit_severity: Hurry = Severity.LOW
    visit_overdue: Hurry | None = None
    after_look: Seconds = 1800
    rings_at_most: Count = Field(default=5, ge=0, le=1000)
    offer_gaps: OfferGapsEntry = OfferGapsEntry()

    @model_validator(mode="after")
    def _some_quiet(self) -> Self:
        if self.quiet is not None and self.quiet[0] == self.quiet[1]:
            one = time_text(self.quiet[0])
            raise PydanticCustomError("bad_order", "no time at all", {"first": one, "last": one})
        return self
