"""From a block to canonical events.

The dedupe key is room and block; the window is `repeat_within_s` (60 s), longer for a block that
was never acknowledged (10 min). See `adapters/nursecall/repeats.py`.
"""

from adapters.espa444.block import Block, read_block
from adapters.espa444.config import Espa444Config
from adapters.espa444.reader import Noise
from adapters.nursecall import Meaning, Repeats, Said, Sayings, meaning_of
from adapters.nursecall.meaning import FAULT, RESET
from routing.event import Event
from routing.instant import MINUTE, Instant
from routing.kinds import Kind

PROTOCOL = "espa444"
WINDOW = 10 * MINUTE
CALL, STATUS, STATUS_REQUEST, CALL_TO_LINE, OTHER = range(1, 6)
_RESET_CALL = 1
_CALL_TYPES = frozenset((1, 2, 3))
_PRIORITIES = frozenset((1, 2, 3))
_TRANSMITTER_FAILURE = 1
_TERMINATED, _STATUS_FAULT = 5, 8
_STATUSES = range(1, 9)
_ALIVE = Meaning(Kind.DEVICE_ALIVE)
_UNKNOWN = Meaning(Kind.CODE_UNKNOWN)


class Teller:
    """Makes the events of one listener; shared by its connections."""

    def __init__(self, config: Espa444Config) -> None:
        self._config = config
        self._repeats = Repeats(config.id, config.repeat_within_s)
        self.sayings = Sayings(PROTOCOL, config.id)

    def events(self, content: bytes, at: Instant) -> list[Event]:
        """Return the events of a sound block, one for each room; never none."""
        block = read_block(content, self._config.charset)
        if block is None:
            why = "the block has no text section: it is no ESPA 4.4.4 message"
            return [self.sayings.undecodable(content, why, at)]
        said = [self._said(block, room, content, at) for room in self._rooms(block)]
        told = [self.sayings.event(one, at) for one in said]
        unknown = (
            self.sayings.unknown(said[0], code, at) for code in _strange(self._config, block)
        )
        return [*told, *(event for event in unknown if event is not None)]

    def acknowledged(self, content: bytes) -> None:
        """The control station has been told that this block arrived."""
        block = read_block(content, self._config.charset)
        for room in self._rooms(block) if block else ():
            self._repeats.acknowledged(room, content)

    def undecodable(self, noise: Noise, count: int, at: Instant) -> Event:
        """Return the event for `count` unreadable stretches, of which `noise` is the last."""
        more = f" ({count} times)" if count > 1 else ""
        return self.sayings.undecodable(noise.octets, f"{noise.reason}{more}", at)

    def _said(self, block: Block, room: str, content: bytes, at: Instant) -> Said:
        meaning = self._meaning(block)
        return Said(
            meaning=meaning,
            room=room,
            base=self._repeats.id_for(room, content, at),
            text=block.text,
            code=_code(block),
            bed=",".join(block.addresses) if room and room not in block.addresses else None,
            priority=block.priority,
        )

    def _meaning(self, block: Block) -> Meaning:
        if block.header == STATUS:
            return _of_status(block)
        if block.header == STATUS_REQUEST:
            return _ALIVE
        if block.header not in (CALL, CALL_TO_LINE) and not (block.addresses or block.text):
            return _UNKNOWN
        if block.call_type == _RESET_CALL:
            return RESET
        return meaning_of(self._config, block.text, block.priority)

    def _rooms(self, block: Block) -> tuple[str, ...]:
        if block.header == STATUS and block.system is not None:
            return ("",)
        named = _after(self._config.room_in_text, block.text)
        return (named,) if named else block.addresses or ("",)


def _of_status(block: Block) -> Meaning:
    if block.system is not None:
        return FAULT if block.system == _TRANSMITTER_FAILURE else _UNKNOWN
    if block.status == _STATUS_FAULT:
        return FAULT
    if block.status == _TERMINATED:
        return RESET
    return _ALIVE if block.status in _STATUSES else _UNKNOWN


def _after(word: str | None, text: str) -> str | None:
    """Return what follows the word, up to the next space."""
    if word is None:
        return None
    place = text.casefold().find(word.casefold())
    behind = text[place + len(word) :].split() if place >= 0 else []
    return behind[0][:32] if behind else None


def _code(block: Block) -> str:
    """Return the block's codes, numbers only: texts are documents, and codes are facts."""
    numbers = (
        ("header", block.header),
        ("type", block.call_type),
        ("priority", block.priority),
        ("status", block.status),
        ("system", block.system),
    )
    return " ".join(f"{name}={number}" for name, number in numbers if number is not None)


def _strange(config: Espa444Config, block: Block) -> list[str]:
    """Return the codes that nobody has described. The call itself is told all the same."""
    found = list(block.strange)
    if block.header is not None and not CALL <= block.header <= CALL_TO_LINE:
        found.append(f"header={block.header}")
    if block.call_type is not None and block.call_type not in _CALL_TYPES:
        found.append(f"type={block.call_type}")
    known = _PRIORITIES | set(config.priorities)
    if block.priority is not None and block.priority not in known:
        found.append(f"priority={block.priority}")
    return [code[:64] for code in found[:8]]
