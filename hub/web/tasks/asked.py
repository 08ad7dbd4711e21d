"""What a client may ask of tasks: bodies of requests, parsed once."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from hub.explain.route import local_instant
from hub.web.commands import CommandId, ItemId, Note
from routing.kinds import Severity
from routing.tasks.command import NewTask
from routing.tasks.life import TaskAction, TaskKind, TaskOutcome


class NewAsked(BaseModel):
    """A task made by hand, as the client sends it."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    kind: TaskKind
    start: Annotated[str, Field(max_length=40)]
    """ISO time; without an offset the municipality's own."""
    end: Annotated[str, Field(max_length=40)]
    resident: ItemId | None = None
    subject: ItemId | None = None
    severity: Annotated[str, Field(pattern=r"^(technical|low|medium|high|critical)$")] = "medium"
    people: Annotated[int, Field(ge=1, le=9)] = 1
    competence: ItemId | None = None
    need: ItemId | None = None
    """With the kind `duty`: the need of the roster whose gap is offered."""
    overdue: Annotated[str | None, Field(pattern=r"^(low|medium|high|critical)$")] = None
    """How severe the alarm is that it becomes when nobody does it in time; None: none."""

    def parsed(self, timezone: str) -> NewTask:
        """Return the task as the core reads it. NoSuchTime."""
        return NewTask(
            kind=self.kind,
            resident=self.resident,
            subject=self.subject,
            start=local_instant(timezone, self.start),
            end=local_instant(timezone, self.end),
            severity=Severity[self.severity.upper()],
            people=self.people,
            competence=self.competence,
            need=self.need,
            overdue=None if self.overdue is None else Severity[self.overdue.upper()],
        )


class TaskAsked(BaseModel):
    """The body of a command about a task as the client sends it."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    id: CommandId
    action: TaskAction
    new: NewAsked | None = None
    outcome: TaskOutcome | None = None
    note: Note | None = None
    device: ItemId | None = None
    """Which of the home's locks."""
