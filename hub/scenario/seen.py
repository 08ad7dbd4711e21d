"""What happened in a play, as the judge and the reader see it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeVar

from adapters.session import Outcome
from hub.journal.port import JournalReader, Record
from hub.scenario.times import Window
from routing.alarm import Alarm
from routing.instant import Instant
from routing.lifecycle import OPEN
from routing.state import Registry, State
from routing.tasks.value import Task

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Notice:
    """A page that reached somebody, or did not."""

    at: Instant
    person: str
    channel: str
    alarm: str
    reached: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """What the hub told an adapter to tell a device."""

    at: Instant
    subject: str
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Said:
    """A line of the story as it was played: a msgid and its parameters."""

    at: Instant
    msgid: str
    params: dict[str, Any]


@dataclass(slots=True)
class Played:
    """Everything that happened, in order."""

    reader: JournalReader
    registry: Registry = field(default_factory=Registry)
    """The configuration at the end."""
    state: State = field(default_factory=State)
    """What the hub knew at the end."""
    records: list[Record] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    views: dict[Instant, dict[str, Alarm]] = field(default_factory=dict)
    """True time to the alarms at the end of that instant, wherever something changed."""
    tasks: dict[Instant, tuple[Task, ...]] = field(default_factory=dict)
    """True time to the tasks at the end of that instant, wherever something changed."""
    located: dict[Instant, frozenset[str]] = field(default_factory=dict)
    """True time to the alarms that a position is kept for, wherever that may have changed."""
    at: dict[int, Instant] = field(default_factory=dict)
    """Sequence number to the true time at which the fact was committed."""
    log: list[tuple[Instant, Record | Notice | Said]] = field(default_factory=list)
    """What there is to tell, in the order in which it happened."""

    def record(self, at: Instant, record: Record) -> None:
        """Note a committed fact."""
        self.records.append(record)
        self.at[record.seq] = at
        self.log.append((at, record))

    def notice(self, notice: Notice) -> None:
        """Note a page that reached somebody, or did not."""
        self.notices.append(notice)
        self.log.append((notice.at, notice))

    def say(self, said: Said) -> None:
        """Note a line of the story."""
        self.log.append((said.at, said))

    def facts(self, window: Window) -> list[Record]:
        """Return the records committed in the window."""
        return [r for r in self.records if window.first <= self.at[r.seq] <= window.last]

    def states(self, window: Window) -> Iterator[tuple[Instant, dict[str, Alarm]]]:
        """Yield what was so when the window began, and after every change within it."""
        return _within(self.views, window, {})

    def task_states(self, window: Window) -> Iterator[tuple[Instant, tuple[Task, ...]]]:
        """Yield the tasks, as `states` does the alarms."""
        return _within(self.tasks, window, ())

    def positions(self, window: Window) -> Iterator[tuple[Instant, frozenset[str]]]:
        """Yield for which alarms a position was kept, as `states` does."""
        return _within(self.located, window, frozenset())

    def everything(self) -> dict[str, Alarm]:
        """Return every alarm there was, as last seen."""
        found: dict[str, Alarm] = {}
        for view in self.views.values():
            found.update(view)
        return found


def _within(changes: dict[Instant, T], window: Window, first: T) -> Iterator[tuple[Instant, T]]:
    before = first
    for at, value in changes.items():
        if at <= window.first:
            before = value
    yield window.first, before
    yield from ((at, value) for at, value in changes.items() if window.first < at <= window.last)


def concerns(alarm: Alarm, of: str | None) -> bool:
    """Whether an alarm is of a resident, device, subject, kind or category."""
    them = {
        alarm.resident,
        alarm.concerns,
        alarm.device,
        alarm.subject,
        str(alarm.kind),
        str(alarm.category),
    }
    return of is None or of in them


def meant(alarms: Iterable[Alarm], person: str, of: str | None) -> Alarm | None:
    """Return the alarm that a person acts on: open ones first, the one owned, one that the person
    was called to, then the latest."""
    found = [alarm for alarm in alarms if concerns(alarm, of)]

    def nearness(alarm: Alarm) -> tuple[bool, bool, bool, Instant]:
        called = person in alarm.called
        return is_open(alarm), alarm.owner == person, called, alarm.raised_at

    return max(found, key=nearness, default=None)


def concerns_task(task: Task, of: str | None) -> bool:
    """Whether a task is of a resident, subject, kind of task, or the kind of event that asked."""
    return of is None or of in {task.resident, task.subject, str(task.kind), str(task.cause)}


def meant_task(tasks: Iterable[Task], person: str, of: str | None) -> Task | None:
    """Return the task that a person acts on: live ones first, the person's own, then the latest."""
    found = [task for task in tasks if concerns_task(task, of)]
    return max(found, key=lambda t: (t.live, person in t.owners, t.made_at), default=None)


def is_open(alarm: Alarm) -> bool:
    """Whether the alarm still wants somebody."""
    return alarm.phase in OPEN
