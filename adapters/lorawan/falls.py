"""One fall is one event, though a radar tells it again under its number until it has ended.

A number counts again from the beginning after a restart of the radar, and a fall must never be
taken for one of before: a restart, an end and an hour each close a number.
"""

from typing import NamedTuple

from adapters.recent import Bounded
from routing.event import derive_id
from routing.instant import HOUR, Instant

WINDOW = HOUR


class _Fall(NamedTuple):
    id: str
    at: Instant
    is_over: bool


class Falls:
    """The numbered falls of a listener's radars."""

    def __init__(self) -> None:
        self._known: Bounded[tuple[str, str], _Fall] = Bounded()
        self._began: Bounded[str, Instant] = Bounded()

    def began_anew(self, device: str, at: Instant) -> None:
        """The radar was restarted: its numbers mean other falls from now on."""
        self._began.put(device, at)

    def id_for(
        self, source: str, device: str, number: str, at: Instant, *, over: bool
    ) -> str | None:
        """Return the event id of the fall; None for one that has ended and is told to have ended
        once more. The end of a fall that was never heard of is that fall too."""
        known = self._known.get((device, number))
        if known is None or at - known.at >= WINDOW or known.at < self._began.get(device, 0):
            since = self._began.get(device, 0)
            known = _Fall(derive_id(source, device, number, since, at // WINDOW), at, False)
        elif known.is_over:
            if over:
                return None
            known = _Fall(derive_id(source, device, number, "again", at), at, False)
        self._known.put((device, number), known._replace(is_over=over))
        return known.id
