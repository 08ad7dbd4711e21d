"""What must hold of sends about tasks in every run: without a receipt in time the same person's
next channel rings, and not before."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from routing.facts import Page
from routing.instant import SECOND, Instant
from routing.reasons import ReasonCode
from routing.tasks import facts
from tests.sim.checkers import SLACK, Run, downtime
from tests.sim.town import CHANNELS, RECEIPT_S

ENDS = (facts.TaskOverdue, facts.TaskDone, facts.TaskCancelled, facts.TaskArchived)
WAIT: Instant = RECEIPT_S * SECOND


@dataclass
class _Task:
    waiting: dict[str, tuple[str, Instant]] = field(default_factory=dict)
    """Send to its person and since when its receipt is waited for."""
    tried: dict[str, set[str]] = field(default_factory=dict)
    """Call to its channels so far."""

    def drop(self, person: str) -> None:
        self.waiting = {s: one for s, one in self.waiting.items() if one[0] != person}


def task_sends_are_followed(run: Run) -> Iterator[str]:
    """A receipt that does not come is not waited for longer than the channel's limit."""
    tasks: dict[str, _Task] = {}
    for record in run.of(facts.TaskFact):
        fact, at = record.fact, record.recorded_at
        if isinstance(fact, facts.TaskFact):
            task = tasks.setdefault(fact.task, _Task())
            yield from (f"#{record.seq}: {why}" for why in _late(run, task, at))
            yield from (f"#{record.seq}: {why}" for why in _hear(task, fact, at))
    for task in tasks.values():
        yield from _late(run, task, run.ended_at) if run.quiet else ()


def _late(run: Run, task: _Task, at: Instant) -> Iterator[str]:
    for send, (_, since) in list(task.waiting.items()):
        if at > since + WAIT + downtime(run, since, at) + SLACK:
            del task.waiting[send]
            yield f"{send} has not been followed in its time"


def _hear(task: _Task, fact: facts.TaskFact, at: Instant) -> Iterator[str]:
    match fact:
        case facts.TaskSendEnded(send=send):
            task.waiting.pop(send, None)
        case facts.TaskAccepted(enough=True):
            task.waiting.clear()
        case facts.TaskAccepted(person=person) | facts.TaskRefused(person=person):
            task.drop(person)
        case facts.TaskOffered(pages=pages):
            for page in pages:
                task.drop(page.person)
        case facts.TaskPaged(reason=reason, pages=pages) if reason.code is ReasonCode.NO_RECEIPT:
            yield from _too_early(task, pages, at)
        case _ if isinstance(fact, ENDS):
            task.waiting.clear()
    for page in getattr(fact, "pages", ()):
        _called(task, page, at)


def _too_early(task: _Task, pages: tuple[Page, ...], at: Instant) -> Iterator[str]:
    calls = {page.send.rpartition(":")[0] for page in pages}
    for send, (_, since) in task.waiting.items():
        if send.rpartition(":")[0] in calls and at < since + WAIT:
            yield f"{send} was followed too early"


def _called(task: _Task, page: Page, at: Instant) -> None:
    call = page.send.rpartition(":")[0]
    task.waiting = {s: one for s, one in task.waiting.items() if s.rpartition(":")[0] != call}
    tried = task.tried.setdefault(call, set())
    tried.add(page.channel)
    if page.channel != "page" and tried < set(CHANNELS.get(page.person, ())):
        task.waiting[page.send] = (page.person, at)
