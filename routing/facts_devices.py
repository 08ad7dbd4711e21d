"""Facts about devices that people let in: what was kept of a stranger, treated again."""

from routing.fact_base import Fact
from routing.instant import Instant


class FramesReplayed(Fact, kw_only=True, frozen=True, tag="frames.replayed"):
    """A person had kept frames treated again; the events that came of it are recorded beside."""

    request: str
    """Made by who asked; the same id is the same request."""
    author: str
    """A person's id, or `command-line:uid-1000`."""
    subject: str | None = None
    """Whose frames; None where one frame was named."""
    frames: int
    """How many were taken up."""
    events: int
    """How many events they gave."""
    unreadable: int = 0
    """How many could still not be read; they stay kept."""
    from_at: Instant | None = None
    to_at: Instant | None = None
    """The period that was asked for."""


AnyDeviceFact = FramesReplayed
