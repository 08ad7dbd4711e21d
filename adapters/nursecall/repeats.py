"""Which messages are the same one again.

A panel repeats a message whose acknowledgement it did not get, octet by octet the same. It is then
the same call: within the window, and for as long as it has never been acknowledged. Anything else
that the room says in between (a reset, another level) makes the next one a new call.
"""

from dataclasses import dataclass

from adapters.recent import Bounded
from routing.event import derive_id
from routing.instant import SECOND, Instant

_LONGEST = 600 * SECOND
"""How long a message that was never acknowledged stays the same."""


@dataclass(slots=True)
class _Seen:
    first_at: Instant
    last_at: Instant
    id: str
    acknowledged: bool = False


class Repeats:
    """The last message of each room of a listener; shared by its connections."""

    def __init__(self, listener: str, within_s: int) -> None:
        self._listener = listener
        self._window = within_s * SECOND
        self._last: Bounded[str, tuple[bytes, _Seen]] = Bounded(4096)

    def id_for(self, room: str, message: bytes, at: Instant) -> str:
        """Return the base of the event ids of this message."""
        known = self._last.get(room)
        if known is not None and known[0] == message and self._same(known[1], at):
            known[1].last_at = at
            return known[1].id
        turn = known[1].first_at if known is not None and known[0] != message else 0
        base = derive_id(self._listener, room, message.hex(), turn, at // self._window)
        self._last.put(room, (message, _Seen(at, at, base)))
        return base

    def acknowledged(self, room: str, message: bytes) -> None:
        """The panel has been told that this message arrived."""
        known = self._last.get(room)
        if known is not None and known[0] == message:
            known[1].acknowledged = True

    def _same(self, seen: _Seen, at: Instant) -> bool:
        if at - seen.first_at < self._window:
            return True
        unheard = not seen.acknowledged and at - seen.last_at < self._window
        return unheard and at - seen.first_at < _LONGEST
