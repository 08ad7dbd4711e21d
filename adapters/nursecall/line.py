"""Whether the line lives. A nurse-call system polls, or sends heartbeats: a line without a word for
`silent_s` is dead, and so is one whose connection or port has been away for `closed_s`."""

from adapters.nursecall.config import NurseCallListener
from adapters.nursecall.saying import Sayings
from adapters.session import Emit, Output, Peer
from routing.instant import MINUTE, SECOND, Instant
from routing.kinds import Kind


class Line:
    """All connections of a listener are one line."""

    def __init__(self, config: NurseCallListener, sayings: Sayings) -> None:
        self._config, self._sayings = config, sayings
        self._open: set[Peer] = set()
        self._heard_at: Instant | None = None
        """None before the clock is known: a line that never speaks is dead too."""
        self._away_at: Instant | None = None
        self._dead = False
        self._alive_at: Instant | None = None

    def opened(self, peer: Peer, at: Instant) -> None:
        self._open.add(peer)
        self._away_at = None

    def closed(self, peer: Peer, at: Instant) -> None:
        self._open.discard(peer)
        if not self._open:
            self._away_at = at

    def heard(self, at: Instant) -> list[Output]:
        """Octets came: return the sign of life, at most one a minute."""
        self._heard_at = at
        restored = self._dead
        self._dead = False
        if self._alive_at is not None and at - self._alive_at < MINUTE and not restored:
            return []
        self._alive_at = at
        outputs: list[Output] = [Emit(self._sayings.line(Kind.DEVICE_ALIVE, at))]
        if restored:
            note = "the nurse-call system is heard again"
            outputs.append(Emit(self._sayings.line(Kind.LINK_RESTORED, at, note)))
        return outputs

    def next_due(self) -> Instant | None:
        if self._dead:
            return None
        return self._reasons()[0][0]

    def due(self, at: Instant) -> list[Output]:
        if self._heard_at is None:
            self._heard_at = at
            return []
        if self._dead or self._reasons()[0][0] > at:
            return []
        self._dead = True
        return [Emit(self._sayings.line(Kind.LINK_LOST, at, self._reasons()[0][1]))]

    def _reasons(self) -> list[tuple[Instant, str]]:
        if self._heard_at is None:
            return [(0, "")]
        silent = f"no word from the nurse-call system for {self._config.silent_s} s"
        found = [(self._heard_at + self._config.silent_s * SECOND, silent)]
        if self._away_at is not None and self._config.closed_s is not None:
            away = "the line is not open: look at the cable, the adapter or the converter"
            found.append((self._away_at + self._config.closed_s * SECOND, away))
        return sorted(found)
