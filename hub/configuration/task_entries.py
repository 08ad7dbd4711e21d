"""The file's shapes for tasks: rules, planned visits, quiet nights. docs/tasks.md says what each
does."""

from typing import Annotated, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from hub.configuration.correlate_entries import EVERY_DAY, Between, Days
from hub.configuration.entry import Entry
from hub.configuration.scalars import Hurry, Id, Minute, Seconds, time_text
from routing.kinds import Kind, Severity
from routing.tasks.life import TaskKind

People = Annotated[int, Field(ge=1, le=9)]


class TaskRuleEntry(Entry):
    """A device event that asks for a task."""

    on: Kind
    make: TaskKind
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


class TasksEntry(Entry):
    """The municipality's way with tasks; everything may be left out."""

    rules: tuple[TaskRuleEntry, ...] = ()
    quiet: Between | None = (22 * 60, 7 * 60)
    quiet_below: Hurry = Severity.MEDIUM
    visit_within: Seconds = 86_400
    visit_severity: Hurry = Severity.LOW
    visit_overdue: Hurry | None = None
    rings_at_most: int = Field(default=5, ge=0, le=1000)

    @model_validator(mode="after")
    def _some_quiet(self) -> Self:
        if self.quiet is not None and self.quiet[0] == self.quiet[1]:
            one = time_text(self.quiet[0])
            raise PydanticCustomError("bad_order", "no time at all", {"first": one, "last": one})
        return self
