"""The life of a task as a table: (phase, action) -> what follows, for its owners and for others.

    open --offer--> offered --accept--> accepted --done--> done
       \\______________\\_________________\\--(the window ends)--> overdue --done--> done

`cancel` ends it in any phase before `done`. Phases may be skipped: whoever has done it says so. An
overdue task can still be accepted and done; it stays overdue until then, because late is late.
"""

from collections.abc import Mapping
from enum import StrEnum

from routing.reasons import ReasonCode


class TaskKind(StrEnum):
    """What is to be done."""

    VISIT = "visit"
    """Go to a resident: planned, or because a device is silent there."""
    LOOK = "look"
    """A planned digital supervision."""
    CHANGE_BATTERY = "change_battery"
    REFILL = "refill"
    """Fill a medicine dispenser."""
    GIVE_DOSE = "give_dose"
    """A dose has been missed: see to it."""
    CHECK_DEVICE = "check_device"
    DUTY = "duty"
    """Be on duty in a gap of the roster: taken with a yes."""
    OTHER = "other"


class TaskPhase(StrEnum):
    """Where a task is in its life."""

    OPEN = "open"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    """As many as are needed have said yes."""
    OVERDUE = "overdue"
    DONE = "done"
    CANCELLED = "cancelled"


class TaskAction(StrEnum):
    """What a person can do with a task."""

    MAKE = "make"
    ACCEPT = "accept"
    REFUSE = "refuse"
    GIVE_BACK = "give_back"
    """An owner cannot do it after all; it is offered again."""
    DONE = "done"
    CANCEL = "cancel"
    UNLOCK = "unlock"
    """The resident's door is opened from here, for whoever has the visit."""
    LOCK = "lock"
    VIEW = "view"
    """The link to an outside viewer is opened, for whoever has the look."""


class TaskOutcome(StrEnum):
    """How a task ended."""

    DONE = "done"
    NOT_NEEDED = "not_needed"
    NOT_HOME = "not_home"
    NOT_POSSIBLE = "not_possible"
    VISIT_NEEDED = "visit_needed"
    """Of a look: somebody has to go there, and a visit is made of it."""


LIVE = frozenset({TaskPhase.OPEN, TaskPhase.OFFERED, TaskPhase.ACCEPTED, TaskPhase.OVERDUE})
WANTED = frozenset({TaskPhase.OPEN, TaskPhase.OFFERED, TaskPhase.OVERDUE})
"""Phases in which somebody may still say yes."""

TaskVerdict = TaskPhase | ReasonCode
"""The phase that follows, or why not. After a yes it is `accepted` only when that was the last one
needed; `routing.tasks.value` sees to that."""

_OTHERS: Mapping[tuple[TaskPhase, TaskAction], TaskVerdict] = {
    (TaskPhase.OPEN, TaskAction.ACCEPT): TaskPhase.ACCEPTED,
    (TaskPhase.OPEN, TaskAction.REFUSE): TaskPhase.OPEN,
    (TaskPhase.OPEN, TaskAction.DONE): TaskPhase.DONE,
    (TaskPhase.OFFERED, TaskAction.ACCEPT): TaskPhase.ACCEPTED,
    (TaskPhase.OFFERED, TaskAction.REFUSE): TaskPhase.OFFERED,
    (TaskPhase.OFFERED, TaskAction.DONE): TaskPhase.DONE,
    (TaskPhase.ACCEPTED, TaskAction.ACCEPT): ReasonCode.TASK_HAS_ENOUGH,
    (TaskPhase.ACCEPTED, TaskAction.REFUSE): ReasonCode.TASK_HAS_ENOUGH,
    (TaskPhase.ACCEPTED, TaskAction.DONE): ReasonCode.TASK_NOT_YOURS,
    (TaskPhase.OVERDUE, TaskAction.ACCEPT): TaskPhase.OVERDUE,
    (TaskPhase.OVERDUE, TaskAction.REFUSE): TaskPhase.OVERDUE,
    (TaskPhase.OVERDUE, TaskAction.DONE): TaskPhase.DONE,
}
_OWNER: Mapping[TaskAction, TaskVerdict] = {
    TaskAction.ACCEPT: ReasonCode.TASK_YOURS_ALREADY,
    TaskAction.REFUSE: ReasonCode.TASK_YOURS_ALREADY,
    TaskAction.DONE: TaskPhase.DONE,
}


def task_verdict(phase: TaskPhase, action: TaskAction, *, owner: bool) -> TaskVerdict:
    """Return the phase that follows when an owner (or somebody else) takes the action, or why
    not. `make` is for tasks that do not exist yet and always too late here."""
    if phase not in LIVE:
        return ReasonCode.TASK_IS_OVER
    if action is TaskAction.MAKE:
        return ReasonCode.TASK_MADE_ALREADY
    if action is TaskAction.CANCEL:
        return TaskPhase.CANCELLED
    if action is TaskAction.GIVE_BACK:
        back = TaskPhase.OVERDUE if phase is TaskPhase.OVERDUE else TaskPhase.OFFERED
        return back if owner else ReasonCode.TASK_NOT_YOURS
    if action in {TaskAction.UNLOCK, TaskAction.LOCK, TaskAction.VIEW}:
        return phase if owner else ReasonCode.TASK_NOT_YOURS
    return _OWNER[action] if owner else _OTHERS[phase, action]
