"""One task as a value, and the fold of its facts: `apply(fact, task, recorded_at) -> task`."""

from functools import singledispatch

import msgspec
from msgspec.structs import replace

from routing.call import kept
from routing.duty import OpenDuty
from routing.fact_base import Page
from routing.instant import DAY, Instant
from routing.kinds import Kind, Severity
from routing.tasks import facts
from routing.tasks.life import LIVE, TaskKind, TaskOutcome, TaskPhase

LIVE_PAGE = "page"
"""The channel that needs no sending: the list shows what the journal says."""
ARCHIVE_AFTER: Instant = DAY
"""A task that is over can be looked at so long without the journal."""


class Task(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """Everything the core knows of one task."""

    id: str
    kind: TaskKind
    phase: TaskPhase = TaskPhase.OPEN
    resident: str | None = None
    unit: str | None = None
    subject: str | None = None
    alarm: str | None = None
    cause: Kind | None = None
    maker: str | None = None
    policy: str
    severity: Severity
    people: int = 1
    competence: str | None = None
    overdue: Severity | None = None
    rings: bool = True
    made_at: Instant
    start: Instant
    end: Instant
    due_at: Instant | None
    """When time next does something to it."""
    step: int = 0
    """The step that is, or will next be, asked."""
    pages: tuple[Page, ...] = ()
    calling: tuple[str, ...] = ()
    """Whom the present step asks."""
    failed: tuple[str, ...] = ()
    delivered: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    accepted_at: Instant | None = None
    refused: tuple[str, ...] = ()
    sends: int = 0
    """How many times people have been paged: send ids are made of it."""
    outcome: TaskOutcome | None = None
    ended_at: Instant | None = None
    duty: OpenDuty | None = None
    """The gap of the roster that it offers."""
    waiting: tuple[str, ...] = ()
    """Whom the present step asks afterwards, one after another."""
    asked: tuple[str, ...] = ()
    """Everybody whom any step has asked."""
    cancelled_by: str | None = None
    tried: tuple[str, ...] = ()
    """Sends that have left `pages` while their call goes on by another channel."""

    @property
    def live(self) -> bool:
        """Whether it is still to be done."""
        return self.phase in LIVE

    def owes(self, page: Page) -> bool:
        """Whether this page should be under way."""
        return (
            page.channel != LIVE_PAGE
            and page.send not in self.delivered
            and page.send not in self.failed
        )


def made(fact: facts.TaskMade, recorded_at: Instant) -> Task:
    """Return the task at its birth."""
    return Task(
        id=fact.task,
        kind=fact.kind,
        resident=fact.resident,
        unit=fact.unit,
        subject=fact.subject,
        alarm=fact.alarm,
        cause=fact.cause,
        maker=fact.maker,
        policy=fact.policy,
        severity=fact.severity,
        people=fact.people,
        competence=fact.competence,
        overdue=fact.overdue,
        rings=fact.rings,
        made_at=recorded_at,
        start=fact.start,
        end=fact.end,
        due_at=fact.offer_at,
        duty=fact.duty,
    )


@singledispatch
def apply(fact: facts.TaskFact, task: Task, recorded_at: Instant) -> Task:
    """Return the task after the fact. Facts that only tell history leave it as it is."""
    return task


def _paged(task: Task, pages: tuple[Page, ...]) -> Task:
    return replace(task, pages=task.pages + pages, sends=task.sends + bool(pages))


def _without(task: Task, person: str) -> tuple[Page, ...]:
    return tuple(page for page in task.pages if page.person != person)


def _over(task: Task, phase: TaskPhase, recorded_at: Instant) -> Task:
    quiet = replace(task, pages=(), calling=(), failed=(), delivered=(), waiting=())
    due_at = recorded_at + ARCHIVE_AFTER
    if task.duty is not None:  # So that what a lead has called off is not offered again.
        due_at = max(due_at, task.duty.to_at)
    return replace(quiet, phase=phase, ended_at=recorded_at, due_at=due_at)


@apply.register
def _(fact: facts.TaskHeld, task: Task, recorded_at: Instant) -> Task:
    return replace(task, step=fact.step, calling=(), due_at=fact.due_at)


@apply.register
def _(fact: facts.TaskOffered, task: Task, recorded_at: Instant) -> Task:
    calling = tuple(dict.fromkeys(page.person for page in fact.pages))
    earlier = tuple(p for p in task.pages if p.person not in calling and task.owes(p))
    phase = TaskPhase.OVERDUE if task.phase is TaskPhase.OVERDUE else TaskPhase.OFFERED
    tried = kept(task.pages, task.tried, earlier)
    now = replace(task, phase=phase, pages=earlier, tried=tried, failed=(), delivered=())
    known = tuple(dict.fromkeys((*task.asked, *calling)))
    asked = replace(_paged(now, fact.pages), calling=calling, asked=known, waiting=fact.waiting)
    return replace(asked, step=fact.step, due_at=fact.due_at)


@apply.register
def _(fact: facts.TaskUntaken, task: Task, recorded_at: Instant) -> Task:
    phase = TaskPhase.OFFERED if task.phase is TaskPhase.OPEN else task.phase
    return replace(_paged(task, fact.pages), phase=phase, due_at=fact.due_at)


@apply.register
def _(fact: facts.TaskPaged, task: Task, recorded_at: Instant) -> Task:
    return replace(_paged(task, fact.pages), due_at=fact.due_at)


@apply.register
def _(fact: facts.TaskSendEnded, task: Task, recorded_at: Instant) -> Task:
    if all(page.send != fact.send for page in task.pages):
        return task
    if fact.delivered:
        return replace(task, delivered=(*task.delivered, fact.send))
    return replace(task, failed=(*task.failed, fact.send))


@apply.register
def _(fact: facts.TaskAccepted, task: Task, recorded_at: Instant) -> Task:
    owners = (*task.owners, fact.person)
    mine = replace(task, owners=owners, accepted_at=recorded_at, pages=_without(task, fact.person))
    if not fact.enough:
        return mine
    quiet = replace(mine, pages=(), calling=(), failed=(), delivered=())
    if task.phase is TaskPhase.OVERDUE:
        return replace(quiet, due_at=None)
    return replace(quiet, phase=TaskPhase.ACCEPTED, due_at=task.end)


@apply.register
def _(fact: facts.TaskRefused, task: Task, recorded_at: Instant) -> Task:
    return replace(task, refused=(*task.refused, fact.person), pages=_without(task, fact.person))


@apply.register
def _(fact: facts.TaskReturned, task: Task, recorded_at: Instant) -> Task:
    left = tuple(person for person in task.owners if person != fact.person)
    phase = TaskPhase.OVERDUE if task.phase is TaskPhase.OVERDUE else TaskPhase.OFFERED
    return replace(
        task,
        phase=phase,
        owners=left,
        accepted_at=task.accepted_at if left else None,
        refused=(*task.refused, fact.person),
        waiting=(),
        step=0,
        due_at=recorded_at,
    )


@apply.register
def _(fact: facts.TaskDone, task: Task, recorded_at: Instant) -> Task:
    return replace(_over(task, TaskPhase.DONE, recorded_at), outcome=fact.outcome)


@apply.register
def _(fact: facts.TaskOverdue, task: Task, recorded_at: Instant) -> Task:
    quiet = replace(task, phase=TaskPhase.OVERDUE, pages=(), calling=(), failed=(), delivered=())
    return replace(_paged(quiet, fact.pages), due_at=fact.due_at)


@apply.register
def _(fact: facts.TaskCancelled, task: Task, recorded_at: Instant) -> Task:
    return replace(_over(task, TaskPhase.CANCELLED, recorded_at), cancelled_by=fact.person)
