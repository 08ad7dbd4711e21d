"""A simulated hub process: the production engine and core over a simulated journal and notifier.

A crash drops all memory. Of the appends under way a random number has become durable, so crashes
fall between decision and commit, between commit and acknowledgement, and between the two effects.
"""

from collections.abc import Callable, Sequence
from functools import partial

from adapters.session import Outcome
from hub.journal.port import Record
from hub.router.engine import Engine
from hub.router.work import Batch, Work
from routing.evolve import evolve
from routing.facts import AnyFact, ConfigurationSet, EventRecorded, SendEnded
from routing.inputs import Configure
from routing.instant import Instant
from routing.kinds import Lane
from routing.owed import owed
from routing.presence import Presence
from routing.snapshot import restore, take
from routing.state import Owed, State
from tests.sim.broker import Broker, Message
from tests.sim.signs import Signs
from tests.sim.story import in_short
from tests.sim.town import TENANT, items
from tests.sim.world import World


def alarm_id(event: str) -> str:
    """Return the alarm's id as the router derives it."""
    return f"{TENANT}-{event[:20]}"


class Hub:
    """The process that may die at any time, and the journal that does not."""

    def __init__(self, world: World, broker: Broker, deliver: Callable[[Owed], None]) -> None:
        self._world, self._broker, self._deliver = world, broker, deliver
        self.journal: list[Record] = []
        self.downtimes: list[tuple[Instant, Instant]] = []
        self.confirm: Callable[[str, Outcome], None] = lambda _event, _outcome: None
        self.to_work: Callable[[Message], Work | None] = lambda _message: None
        self.when_decided: Callable[[], None] | None = None
        """Called once when the next facts are decided: a good moment for a crash."""
        self.up = False
        self.positions: dict[str, bytes] = {}
        """Alarm to the position kept for it."""
        self.positions_seen: list[tuple[int, str, bool]] = []
        """(facts before, alarm, kept or erased) of every position document."""
        self.heard: Callable[[str, Instant], None] = lambda _event, _at: None
        self._snapshot: bytes | None = None
        self.signs = Signs()
        self._life = 0
        self._down_since = world.now
        self.boot()
        changes = [ConfigurationSet(item=item, author="file") for item in items()]
        self.take(Work(Configure(changes), Lane.HELP))

    # -- life and death --------------------------------------------------------------------------

    def boot(self) -> None:
        """Come up from the journal alone."""
        self._life += 1
        self.up = True
        self._pending: list[Batch] = []
        self._wakes: Instant | None = None
        self._under_way: dict[str, set[str]] = {}
        state = self.replayed()
        self.engine = Engine(state, self.presence(state), alarm_id)
        self.keep_presence_at_boot()
        if self._world.now > self._down_since:
            self.downtimes.append((self._down_since, self._world.now))
        self._broker.connected(self._hear)
        self.settle_at_boot()
        self._turn_soon()

    def settle_at_boot(self) -> None:
        """Everything owed goes out again, under the same ids."""
        for alarm in self.engine.state.alarms:
            self._settle(alarm, owed(self.engine.state, (alarm,)))

    def presence(self, state: State) -> Presence:
        """Return the signs of life as the router takes them up."""
        return self.signs.take_up(self.journal, state, self._world.now)

    def keep_presence_at_boot(self) -> None:
        """Before anything of this life is committed."""
        self.signs.keep(self.engine.presence, self._world.now, len(self.journal))

    def crash(self) -> None:
        """Lose all memory; some of the appends under way have become durable all the same."""
        self._world.tell("hub killed")
        durable = self._world.random.randint(0, len(self._pending))
        for batch in self._pending[:durable]:
            self._write(batch)
        if self._world.random.random() < 0.5:
            self._snapshot = take(self.replayed())
        self.up = False
        self._down_since = self._world.now
        self._broker.subscriber = None

    def replayed(self) -> State:
        """Return the state that the journal alone says, by snapshot where there is one."""
        state = restore(self._snapshot) if self._snapshot else None
        state = state or State()
        for record in self.journal[state.seq :]:
            evolve(state, record)
        return state

    # -- one life --------------------------------------------------------------------------------

    def take(self, work: Work) -> None:
        if self.up:
            self.engine.take(work)
            self._turn_soon()

    def _hear(self, message: Message) -> None:
        work = self.to_work(message)
        if work is not None:
            if isinstance(work.task, EventRecorded):
                self.heard(work.task.event, self._world.now)
            self.take(work)

    def _turn_soon(self) -> None:
        self._wake_at(self._world.now + self._world.between_s(0.0001, 0.001))

    def _wake_at(self, at: Instant) -> None:
        """Take a turn then, or earlier; each turn sees for itself when the next is wanted."""
        if self._wakes is None or at < self._wakes:
            self._wakes = at
            wake = self._in_this_life(partial(self._wake, at))
            self._world.after(at - self._world.now, wake)

    def _wake(self, at: Instant) -> None:
        if at == self._wakes:
            self._wakes = None
            self._turn()

    def _in_this_life(self, happen: Callable[[], None]) -> Callable[[], None]:
        life = self._life

        def only_then() -> None:
            if self.up and self._life == life:
                happen()

        return only_then

    def _turn(self) -> None:
        batch = self.engine.turn(self._world.now)
        if batch is not None:
            self._pending.append(batch)
            self.decided(batch)
            if self.when_decided is not None and batch.facts:
                happen, self.when_decided = self.when_decided, None
                happen()
            delay = self._world.between_s(0.0005, 0.01)
            self._world.after(delay, self._in_this_life(self._commit))
        due = self.engine.next_turn()
        if due is not None:
            self._wake_at(max(due, self._world.now))

    def decided(self, batch: Batch) -> None:
        """Nothing leaves before the commit; a planted bug does it here."""

    def _commit(self) -> None:
        if not self._pending:
            return
        batch = self._pending.pop(0)
        self._write(batch)
        if not self._pending:
            presence = self.engine.presence
            self.signs.keep_now_and_then(presence, self._world.now, len(self.journal))
        self.effects(batch)

    def _write(self, batch: Batch) -> None:
        for fact in batch.facts:
            self._record(fact, batch.at)
        for document in batch.documents:
            if document.kind == "position":
                self.positions_seen.append((len(self.journal), document.id, bool(document.body)))
                if document.body:
                    self.positions[document.id] = document.body
                else:
                    self.positions.pop(document.id, None)

    def _record(self, fact: AnyFact, at: Instant) -> None:
        self.journal.append(Record(len(self.journal) + 1, at, fact))
        self._world.tell(f"#{len(self.journal)} {type(fact).__name__} {in_short(fact)}")

    def effects(self, batch: Batch) -> None:
        """Acknowledge and confirm, and start what is owed: in any order, both after the commit."""
        for done, outcome in batch.done:
            done(outcome)
        for alarm, sends in sorted(batch.owed.items()):  # a set's order is not the seed's
            self._settle(alarm, sends)

    def answer(self, event: str, outcome: Outcome) -> None:
        """Tell a device what became of its event."""
        self.confirm(event, outcome)

    # -- sends -----------------------------------------------------------------------------------

    def _settle(self, alarm: str, sends: Sequence[Owed]) -> None:
        known = self._under_way.setdefault(alarm, set())
        for one in sends:
            if one.page.send not in known:
                known.add(one.page.send)
                self._attempt(one, 1)
        known.intersection_update({one.page.send for one in sends})

    def _attempt(self, one: Owed, number: int) -> None:
        delay = self._world.between_s(0.02, 2)
        self._world.after(delay, self._in_this_life(partial(self._arrive, one, number)))

    def _arrive(self, one: Owed, number: int) -> None:
        if one.page.send not in self._under_way.get(one.alarm, ()):
            return
        if self._world.chance(0.3):
            if number < 3:
                self._attempt(one, number + 1)
            else:
                self._end(one, delivered=False)
            return
        self._deliver(one)
        if self._world.chance(0.1):  # it arrived, and nobody here knows: the same id goes out again
            self._attempt(one, number + 1)
            return
        self._end(one, delivered=True)

    def _end(self, one: Owed, *, delivered: bool) -> None:
        page = one.page
        ended = SendEnded(
            alarm=one.alarm,
            send=page.send,
            person=page.person,
            channel=page.channel,
            delivered=delivered,
            code="simulated",
        )
        self.take(Work(ended, Lane.HELP))

    def busy(self) -> bool:
        """Whether something has been decided and is not committed yet."""
        return bool(self._pending) or self.engine.next_turn() == 0
