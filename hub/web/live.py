"""What the web process knows: a fold of the journal, kept beside each alarm's timeline. It begins
at the newest checkpoint; what lies before it comes from history, for what is in memory only.

One writer (`follow`), many readers on the same event loop. Readers are level-triggered: they ask
what changed after a cursor and get present values, so a slow reader never makes a queue grow.
"""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable

from hub.history.past import memory
from hub.history.sqlite import History
from hub.journal.port import Cursor, JournalReader, Record, Removed
from hub.journal.resume import begin
from routing.alarm import Alarm
from routing.evolve import evolve
from routing.facts import (
    AlarmArchived,
    AlarmFact,
    AlarmRaised,
    CommandEnded,
    ConfigurationRemoved,
    EventRecorded,
)
from routing.instant import Instant
from routing.owed import about
from routing.proofs.facts import ReachEnded
from routing.state import State
from routing.tasks.facts import TaskArchived, TaskCommandEnded, TaskFact

log = logging.getLogger(__name__)

Left = Callable[[str, Instant], None]
Ended = CommandEnded | TaskCommandEnded | ReachEnded
"""How a person's command ended."""


class Live:
    """The present state of one municipality and the recent past of its alarms."""

    def __init__(
        self,
        journal: JournalReader,
        left: Left = lambda person, at: None,
        history: History | None = None,
    ) -> None:
        """`left` is told of each person who was removed, and when; replayed removals too."""
        self.journal = journal
        self._left = left
        self._history = history
        self.state = State()
        self.timelines: dict[str, list[Record]] = {}
        """Alarm or task to its facts."""
        self.happened: dict[str, Instant] = {}
        """Alarm to when its device says that it happened, where it says so."""
        self.forgotten = 0
        """Sequence number of the last fact that took an alarm out of memory."""
        self._changed: OrderedDict[str, Cursor] = OrderedDict()
        self._event: EventRecorded | None = None
        self._ends: dict[str, list[asyncio.Future[Ended]]] = {}
        self._news = asyncio.Event()
        self._caught_up = False

    @property
    def ready(self) -> bool:
        """Whether everything that was there at the start has been read."""
        return self._caught_up

    @property
    def cursor(self) -> Cursor:
        """The last record folded in."""
        return self.state.seq

    async def follow(self) -> None:
        """Fold the journal until cancelled; from a checkpoint again when it has been cut before
        us."""
        while True:
            try:
                await self._follow()
            except Removed as gone:
                log.warning("%s", gone)

    async def _follow(self) -> None:
        goal = self.journal.head()
        await self._begin()
        self._caught_up = self.cursor >= goal
        async for records in self.journal.tail(self.cursor):
            for record in records:
                self._fold(record)
            self._caught_up = self._caught_up or self.cursor >= goal
            self.wake()

    async def _begin(self) -> None:
        """Take up the newest checkpoint, and the timelines of what is in memory."""
        found = begin(self.journal)
        for why in found.refused:
            log.warning("%s", why)
        state = found.state
        self.state, self.forgotten = state, state.seq
        self.timelines, self.happened, self._changed = {}, {}, OrderedDict()
        ids = (*state.alarms, *state.book.tasks)
        for number, record in enumerate(memory(self.journal, self._history, ids, state.seq)):
            self._note(record)
            if number % 1000 == 0:
                await asyncio.sleep(0)
        for gone in [id for id in self.timelines if about(state, id) is None]:
            self._forget(gone)
        self.wake()

    def wake(self) -> None:
        """Let everybody who waits for news look again."""
        self._news.set()
        self._news = asyncio.Event()

    def _fold(self, record: Record) -> None:
        self.state = evolve(self.state, record)
        self._note(record)

    def _note(self, record: Record) -> None:
        """Keep what the pages need beside the state."""
        fact = record.fact
        if isinstance(fact, AlarmArchived):
            self._forget(fact.alarm)
            self.forgotten = max(self.forgotten, record.seq)
        elif isinstance(fact, ConfigurationRemoved) and fact.section == "person":
            self._left(fact.id, record.recorded_at)
        elif isinstance(fact, AlarmFact):
            self._touch(fact.alarm, record)
            self._note_when(fact)
        elif isinstance(fact, CommandEnded):
            if fact.alarm in self.state.alarms:
                self._touch(fact.alarm, record)
            self._tell(fact)
        elif isinstance(fact, EventRecorded):
            self._event = fact
        else:
            self._note_task(record)

    def _note_task(self, record: Record) -> None:
        fact = record.fact
        if isinstance(fact, ReachEnded):
            self._tell(fact)
        elif isinstance(fact, TaskArchived):
            self.timelines.pop(fact.task, None)
        elif isinstance(fact, TaskFact):
            self.timelines.setdefault(fact.task, []).append(record)
        elif isinstance(fact, TaskCommandEnded):
            if fact.task in self.state.book.tasks:
                self.timelines.setdefault(fact.task, []).append(record)
            self._tell(fact)

    def _note_when(self, fact: AlarmFact) -> None:
        """Keep the device's own time of what raised an alarm; the event stands just before it."""
        event = self._event
        if not isinstance(fact, AlarmRaised) or event is None or event.event != fact.event:
            return
        if event.occurred_at is not None:
            self.happened[fact.alarm] = event.occurred_at

    def _forget(self, alarm: str) -> None:
        self.timelines.pop(alarm, None)
        self.happened.pop(alarm, None)
        self._changed.pop(alarm, None)

    def _touch(self, alarm: str, record: Record) -> None:
        self.timelines.setdefault(alarm, []).append(record)
        self._changed[alarm] = record.seq
        self._changed.move_to_end(alarm)

    def _tell(self, ended: Ended) -> None:
        for waiting in self._ends.pop(ended.command, []):
            if not waiting.done():
                waiting.set_result(ended)

    def changed_after(self, cursor: Cursor) -> list[tuple[Cursor, Alarm]]:
        """Return the alarms that changed after the cursor, oldest change first, as they are now.

        Costs as much as there is to tell, however many alarms are open.
        """
        found: list[tuple[Cursor, Alarm]] = []
        for alarm, seq in reversed(self._changed.items()):
            if seq <= cursor:
                break
            found.append((seq, self.state.alarms[alarm]))
        return found[::-1]

    def can_resume(self, cursor: Cursor) -> bool:
        """Whether a reader with this cursor misses nothing by hearing `changed_after` alone."""
        return self.forgotten <= cursor <= self.cursor

    async def news(self, after: Cursor, timeout_s: float) -> bool:
        """Wait until something comes after the cursor; False when nothing did within the time."""
        if self.cursor > after:
            return True
        try:
            async with asyncio.timeout(timeout_s):
                await self._news.wait()
        except TimeoutError:
            return False
        return True

    def ended(self, command: str) -> "asyncio.Future[Ended]":
        """Return a future for the command's end; it is done already when the command has ended."""
        future: asyncio.Future[Ended] = asyncio.get_running_loop().create_future()
        state = self.state
        known: Ended | None = state.commands.get(command) or state.book.commands.get(command)
        known = known or state.proofs.commands.get(command)
        if known is not None:
            future.set_result(known)
        else:
            self._ends.setdefault(command, []).append(future)
        return future

    def forget(self, command: str, future: "asyncio.Future[Ended]") -> None:
        """Stop waiting for a command's end."""
        waiting = self._ends.get(command, [])
        if future in waiting:
            waiting.remove(future)
        if not waiting:
            self._ends.pop(command, None)
