"""What the web process knows: a fold of the journal's tail, kept beside each alarm's timeline.

One writer (`follow`), many readers on the same event loop. Readers are level-triggered: they ask
what changed after a cursor and get present values, so a slow reader never makes a queue grow.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable

from hub.journal.port import Cursor, JournalReader, Record
from routing.alarm import Alarm
from routing.evolve import evolve
from routing.facts import AlarmArchived, AlarmFact, CommandEnded, ConfigurationRemoved
from routing.instant import Instant
from routing.state import State

Left = Callable[[str, Instant], None]


class Live:
    """The present state of one municipality and the recent past of its alarms."""

    def __init__(self, journal: JournalReader, left: Left = lambda person, at: None) -> None:
        """`left` is told of each person who was removed, and when; replayed removals too."""
        self.journal = journal
        self._left = left
        self.state = State()
        self.timelines: dict[str, list[Record]] = {}
        self.forgotten = 0
        """Sequence number of the last fact that took an alarm out of memory."""
        self._changed: OrderedDict[str, Cursor] = OrderedDict()
        self._ends: dict[str, list[asyncio.Future[CommandEnded]]] = {}
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
        """Fold the journal until cancelled."""
        goal = self.journal.head()
        self._caught_up = goal == 0
        async for records in self.journal.tail(0):
            for record in records:
                self._fold(record)
            self._caught_up = self._caught_up or self.cursor >= goal
            self.wake()

    def wake(self) -> None:
        """Let everybody who waits for news look again."""
        self._news.set()
        self._news = asyncio.Event()

    def _fold(self, record: Record) -> None:
        self.state = evolve(self.state, record)
        fact = record.fact
        if isinstance(fact, AlarmArchived):
            self.timelines.pop(fact.alarm, None)
            self._changed.pop(fact.alarm, None)
            self.forgotten = record.seq
        elif isinstance(fact, ConfigurationRemoved) and fact.section == "person":
            self._left(fact.id, record.recorded_at)
        elif isinstance(fact, AlarmFact):
            self._touch(fact.alarm, record)
        elif isinstance(fact, CommandEnded):
            if fact.alarm in self.state.alarms:
                self._touch(fact.alarm, record)
            self._tell(fact)

    def _touch(self, alarm: str, record: Record) -> None:
        self.timelines.setdefault(alarm, []).append(record)
        self._changed[alarm] = record.seq
        self._changed.move_to_end(alarm)

    def _tell(self, ended: CommandEnded) -> None:
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

    def ended(self, command: str) -> "asyncio.Future[CommandEnded]":
        """Return a future for the command's end; it is done already when the command has ended."""
        future: asyncio.Future[CommandEnded] = asyncio.get_running_loop().create_future()
        known = self.state.commands.get(command)
        if known is not None:
            future.set_result(known)
        else:
            self._ends.setdefault(command, []).append(future)
        return future

    def forget(self, command: str, future: "asyncio.Future[CommandEnded]") -> None:
        """Stop waiting for a command's end."""
        waiting = self._ends.get(command, [])
        if future in waiting:
            waiting.remove(future)
        if not waiting:
            self._ends.pop(command, None)
