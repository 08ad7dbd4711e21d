"""From a request to canonical events.

The dedupe key is CP-PR-REF, the sender's own reference for a call; the window is half an hour. A
call without one is told apart by what it says.
"""

import hashlib
from collections.abc import Mapping

from adapters.espax.config import EspaXConfig
from adapters.espax.message import Message
from adapters.espax.processes import Process
from adapters.nursecall import Meaning, Means, Said, Sayings, meaning_of
from adapters.recent import RecentIds
from routing.event import Event
from routing.instant import MINUTE, Instant
from routing.kinds import Kind

PROTOCOL = "espax"
WINDOW = 30 * MINUTE
_ENDS: Mapping[Kind, Kind] = {
    Kind.CALL_RAISED: Kind.CALL_CLEARED,
    Kind.PRESENCE_ENTERED: Kind.PRESENCE_LEFT,
    Kind.DEVICE_FAULT: Kind.DEVICE_RECOVERED,
}
"""What it means that a process is stopped."""
_PLACES = ("CP-WARD", "CP-ROOM", "CP-BED")
_NUMBERS = ("CP-CALLINGNO", "CP-GROUPID", "CP-PHONENO")
UNPROVEN = "not logged in: "
_STRANGE_STOP = "a call was stopped that is not known here: look whether one is still open"


class Teller:
    """Makes the events of one listener; shared by its connections."""

    def __init__(self, config: EspaXConfig) -> None:
        self._config = config
        self._ids = RecentIds(WINDOW)
        self.sayings = Sayings(PROTOCOL, config.id)

    def started(self, request: Message, at: Instant, *, proven: bool = True) -> Event:
        """Return the event of a P-START."""
        text = request.text("CP-TEXTMSG")
        number, means = self._priority(request.text("CP-PRIO"))
        searched = f"{text} {request.text('CP-SIGNAL')}"
        meaning = meaning_of(self._config.model_copy(update={"usual": means}), searched, number)
        said = Said(
            meaning=meaning,
            room=room_of(request),
            base=self._base("start", reference_of(request), at),
            text=text if proven else UNPROVEN + text,
            code=f"prio={number}" if number is not None else f"prio={means}",
            reference=reference_of(request),
            bed=request.text("CP-BED") or None,
            priority=number,
        )
        return self.sayings.event(said, at)

    def unknown_priority(self, request: Message, at: Instant) -> Event | None:
        """Return the event for a priority that nobody has described, once a day."""
        word = request.text("CP-PRIO")
        number = _number(word)
        known = not word or word.casefold() in self._config.priority_names
        if known or number in self._config.priorities:
            return None
        base = self._base("start", reference_of(request), at)
        said = Said(Meaning(Kind.CODE_UNKNOWN), room_of(request), base)
        return self.sayings.unknown(said, f"CP-PRIO={word}"[:64], at)

    def stopped(self, process: Process, at: Instant) -> Event:
        """Return the event of a P-STOP; the room of a call that is not known here is unknown."""
        base = self._base("stop", process.reference, at)
        said = Said(
            Meaning(_ENDS.get(process.kind, Kind.DEVICE_ALIVE)),
            process.room,
            base,
            text="" if process.event else _STRANGE_STOP,
            code="P-STOP",
            reference=process.reference,
        )
        return self.sayings.event(said, at)

    def _base(self, what: str, reference: str, at: Instant) -> str:
        return self._ids.id_for(self._config.id, what, reference, at=at)

    def _priority(self, word: str) -> tuple[int | None, Means]:
        return _number(word), self._config.priority_names.get(word.casefold(), self._config.usual)


def reference_of(request: Message) -> str:
    """Return CP-PR-REF, or what stands for it where it is missing."""
    given = request.text("CP-PR-REF")
    if given and len(given) <= 64:
        return given
    said = "\x1f".join(f"{name}={text}" for name, text in sorted(request.fields.items()))
    return "none-" + hashlib.blake2b(said.encode(), digest_size=16).hexdigest()


def room_of(request: Message) -> str:
    """Return ward, room and bed as far as they are said; else the number that calls."""
    places = [request.text(name).replace("/", "-")[:40] for name in _PLACES]
    if request.text("CP-ROOM"):
        places = places[:2]
    if any(places[1:]):
        return "/".join(place for place in places if place)
    numbers = (request.text(name).replace("/", "-")[:40] for name in _NUMBERS)
    number = next((one for one in numbers if one), "")
    return "/".join(part for part in (places[0], number) if part)


def _number(word: str) -> int | None:
    return int(word) if word.isascii() and word.isdigit() and len(word) <= 6 else None
