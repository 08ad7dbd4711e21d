"""What the engine is given to do, parsed at the edge, and what it hands to the journal."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from adapters.session import Outcome
from hub.journal.port import Document
from routing.facts import AnyFact, EventRecorded, SendEnded
from routing.facts_devices import FramesReplayed
from routing.inputs import Command, Configure, Receipt
from routing.instant import Instant
from routing.kinds import Kind, Lane
from routing.locks.told import Told
from routing.proofs.command import ReachCommand
from routing.state import Owed
from routing.tasks.command import TaskCommand


@dataclass(frozen=True, slots=True)
class Sample:
    """A sign of life that is not journalled."""

    subject: str
    kind: Kind = Kind.DEVICE_ALIVE


Task = (
    EventRecorded
    | Sample
    | Command
    | TaskCommand
    | ReachCommand
    | SendEnded
    | Receipt
    | Configure
    | FramesReplayed
)

REPLAYED = "hub.replay"
"""The adapter of events that were kept and are treated again. No listener's id has a dot."""


def _nobody(_: Outcome) -> None:
    """Nobody waits for this."""


@dataclass(frozen=True, slots=True)
class Work:
    """One input with the documents it brought; `done` is called once it is durable."""

    task: Task
    lane: Lane
    documents: tuple[Document, ...] = ()
    position: bytes | None = None
    """JSON of a position; kept only while an alarm of that device or resident is open."""
    done: Callable[[Outcome], None] = _nobody
    updates: bool = False
    """The event was told before, and its documents now say more."""
    spoken: Callable[[str | None, Outcome], None] | None = None
    """In the place of `done`, where it is to be known through which number one speaks with the
    resident: the id that the step of the event's alarm names."""


@dataclass(slots=True)
class Batch:
    """What one turn decided. Nothing of it may be seen outside before it is committed."""

    at: Instant
    facts: list[AnyFact] = field(default_factory=list)
    documents: list[Document] = field(default_factory=list)
    done: list[tuple[Callable[[Outcome], None], Outcome]] = field(default_factory=list)
    owed: dict[str, Sequence[Owed]] = field(default_factory=dict)
    """Changed alarm to everything owed for it, as of this batch."""
    told: list[Told] = field(default_factory=list)
    """What adapters are to be told."""
