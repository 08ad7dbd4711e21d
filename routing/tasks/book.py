"""All tasks of a municipality and their fold. Only `routing.evolve` calls it.

Deadlines of tasks are watches of their own, so that a busy day of tasks never stands before alarms.
"""

from collections import deque
from dataclasses import dataclass, field
from functools import singledispatch

import msgspec

from routing.instant import HOUR, Instant
from routing.kinds import Kind
from routing.tasks import facts
from routing.tasks.life import TaskKind
from routing.tasks.value import Task, apply, made
from routing.watch import Watch, Watches, WatchKind

COMMANDS_REMEMBERED: Instant = HOUR
"""Longer than a phone retries a command."""
Cause = tuple[str, str]
"""(of whom, why): what must not be asked for twice at a time."""


class Visit(msgspec.Struct, frozen=True, gc=False):
    """The next visit of a plan."""

    resident: str
    plan: str
    start: Instant
    due_at: Instant


class KeptTasks(msgspec.Struct, frozen=True):
    """The book in a snapshot: what cannot be derived."""

    tasks: tuple[Task, ...] = ()
    visits: tuple[Visit, ...] = ()
    commands: tuple[tuple[Instant, facts.TaskCommandEnded], ...] = ()


@dataclass(slots=True)
class TaskBook:
    """Every task that is live or ended lately, and what comes next."""

    tasks: dict[str, Task] = field(default_factory=dict)
    visits: dict[str, Visit] = field(default_factory=dict)
    """resident|plan to its next visit."""
    watches: Watches = field(default_factory=Watches)
    by_cause: dict[Cause, str] = field(default_factory=dict)
    """Cause to the live task that it has brought."""
    of_alarm: dict[str, int] = field(default_factory=dict)
    """Alarm to how many tasks it has brought that are live and ring."""
    commands: dict[str, facts.TaskCommandEnded] = field(default_factory=dict)
    command_times: deque[tuple[Instant, str]] = field(default_factory=deque)

    def keep(self) -> KeptTasks:
        """Return what a snapshot holds."""
        return KeptTasks(
            tuple(self.tasks.values()),
            tuple(self.visits.values()),
            tuple((at, self.commands[c]) for at, c in self.command_times),
        )

    def next_due(self) -> Instant | None:
        """Return when time next does something to a task or brings one."""
        first = self.watches.first()
        return None if first is None else first.due_at

    def due(self, at: Instant, limit: int) -> list[Watch]:
        """Return what has fallen due, earliest first."""
        return self.watches.due(at, limit)


def key_of(resident: str, plan: str) -> str:
    """Return the key of a plan's next visit."""
    return f"{resident}|{plan}"


def cause_of(task: Task | facts.TaskMade) -> Cause | None:
    """Return what a task must not be asked for twice by; None where it may."""
    if task.cause is not None and task.subject is not None:
        return device_cause(task.subject, task.cause, task.kind)
    if task.alarm is not None and task.resident is not None:
        return visit_cause(task.resident)
    return None


def device_cause(subject: str, cause: Kind, kind: TaskKind) -> Cause:
    """Return the cause of a task that a device event has brought."""
    return subject, f"{cause}|{kind}"


def visit_cause(resident: str) -> Cause:
    """Return the cause of a visit that an alarm asks for."""
    return resident, TaskKind.VISIT


def take_up(kept: KeptTasks) -> TaskBook:
    """Return the book that a snapshot holds."""
    book = TaskBook()
    for task in kept.tasks:
        _put(book, None, task)
    for visit in kept.visits:
        _put_visit(book, visit)
    book.commands = {ended.command: ended for _, ended in kept.commands}
    book.command_times = deque((at, ended.command) for at, ended in kept.commands)
    return book


@singledispatch
def fold(fact: object, book: TaskBook, at: Instant) -> None:
    """Fold a fact into the book. Facts about other things change nothing here."""


@fold.register
def _(fact: facts.TaskMade, book: TaskBook, at: Instant) -> None:
    _put(book, None, made(fact, at))


@fold.register
def _(fact: facts.TaskFact, book: TaskBook, at: Instant) -> None:
    old = book.tasks[fact.task]
    _put(book, old, apply(fact, old, at))


@fold.register
def _(fact: facts.TaskArchived, book: TaskBook, at: Instant) -> None:
    del book.tasks[fact.task]
    book.watches.end(WatchKind.TASK, fact.task)


@fold.register
def _(fact: facts.VisitWaits, book: TaskBook, at: Instant) -> None:
    _put_visit(book, Visit(fact.resident, fact.plan, fact.start, fact.due_at))


@fold.register
def _(fact: facts.VisitEnded, book: TaskBook, at: Instant) -> None:
    key = key_of(fact.resident, fact.plan)
    book.visits.pop(key, None)
    book.watches.end(WatchKind.VISIT, key)


@fold.register
def _(fact: facts.TaskCommandEnded, book: TaskBook, at: Instant) -> None:
    book.commands[fact.command] = fact
    book.command_times.append((at, fact.command))
    while book.command_times[0][0] + COMMANDS_REMEMBERED < at:
        del book.commands[book.command_times.popleft()[1]]


def _put_visit(book: TaskBook, visit: Visit) -> None:
    key = key_of(visit.resident, visit.plan)
    book.visits[key] = visit
    book.watches.put(WatchKind.VISIT, key, visit.due_at)


def _put(book: TaskBook, old: Task | None, new: Task) -> None:
    book.tasks[new.id] = new
    if new.due_at is None:
        book.watches.end(WatchKind.TASK, new.id)
    elif old is None or old.due_at != new.due_at:
        book.watches.put(WatchKind.TASK, new.id, new.due_at)
    _index(book, old is not None and old.live, new)


def _index(book: TaskBook, was_live: bool, new: Task) -> None:
    if was_live == new.live:
        return
    cause, step = cause_of(new), 1 if new.live else -1
    if cause is not None and new.live:
        book.by_cause[cause] = new.id
    elif cause is not None and book.by_cause.get(cause) == new.id:
        del book.by_cause[cause]
    if new.alarm is not None and new.rings:
        count = book.of_alarm.get(new.alarm, 0) + step
        book.of_alarm[new.alarm] = count
        if count == 0:
            del book.of_alarm[new.alarm]
