"""What outlives a worker of one municipality: the journal with its lease, checkpoints, positions.

The rules of the lease are the production ones (`hub.journal.lease`); that both real journals hold
them is for their contract tests. What is written down beside the journal is for the checkers.
"""

from msgspec.structs import replace

from hub.journal.lease import LASTS, Lease
from hub.journal.port import AnotherWriter, Record
from hub.router.work import Batch
from routing.evolve import evolve
from routing.instant import Instant
from routing.snapshot import restore
from routing.state import State
from tests.sim.fold import Fold
from tests.sim.signs import Signs
from tests.sim.story import in_short
from tests.sim.world import World


class Disk:
    """One partition's durable content."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.journal: list[Record] = []
        self.durable = Fold()
        self.lease: Lease | None = None
        self.snapshot: bytes | None = None
        self.signs = Signs()
        self.complaints: list[str] = []
        self.tokens: list[tuple[bool, int, int]] = []
        """(whether it is a claim of the lease, or an append; token; facts before it), in order."""
        self.positions_seen: list[tuple[int, str, bool]] = []
        """(facts before, alarm, kept or erased) of every position document."""
        self.downtimes: list[tuple[Instant, Instant]] = []
        self._down_since: Instant | None = None

    # -- the lease -------------------------------------------------------------------------------

    def claim(self, owner: str, instead_of: Lease | None = None) -> int:
        """Take the lease; AnotherWriter when `instead_of` is not the present one."""
        if instead_of is not None and instead_of != self.lease:
            raise AnotherWriter(owner)
        token = self.lease.token + 1 if self.lease else 1
        self.lease = Lease(owner, token, 0, LASTS)
        self.tokens.append((True, token, len(self.journal)))
        self._world.tell(f"{owner} has the lease, token {token}")
        return token

    def renew(self, token: int) -> bool:
        """Renew the lease; False when somebody else has it."""
        if self.lease is None or not self.holds(token):
            return False
        self.lease = replace(self.lease, renewed=self.lease.renewed + 1)
        return True

    def holds(self, token: int) -> bool:
        """Whether the token is the newest: the fence."""
        return self.lease is not None and self.lease.token == token

    # -- the journal -----------------------------------------------------------------------------

    def append(self, token: int, batch: Batch) -> bool:
        """Take the whole batch, or nothing of it when the token is not the newest."""
        if not self.holds(token):
            return False
        self.tokens.append((False, token, len(self.journal)))
        for fact in batch.facts:
            self._record(Record(len(self.journal) + 1, batch.at, fact))
        for document in batch.documents:
            if document.kind == "position":
                self.positions_seen.append((len(self.journal), document.id, bool(document.body)))
        return True

    def _record(self, record: Record) -> None:
        self.journal.append(record)
        self.durable.take(record)
        self._world.tell(in_short, record)

    def replayed(self) -> State:
        """Return the state that the journal alone says, by snapshot where there is one."""
        state = restore(self.snapshot) if self.snapshot else None
        state = state or State()
        for record in self.journal[state.seq :]:
            evolve(state, record)
        return state

    def compare(self, state: State) -> None:
        """Invariant 10: what is in memory is what the journal says from its first fact on."""
        if state != self.durable.state:
            self.complaints.append("live_is_replay: memory differs from the journal")

    # -- downtime --------------------------------------------------------------------------------

    def unattended(self) -> None:
        """From now on nobody works on it."""
        if self._down_since is None:
            self._down_since = self._world.now

    def attended(self) -> None:
        """Somebody does again."""
        if self._down_since is not None and self._down_since < self._world.now:
            self.downtimes.append((self._down_since, self._world.now))
        self._down_since = None
