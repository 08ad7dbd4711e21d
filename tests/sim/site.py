"""One municipality of the simulated world: its disk, two workers, its own devices and phones.

One worker works and the other stands by: it takes over when the first has died, or has let its
lease run out asleep or cut off from the journal. A worker that is gone comes back after a while.
"""

from functools import partial

from hub.journal.lease import LASTS, Vigil
from hub.router.work import Work
from routing.instant import DAY, SECOND, Instant
from routing.state import Owed
from tests.sim.broker import Broker, Message
from tests.sim.disk import Disk
from tests.sim.hub import Hub
from tests.sim.life import Devices, Phones, to_work
from tests.sim.reaching import Reaching
from tests.sim.world import World

RENEWED_EVERY_S = 2.0
LOOKS_EVERY_S = 0.25
"""How often a standby looks whether the other has died."""


class Site:
    """The faults of each municipality are its own."""

    def __init__(self, world: World, broker: Broker, hub_class: type[Hub], name: str) -> None:
        self._world, self.broker, self.name = world, broker, name
        self.disk = Disk(world)
        self.devices = Devices(world, broker, name)
        self.phones = Phones(world, broker, name, self.disk.durable)
        given = self.phones.given
        self.reaching = Reaching(world, broker, name, self.disk.durable, given)
        self.crashes = 0
        self.takeovers = 0
        """From a worker that lives."""
        self._crashes_wanted = 0
        """As soon as something is decided."""
        self.working: Hub | None = hub_class(world, self, f"{name}/a")
        self._standby: Hub | None = hub_class(world, self, f"{name}/b")
        self.working.boot()
        self.working.configure()

    # -- what a worker needs of it ---------------------------------------------------------------

    def alarm_id(self, event: str) -> str:
        """Return the alarm's id as the router derives it."""
        return f"{self.name}-{event[:20]}"

    def to_work(self, message: Message, connection: int) -> Work:
        """Return the engine's work for a message."""
        return to_work(self.broker, self.devices.confirmed, message, connection)

    def heard(self, event: str) -> None:
        """Write down when a worker has taken an event in."""
        if event in self.devices.log:
            self.devices.log[event].heard.append(self._world.now)

    def ring(self, one: Owed) -> None:
        self.phones.ring(one)
        if one.alarm.startswith("test-"):
            self.reaching.ring(one)

    def carry(self, one: Owed) -> None:
        self.reaching.carry(one)

    def decided(self) -> None:
        """Something has just been decided: a good moment for a crash."""
        if self._crashes_wanted:
            self._crashes_wanted -= 1
            self._world.after(self._world.between_s(0, 0.012), self._crash_now)

    def gone(self, worker: Hub) -> None:
        """A worker has ended by itself."""
        if self.working is worker:
            self.working = None
        self._world.after(self._world.between_s(0.5, 600), self._back, worker)

    # -- faults ----------------------------------------------------------------------------------

    def plan_faults(self, crashes: int, doubts: int) -> None:
        """Kill workers: at any time, and often just after something has come in. Let some sleep or
        lose sight of the journal, for less than their lease lasts or for longer."""
        draw = self._world.random
        for _ in range(crashes):
            self._world.after(draw.randrange(DAY), self._crash)
        for _ in range(doubts):
            self._world.after(draw.randrange(DAY), partial(self._doubt, asleep=draw.random() < 0.6))

    def _crash(self) -> None:
        """Mostly wait for a moment at which something is decided and not committed, or just
        committed."""
        if self._world.random.random() < 0.8:
            self._crashes_wanted += 1
        else:
            self._crash_now()

    def _crash_now(self) -> None:
        worker = self.working
        if worker is None:
            self._world.after(60 * SECOND, self._crash_now)
            return
        self.crashes += 1
        worker.crash()
        self.disk.unattended()
        self.gone(worker)
        if self._standby is not None and self._world.random.random() < 0.5:
            self._world.after(self._world.between_s(0, LOOKS_EVERY_S), self._stand_in)

    def _stand_in(self) -> None:
        """The kernel has told the standby that nobody holds the journal's lock any more."""
        if self.working is None and self._standby is not None:
            self.working, self._standby = self._standby, None
            self.working.boot()

    def _back(self, worker: Hub) -> None:
        if self.working is None:
            self.working = worker
            worker.boot()
            return
        self._standby = worker
        if self.working.term is not None:
            self._watch(self._world.now)

    def _doubt(self, *, asleep: bool) -> None:
        worker, now = self.working, self._world.now
        if worker is None or worker.term is not None:
            return
        renewed_at = now - self._world.between_s(0, RENEWED_EVERY_S)
        goes_on_at = now + self._world.between_s(0.5, 20)
        worker.doubt(asleep=asleep, lease_ends_at=renewed_at + LASTS)
        self.disk.unattended()
        self._watch(renewed_at)
        self._world.after(goes_on_at - now, self._go_on, worker, worker.token)
        if not asleep:
            over = partial(self._over, worker, worker.token, goes_on_at)
            self._world.after(renewed_at + LASTS - now, over)

    def _watch(self, since: Instant) -> None:
        """Let the standby look from then on whether the lease is renewed."""
        vigil = Vigil()
        vigil.look(self.disk.lease, since)
        looks_at = since + LASTS + self._world.between_s(0, LOOKS_EVERY_S)
        self._world.after(max(0, looks_at - self._world.now), self._relieve, vigil)

    def _relieve(self, vigil: Vigil) -> None:
        over = vigil.look(self.disk.lease, self._world.now)
        if self._standby is not None and over is not None:
            self.working, self._standby = self._standby, None
            self.working.boot(over)
            self.takeovers += 1

    def _go_on(self, worker: Hub, token: int) -> None:
        if worker.up and worker.token == token and worker.term is not None:
            worker.go_on()

    def _over(self, worker: Hub, token: int, healed_at: Instant) -> None:
        """The worker's own clock says that its lease is over; what it has sent to the journal
        arrives there all the same, once it can."""
        if worker.up and worker.token == token and worker.term is not None:
            late = worker.end_of_term()
            self._world.after(healed_at - self._world.now, late)
            self.gone(worker)
