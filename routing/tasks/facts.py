"""Facts about tasks."""

from routing.duty import OpenDuty
from routing.fact_base import Fact, Page
from routing.instant import Instant
from routing.kinds import Kind, Severity
from routing.reasons import Reason
from routing.tasks.life import TaskAction, TaskKind, TaskOutcome


class TaskFact(Fact, kw_only=True, frozen=True):
    """Base of facts about one task."""

    task: str


class TaskMade(TaskFact, kw_only=True, frozen=True, tag="task.made", omit_defaults=True):
    """A task exists."""

    kind: TaskKind
    resident: str | None = None
    unit: str | None = None
    subject: str | None = None
    """The device it is about, as it says its id."""
    alarm: str | None = None
    """The alarm that asks for it."""
    cause: Kind | None = None
    """The event kind that asked for it; what answers that kind cancels it."""
    maker: str | None = None
    """The person who made it by hand."""
    policy: str
    """Content hash of the policy by which it is offered."""
    severity: Severity
    people: int = 1
    competence: str | None = None
    overdue: Severity | None = None
    rings: bool = True
    """Whether offers are sent; otherwise they only stand in the list."""
    start: Instant
    end: Instant
    """The window."""
    offer_at: Instant
    reason: Reason
    duty: OpenDuty | None = None
    """The gap of the roster that it offers."""


class TaskHeld(TaskFact, kw_only=True, frozen=True, tag="task.held"):
    """Its offer waits: the step is tried again at `due_at`."""

    step: int
    due_at: Instant
    reason: Reason


class TaskOffered(TaskFact, kw_only=True, frozen=True, tag="task.offered", omit_defaults=True):
    """A step of the policy asks people; the next one follows at `due_at`."""

    step: int
    pages: tuple[Page, ...]
    due_at: Instant
    reason: Reason
    waiting: tuple[str, ...] = ()
    """Whom the step asks afterwards, one after another."""


class TaskUntaken(TaskFact, kw_only=True, frozen=True, tag="task.untaken"):
    """Everybody has been asked: leads are told, and it waits until its window ends."""

    pages: tuple[Page, ...]
    due_at: Instant
    reason: Reason


class TaskPaged(TaskFact, kw_only=True, frozen=True, tag="task.paged"):
    """Somebody is told beside the steps, or by another channel."""

    pages: tuple[Page, ...]
    due_at: Instant | None = None
    reason: Reason


class TaskSendEnded(TaskFact, kw_only=True, frozen=True, tag="task.send_ended"):
    """What became of a send about a task."""

    send: str
    person: str
    channel: str
    delivered: bool
    code: str


class TaskAccepted(TaskFact, kw_only=True, frozen=True, tag="task.accepted"):
    """A person said yes; `enough` when no more are needed."""

    person: str
    enough: bool


class TaskRefused(TaskFact, kw_only=True, frozen=True, tag="task.refused"):
    """A person said no."""

    person: str


class TaskReturned(TaskFact, kw_only=True, frozen=True, tag="task.returned"):
    """An owner does not have it any more; it is offered again."""

    person: str
    reason: Reason


class TaskDone(TaskFact, kw_only=True, frozen=True, tag="task.done"):
    """It is over, with an outcome."""

    person: str
    outcome: TaskOutcome


class TaskViewed(TaskFact, kw_only=True, frozen=True, tag="task.viewed"):
    """A person was given the link to look at the resident: the log of who looked, and when. What
    they saw is with the viewer; nothing of it is here."""

    person: str
    resident: str


class TaskOverdue(TaskFact, kw_only=True, frozen=True, tag="task.overdue"):
    """Its window has ended and it is not done; `due_at` is when somebody is told, if that has to
    wait for the morning."""

    pages: tuple[Page, ...] = ()
    due_at: Instant | None = None
    alarm: str | None = None
    """The alarm it has become, where configuration says so."""
    reason: Reason


class TaskCancelled(TaskFact, kw_only=True, frozen=True, tag="task.cancelled"):
    """It is not needed any more."""

    person: str | None = None
    reason: Reason


class TaskArchived(TaskFact, kw_only=True, frozen=True, tag="task.archived"):
    """A task that is over leaves memory; the journal keeps it."""


class VisitWaits(Fact, kw_only=True, frozen=True, tag="visit.waits"):
    """The next visit of a plan is made at `due_at`."""

    resident: str
    plan: str
    start: Instant
    due_at: Instant


class VisitEnded(Fact, kw_only=True, frozen=True, tag="visit.ended"):
    """The plan makes no more visits: it is gone, or says something else now."""

    resident: str
    plan: str


class TaskCommandEnded(Fact, kw_only=True, frozen=True, tag="task.command"):
    """A command about a task was done, or refused for a reason."""

    command: str
    task: str
    person: str
    action: TaskAction
    refused: Reason | None = None


AnyTaskFact = (
    TaskMade
    | TaskHeld
    | TaskOffered
    | TaskUntaken
    | TaskPaged
    | TaskSendEnded
    | TaskAccepted
    | TaskRefused
    | TaskReturned
    | TaskDone
    | TaskViewed
    | TaskOverdue
    | TaskCancelled
    | TaskArchived
    | VisitWaits
    | VisitEnded
    | TaskCommandEnded
)
