"""State: one municipality in memory, a fold of its facts. Only `routing.evolve` writes to it.

One small value per alarm, plus indexes so that the cost of a fact does not grow with the number of
open alarms: `due` is a heap with lazy deletion, `owed` the sends that should be under way.
"""

from collections import deque
from dataclasses import dataclass, field

from routing.alarm import Alarm
from routing.correlate.memory import Memory
from routing.duty import Absence, Need, Override, Rotation, Swap
from routing.facts import CommandEnded, Page
from routing.instant import Instant
from routing.locks.book import LockBook
from routing.municipality import (
    AnyItem,
    Device,
    Municipality,
    Person,
    Policy,
    Resident,
    Shift,
    Team,
    Unit,
)
from routing.proofs.book import ProofBook
from routing.tasks.book import TaskBook
from routing.watch import Watches


@dataclass(slots=True)
class Registry:
    """The configuration as it is now, by id, and what is known of the ways to people."""

    municipality: Municipality | None = None
    units: dict[str, Unit] = field(default_factory=dict)
    teams: dict[str, Team] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    residents: dict[str, Resident] = field(default_factory=dict)
    devices: dict[str, Device] = field(default_factory=dict)
    policies: dict[str, Policy] = field(default_factory=dict)
    shifts: dict[str, Shift] = field(default_factory=dict)
    rotations: dict[str, Rotation] = field(default_factory=dict)
    overrides: dict[str, Override] = field(default_factory=dict)
    swaps: dict[str, Swap] = field(default_factory=dict)
    absences: dict[str, Absence] = field(default_factory=dict)
    needs: dict[str, Need] = field(default_factory=dict)
    duty: dict[tuple[str, int], tuple[list[Instant], list[tuple[str, ...]]]] = field(
        default_factory=dict, compare=False
    )
    """(team, day of UTC) to the duty worked out for it; `routing.roster` fills it, and it is
    forgotten when a roster changes."""
    private: dict[tuple[str, str], str] = field(default_factory=dict)
    """(section, id) to the keyed digest of the item's document."""
    device_of: dict[str, str] = field(default_factory=dict)
    """Subject to device id."""
    members: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Team to its people, in the order they were configured."""
    shifts_of: dict[str, tuple[Shift, ...]] = field(default_factory=dict)
    """Team to its shifts."""
    leads: tuple[str, ...] = ()
    """People with the role lead, by id."""
    versions: dict[str, Policy] = field(default_factory=dict)
    """Content hash to policy: every version that a running alarm may still name."""
    current: dict[str, str] = field(default_factory=dict)
    """Policy id to the content hash of its present version."""
    proofs: ProofBook = field(default_factory=ProofBook)
    """What is known of the ways to people. It stands here because whom to call, and by what, is
    answered from both; configuration does not write it."""

    def items(self, section: str) -> dict[str, AnyItem]:
        """Return the section's items by id."""
        if section == "municipality":
            one = self.municipality
            return {} if one is None else {one.id: one}
        plural = {"person": "people", "policy": "policies"}.get(section, f"{section}s")
        found: dict[str, AnyItem] = getattr(self, plural)
        return found


@dataclass(frozen=True, slots=True)
class Owed:
    """A send that should be under way."""

    alarm: str
    page: Page


@dataclass(slots=True)
class State:
    """One municipality. Compare with `==` to check that live and replayed state agree."""

    seq: int = 0
    """Sequence number of the last fact folded in."""
    recorded_at: Instant = 0
    registry: Registry = field(default_factory=Registry)
    alarms: dict[str, Alarm] = field(default_factory=dict)
    open_by_trouble: dict[tuple[str, str], str] = field(default_factory=dict)
    """(who, what) to the open alarm that further events of the same trouble join."""
    owed: dict[str, Owed] = field(default_factory=dict)
    due: list[tuple[Instant, str]] = field(default_factory=list, compare=False)
    """Heap of (due_at, alarm id); entries that no longer match their alarm are dead."""
    watches: Watches = field(default_factory=Watches)
    """Deadlines beside those of alarms."""
    book: TaskBook = field(default_factory=TaskBook)
    """Tasks."""
    locks: LockBook = field(default_factory=LockBook)
    """Commands to locks."""
    memory: Memory = field(default_factory=Memory)
    """What correlation remembers."""
    closed: deque[tuple[Instant, str]] = field(default_factory=deque)
    """Closed alarms still in memory, oldest first."""
    soothed: dict[tuple[str, str], tuple[tuple[Instant, str], ...]] = field(default_factory=dict)
    """(who, what) to (raised_at, alarm) of those closed as no need or talk and still in memory."""
    events: set[str] = field(default_factory=set)
    """Event ids already recorded; forgotten after the longest dedupe window."""
    event_times: deque[tuple[Instant, str]] = field(default_factory=deque)
    commands: dict[str, CommandEnded] = field(default_factory=dict)
    command_times: deque[tuple[Instant, str]] = field(default_factory=deque)

    @property
    def proofs(self) -> ProofBook:
        """What is known of the ways to people."""
        return self.registry.proofs
