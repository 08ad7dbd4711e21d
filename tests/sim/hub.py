"""A simulated worker: the production engine and core over a simulated journal and notifier.

A crash drops all memory. Of the appends under way a random number has become durable, so crashes
fall between decision and commit, between commit and acknowledgement, and between the two effects. A
worker may also sleep, or not reach its journal, and wake as one whom the journal refuses.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from hub.journal.lease import Lease, Term
from hub.router.engine import Engine
from hub.router.work import Batch, Work
from routing.facts import ConfigurationSet, EventRecorded, SendEnded
from routing.inputs import Configure
from routing.instant import Instant
from routing.kinds import Lane
from routing.owed import owed
from routing.presence import Presence
from routing.snapshot import take
from routing.state import State
from tests.sim.broker import Message
from tests.sim.sends import Sends
from tests.sim.signs import KEEP_EVERY
from tests.sim.town import items
from tests.sim.world import World

if TYPE_CHECKING:
    from tests.sim.site import Site


class Hub:
    """The process that may die at any time. `site` is the municipality that it works for."""

    def __init__(self, world: World, site: "Site", name: str) -> None:
        self._world, self._site, self._disk, self.name = world, site, site.disk, name
        self.signs = site.disk.signs
        self.up = False
        self.asleep = False
        """All of it stands still; what would have happened waits."""
        self.cut_off = False
        """It does not reach its journal."""
        self.term: Term | None = None
        """When its lease ends, from the moment on when that is in doubt."""
        self._waiting: list[tuple[Callable[..., None], tuple[Any, ...]]] = []
        self._life = 0

    # -- life and death --------------------------------------------------------------------------

    def boot(self, instead_of: Lease | None = None) -> None:
        """Take the lease, and come up from the journal alone."""
        self.token = self._disk.claim(self.name, instead_of)
        self._life += 1
        self.up, self.asleep, self.cut_off, self.term = True, False, False, None
        self._waiting = []
        self._pending: list[Batch] = []
        self._born = self._world.now
        self._wakes: Instant | None = None
        self.sends = Sends(self._world, self._later, self._may_send, self._site, self._send_ended)
        state = self._disk.replayed()
        self._disk.compare(state)
        self.engine = Engine(state, self.presence(state), self._site.alarm_id)
        self.keep_presence_at_boot()
        self._disk.attended()
        self._site.broker.connected(self._site.name, self._hear)
        self.settle_at_boot()
        self._turn_soon()

    def configure(self) -> None:
        """Take up the town, at the very first start."""
        changes = [ConfigurationSet(item=item, author="file") for item in items(self._site.name)]
        self.take(Work(Configure(changes), Lane.HELP))

    def settle_at_boot(self) -> None:
        """Everything owed goes out again, under the same ids."""
        state = self.engine.state
        for one in (*state.alarms, *state.proofs.tests):
            self.sends.settle(one, owed(state, (one,)))

    def presence(self, state: State) -> Presence:
        """Return the signs of life as the router takes them up."""
        return self.signs.take_up(self._disk.journal, state, self._world.now)

    def keep_presence_at_boot(self) -> None:
        """Before anything of this life is committed."""
        self.signs.keep(self.engine.presence, self._world.now, len(self._disk.journal))

    def _keep_presence_of_quiet_time(self) -> None:
        """A worker also keeps the signs of life while nothing is committed, each half minute of its
        life; only the last time before the next turn, or before it is gone, matters."""
        now, disk = self._world.now, self._disk.journal
        kept_at = now - (now - self._born) % KEEP_EVERY
        since = max(self._born, self.engine.state.recorded_at)
        if self.term is None and not self._pending and since < kept_at:
            self.signs.keep(self.engine.presence, kept_at, len(disk))

    def crash(self) -> None:
        """Lose all memory; some of the appends under way have become durable all the same."""
        self._world.tell(f"{self.name} killed")
        self._keep_presence_of_quiet_time()
        durable = 0 if self.cut_off else self._world.random.randint(0, len(self._pending))
        kept = [self._disk.append(self.token, batch) for batch in self._pending[:durable]]
        if self._world.random.random() < 0.5:
            all_kept = all(kept) and durable == len(self._pending)
            state = self.engine.state if all_kept else self._disk.durable.state
            self._disk.snapshot = take(state)
        self.end()

    def end(self) -> None:
        """Be gone."""
        self.up = False
        self._site.broker.disconnected(self._site.name, self._hear)

    # -- sleep and a lost journal ----------------------------------------------------------------

    def doubt(self, *, asleep: bool, lease_ends_at: Instant) -> None:
        """Fall asleep, or lose sight of the journal, at a moment when the lease ends then."""
        self._world.tell(f"{self.name} {'sleeps' if asleep else 'does not reach its journal'}")
        self._keep_presence_of_quiet_time()
        self.asleep, self.cut_off = asleep, not asleep
        self.term = Term(lease_ends_at)

    def go_on(self) -> None:
        """Wake, or reach the journal again: renew, and do what has waited, in whatever order."""
        self._world.tell(f"{self.name} goes on")
        self.asleep = self.cut_off = False
        waiting, self._waiting = self._waiting, []
        for happen, given in [*waiting, (self._renew, ())]:
            self._later(self._world.between_s(0, 0.002), happen, *given)

    def _renew(self) -> None:
        if self._disk.renew(self.token):
            self.term = None
            self._disk.attended()
        else:
            self._refused()

    def end_of_term(self) -> Callable[[], None]:
        """End, as the lease has run out by the own clock. Return what happens when the appends that
        are still on their way reach the journal."""
        token, late = self.token, self._pending
        self._world.tell(f"{self.name} ends: its lease is over")
        self.end()

        def arrive() -> None:
            for batch in late:
                self._disk.append(token, batch)

        return arrive

    def _refused(self) -> None:
        self._world.tell(f"{self.name} ends: the journal refuses it")
        self.end()
        self._site.gone(self)

    # -- one life --------------------------------------------------------------------------------

    def take(self, work: Work) -> None:
        if self.up:
            self.engine.take(work)
            self._turn_soon()

    def _hear(self, message: Message, connection: int) -> None:
        if self.asleep:
            self._waiting.append((self._hear, (message, connection)))
            return
        work = self._site.to_work(message, connection)
        if isinstance(work.task, EventRecorded):
            self._site.heard(work.task.event)
        self.take(work)

    def _turn_soon(self) -> None:
        self._wake_at(self._world.now + self._world.between_s(0.0001, 0.001))

    def _wake_at(self, at: Instant) -> None:
        """Take a turn then, or earlier; each turn sees for itself when the next is wanted."""
        if self._wakes is None or at < self._wakes:
            self._wakes = at
            self._later(at - self._world.now, self._wake, at)

    def _wake(self, at: Instant) -> None:
        if at == self._wakes:
            self._wakes = None
            self._turn()

    def _in_life(self, life: int, happen: Callable[..., None], *given: Any) -> None:
        """Do it, unless this life is over; later, if it sleeps."""
        if self.up and self._life == life:
            if self.asleep:
                self._waiting.append((happen, given))
            else:
                happen(*given)

    def _turn(self) -> None:
        self._keep_presence_of_quiet_time()
        batch = self.engine.turn(self._world.now)
        if batch is not None:
            self._pending.append(batch)
            self.decided(batch)
            if batch.facts:
                self._site.decided()
            delay = self._world.between_s(0.0005, 0.01)
            self._later(delay, self._commit)
        due = self.engine.next_turn()
        if due is not None:
            self._wake_at(max(due, self._world.now))

    def decided(self, batch: Batch) -> None:
        """Nothing leaves before the commit; a planted bug does it here."""

    def _commit(self) -> None:
        if self.cut_off:
            self._waiting.append((self._commit, ()))
            return
        batch = self._pending[0]
        if not self._disk.append(self.token, batch):
            self._refused()
            return
        del self._pending[0]
        if not self._pending:
            presence, number = self.engine.presence, len(self._disk.journal)
            self.signs.keep_now_and_then(presence, self._world.now, number)
        self.effects(batch)

    def effects(self, batch: Batch) -> None:
        """Acknowledge and confirm, and start what is owed: in any order, both after the commit."""
        for done, outcome in batch.done:
            done(outcome)
        for alarm, sends in sorted(batch.owed.items()):  # a set's order is not the seed's
            self.sends.settle(alarm, sends)

    def _may_send(self) -> bool:
        """Whether nobody else can have the lease: looked at before every send, as in the hub."""
        return self.term is None or not self.term.over(self._world.now)

    def _later(self, delay: Instant, happen: Callable[..., None], *given: Any) -> None:
        self._world.after(delay, self._in_life, self._life, happen, *given)

    def _send_ended(self, ended: SendEnded) -> None:
        self.take(Work(ended, Lane.HELP))

    def busy(self) -> bool:
        """Whether something has been decided and is not committed yet, or it does nothing."""
        return self.asleep or bool(self._pending) or self.engine.next_turn() == 0
