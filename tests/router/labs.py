"""An engine over the small town of the core's stories, driven turn by turn without any journal."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from adapters.session import Outcome
from hub.journal.port import Document
from hub.router.engine import Engine
from hub.router.work import Batch, Task, Work
from routing.event import derive_id
from routing.facts import ConfigurationSet, EventRecorded
from routing.inputs import Command, Configure
from routing.instant import SECOND, Instant
from routing.kinds import KINDS, Kind, Lane
from routing.lifecycle import Action, OutcomeCode, Phase
from routing.municipality import AnyItem
from routing.presence import Presence
from routing.state import State
from tests.routing.story import START, alarm_id, brief, town

POSITION = b'{"lat":59.9,"lon":10.7}'


def heard(
    kind: Kind = Kind.HELP_PRESSED, subject: str = "scaip:1", event: str | None = None
) -> EventRecorded:
    """Return an event; without an id its id is made of the kind and the subject."""
    return EventRecorded(
        event=event or derive_id(kind, subject),
        kind=kind,
        subject=subject,
        received_at=START,
        adapter="scaip",
    )


def command(person: str, action: Action, alarm: str, note: str | None = None) -> Command:
    return Command(
        id=f"{person}-{action}",
        alarm=alarm,
        person=person,
        action=action,
        seen_phase=Phase.LOOKING,
        made_at=START,
        outcome=OutcomeCode.TALK if action is Action.CLOSE else None,
        note=note,
    )


@dataclass
class Lab:
    """An engine, its clock, and what it told its callers."""

    items: Sequence[AnyItem] = field(default_factory=town)
    at: Instant = START
    told: list[tuple[str, Outcome]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.engine = Engine(State(), Presence(), alarm_id)
        self.configure(*self.items)

    def configure(self, *items: AnyItem) -> None:
        changes = [ConfigurationSet(item=item, author="test") for item in items]
        self.engine.take(Work(Configure(changes), Lane.HELP))
        self.turn()

    def take(
        self,
        task: Task,
        *,
        name: str = "",
        lane: Lane | None = None,
        documents: tuple[Document, ...] = (),
        position: bytes | None = None,
        updates: bool = False,
    ) -> None:
        named = KINDS[task.kind].lane if isinstance(task, EventRecorded) else Lane.HELP
        self.engine.take(
            Work(
                task,
                lane or named,
                documents,
                position,
                lambda o: self.told.append((name, o)),
                updates,
            )
        )

    def turn(self) -> Batch:
        batch = self.engine.turn(self.at)
        assert batch is not None
        return batch

    def committed(self) -> Batch:
        """Turn, and let the effects out as after a commit."""
        batch = self.turn()
        for done, outcome in batch.done:
            done(outcome)
        return batch

    def wait(self, seconds: int) -> None:
        self.at += seconds * SECOND

    @property
    def alarm(self) -> str:
        (only,) = self.engine.state.alarms
        return only


def lines(batch: Batch) -> list[str]:
    """Return the batch's facts, one line each."""
    return [brief(fact, batch.at) for fact in batch.facts]
