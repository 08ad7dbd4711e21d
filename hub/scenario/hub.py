"""The hub of a story: the production engine, boot and configuration over a journal in memory.

A kill drops all memory; what comes back is read from the journal alone. Signs of life are kept as
they were at the kill (a running hub keeps them once a minute).
"""

from collections.abc import Callable

from hub.journal.memory import MemoryStore, open_reader
from hub.journal.port import Checkpoint
from hub.journal.rows import to_row
from hub.router import boot
from hub.router.engine import Engine
from hub.router.work import Batch, Work
from hub.scenario.seen import Played
from routing.facts import AnyFact
from routing.instant import Instant
from routing.snapshot import take_presence

TURNS = 20_000
"""More turns than this at one instant mean that the core goes round in a circle."""


class Hub:
    """One process that may be killed, and the journal that survives it."""

    def __init__(self, municipality: str, at: Instant, committed: Callable[[Batch], None]) -> None:
        self._municipality, self._committed = municipality, committed
        self._store = MemoryStore(municipality)
        self.reader = open_reader(self._store)
        self.played = Played(self.reader)
        self.engine: Engine | None = None
        self.boot(at)

    def boot(self, at: Instant) -> None:
        """Come up from the journal alone."""
        state, _ = boot.load_state(self.reader)
        at = max(at, state.recorded_at)
        presence = boot.load_presence(self.reader, state, at)
        self.engine = Engine(state, presence, lambda event: f"{self._municipality}-{event[:20]}")

    def kill(self, at: Instant) -> None:
        """Lose all memory."""
        if self.engine is not None:
            state = self.engine.state
            kept = take_presence(self.engine.presence, at)
            self._store.checkpoints[boot.PRESENCE] = Checkpoint(boot.PRESENCE, state.seq, kept)
        self.engine = None

    def next_turn(self) -> Instant | None:
        """Return when the engine has something to do, by the hub's own clock."""
        return None if self.engine is None else self.engine.next_turn()

    def take(self, work: Work) -> None:
        """Give the engine work; a killed hub takes none."""
        if self.engine is not None:
            self.engine.take(work)

    def run(self, hub_at: Instant, at: Instant) -> None:
        """Turn until there is nothing left to do at this instant (`at` is the true time)."""
        for _ in range(TURNS):
            due = self.next_turn()
            if self.engine is None or due is None or due > hub_at:
                return
            batch = self.engine.turn(hub_at)
            if batch is None:
                return
            self._commit(batch, at)
        raise RuntimeError(f"the core did not come to rest at {hub_at}")

    def _commit(self, batch: Batch, at: Instant) -> None:
        for fact in batch.facts:
            self._record(fact, batch.at, at)
        for document in batch.documents:
            key = (document.kind, document.id)
            if document.body is None:
                self._store.documents.pop(key, None)
            else:
                self._store.documents[key] = document.body
        if batch.facts and self.engine is not None:
            self.played.views[at] = dict(self.engine.state.alarms)
            self.played.tasks[at] = tuple(self.engine.state.book.tasks.values())
            self.played.state, self.played.registry = self.engine.state, self.engine.state.registry
        located = (id for kind, id in self._store.documents if kind == "position")
        self.played.located[at] = frozenset(located)
        self._committed(batch)

    def _record(self, fact: AnyFact, recorded_at: Instant, at: Instant) -> None:
        self._store.rows.append(to_row(len(self._store.rows) + 1, recorded_at, fact))
        record = self.reader.read(len(self._store.rows) - 1, 1)[0]
        self.played.record(at, record)
