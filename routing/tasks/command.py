"""What a person did with a task: an input of the core, and JSON on the command topic."""

from typing import Annotated

import msgspec

from routing.instant import Instant
from routing.kinds import Severity
from routing.tasks.life import TaskAction, TaskKind, TaskOutcome


class NewTask(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A task made by hand."""

    kind: TaskKind
    resident: str | None = None
    subject: str | None = None
    start: Instant
    end: Instant
    severity: Severity = Severity.MEDIUM
    people: Annotated[int, msgspec.Meta(ge=1, le=9)] = 1
    competence: str | None = None
    overdue: Severity | None = None
    need: str | None = None
    """With `duty`: the need of the roster whose gap is offered, from `start` to `end`."""


class TaskCommand(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    tag_field="about",
    tag="task",
):
    """What a person did with a task. `"about": "task"` tells it from an alarm's command."""

    id: str
    """Made by the client; the same id is the same command, however often it arrives."""
    person: str
    """Set by the web process from the session, never by the client."""
    action: TaskAction
    made_at: Instant
    task: str = ""
    """Empty for `make`: the new task's id derives from the command's."""
    new: NewTask | None = None
    """With `make` only."""
    outcome: TaskOutcome | None = None
    note: str | None = None
    """Free text for a document; the core does not read it."""
    device: str | None = None
    """Which of the home's locks; may be left out where there is one."""
