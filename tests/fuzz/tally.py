"""What a fuzzed session did, and what it must never do."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from routing.event import Event
from routing.kinds import Kind

REREAD_EVERY = 64


class Violation(AssertionError):
    """A session did what none may do."""


@dataclass(slots=True)
class Tally:
    """Figures of one protocol; those of several runs add up."""

    frames: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    replies: int = 0
    quiet: int = 0
    """Mutated frames (or connections of them) that brought nothing: chatter, resends, or held
    back as a flood."""
    slowest_ms: float = 0.0
    """The longest that one frame took."""
    kept_kib: int = 0
    """The most that a session held."""
    seconds: float = 0.0
    """Of one core."""

    @property
    def events(self) -> int:
        return self.kinds.total()

    @property
    def undecodable(self) -> int:
        return self.kinds[str(Kind.FRAME_UNDECODABLE)]

    def note(self, events: Sequence[Event]) -> None:
        """Count events; each must fit on the wire, and be read there as it was meant."""
        for event in events:
            if type(event) is not Event:
                raise Violation(f"{event!r} is no event")
            payload = event.to_json()
            self.kinds[str(event.type)] += 1
            if self.events % REREAD_EVERY == 0 and Event.parse(payload) != event:
                raise Violation(f"read back as another: {payload!r}")

    def add(self, other: "Tally") -> None:
        """Add the figures of another run."""
        self.frames += other.frames
        self.kinds += other.kinds
        self.replies += other.replies
        self.quiet += other.quiet
        self.slowest_ms = max(self.slowest_ms, other.slowest_ms)
        self.kept_kib = max(self.kept_kib, other.kept_kib)
        self.seconds += other.seconds
