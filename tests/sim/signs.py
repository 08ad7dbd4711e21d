"""The signs of life as the router keeps them: a checkpoint now and then, taken up after a crash."""

from collections.abc import Sequence

from hub.journal.port import Record
from routing.facts import EventRecorded
from routing.instant import SECOND, Instant
from routing.presence import Presence, recall, resume
from routing.snapshot import restore_presence, take_presence
from routing.state import State

KEEP_EVERY: Instant = 30 * SECOND


class Signs:
    """One checkpoint, kept in the order of the commits."""

    def __init__(self) -> None:
        self._body: bytes | None = None
        self._at: Instant = 0
        self._seq = 0

    def keep(self, presence: Presence, at: Instant, seq: int) -> None:
        self._body, self._at, self._seq = take_presence(presence, at), at, seq

    def keep_now_and_then(self, presence: Presence, at: Instant, seq: int) -> None:
        if at - self._at > KEEP_EVERY:
            self.keep(presence, at, seq)

    def kept(self) -> tuple[Presence, Instant] | None:
        """Return what was kept, and when."""
        return restore_presence(self._body) if self._body else None

    def take_up(self, journal: Sequence[Record], state: State, at: Instant) -> Presence:
        """Return them after downtime, as `hub.router.boot` does."""
        presence, taken_at = self.kept() or (Presence(), at)
        for record in journal[self._seq :]:
            if isinstance(record.fact, EventRecorded):
                recall(presence, state.registry, record.fact, record.recorded_at)
        resume(presence, state.registry, max(taken_at, state.recorded_at), at)
        return presence
