"""Commands to locks: those under way, and those that ended while their alarm or task is in memory.

Only `routing.evolve` calls the fold. Deadlines are watches of the state.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import msgspec

from routing.instant import Instant
from routing.kinds import Kind
from routing.locks.facts import LockOutcome
from routing.to_device import DeviceAction

KINDS = frozenset({Kind.LOCK_LOCKED, Kind.LOCK_UNLOCKED, Kind.LOCK_FAILED})
"""What tells that a device is a lock."""
STRANGERS = 256
"""Locks that nobody has registered yet, remembered so that they can be told once they are."""


class LockRun(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One command to a lock."""

    command: str
    about: str
    """The alarm or task that it belongs to."""
    task: bool
    """Whether that is a task."""
    person: str
    resident: str
    device: str
    subject: str
    adapter: str
    action: DeviceAction
    asked_at: Instant
    expires_at: Instant
    due_at: Instant
    outcome: LockOutcome | None = None
    """None while it is under way."""


class KeptLocks(msgspec.Struct, frozen=True):
    """The book in a snapshot."""

    heard: dict[str, str] = {}
    strangers: dict[str, str] = {}
    runs: tuple[LockRun, ...] = ()


@dataclass(slots=True)
class LockBook:
    """What is known of locks that can be told something."""

    heard: dict[str, str] = field(default_factory=dict)
    """Subject of a registered lock to the listener that spoke for it last: the way to it."""
    strangers: dict[str, str] = field(default_factory=dict)
    """The same of unregistered ones, the latest `STRANGERS`."""
    runs: dict[str, LockRun] = field(default_factory=dict)
    """By command id."""
    busy: dict[str, str] = field(default_factory=dict)
    """Device to the command under way."""
    of: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Alarm or task to its commands, in order."""

    def latest(self, about: str) -> LockRun | None:
        """Return the last command of an alarm or task."""
        commands = self.of.get(about)
        return self.runs[commands[-1]] if commands else None

    def under_way(self) -> Iterator[LockRun]:
        """Yield the commands that have not ended."""
        return (self.runs[command] for command in self.busy.values())

    def put(self, run: LockRun) -> None:
        """Write a command down, or how it stands now."""
        if run.command not in self.runs:
            self.of[run.about] = (*self.of.get(run.about, ()), run.command)
        self.runs[run.command] = run
        if run.outcome is None:
            self.busy[run.device] = run.command
        elif self.busy.get(run.device) == run.command:
            del self.busy[run.device]

    def forget(self, about: str) -> tuple[str, ...]:
        """Forget the commands of what leaves memory; return their ids."""
        gone = self.of.pop(about, ())
        for command in gone:
            run = self.runs.pop(command)
            if self.busy.get(run.device) == command:
                del self.busy[run.device]
        return gone

    def hear(self, subject: str, adapter: str, *, registered: bool) -> None:
        """Remember the way to a lock."""
        if registered:
            self.strangers.pop(subject, None)
            self.heard[subject] = adapter
            return
        self.strangers.pop(subject, None)
        self.strangers[subject] = adapter
        if len(self.strangers) > STRANGERS:
            del self.strangers[next(iter(self.strangers))]

    def way_to(self, subject: str) -> str | None:
        """Return the listener that tells the lock; None of what is no lock, or never spoke."""
        return self.heard.get(subject) or self.strangers.get(subject)

    def keep(self) -> KeptLocks:
        """Return what a snapshot holds."""
        runs = tuple(self.runs[command] for found in self.of.values() for command in found)
        return KeptLocks(dict(self.heard), dict(self.strangers), runs)


def take_up(kept: KeptLocks) -> LockBook:
    """Return the book that a snapshot holds."""
    book = LockBook(heard=dict(kept.heard), strangers=dict(kept.strangers))
    for run in kept.runs:
        book.put(run)
    return book
