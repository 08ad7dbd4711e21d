"""Framing: `EX`, the length of the whole frame (u32 big-endian, these ten octets included), four
octets that number the request, then XML in UTF-8."""

from dataclasses import dataclass
from struct import Struct

from adapters.fit import fit

_HEAD = Struct(">2sI4s")
_MAGIC = b"EX"
LONGEST = 65_536
"""Octets of a frame; a call has about two thousand."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame."""

    number: bytes
    xml: bytes


@dataclass(frozen=True, slots=True)
class BadHeader:
    """What comes is no ESPA-X: where the next frame would begin nobody knows."""

    octets: bytes
    reason: str


def frame(number: bytes, xml: str) -> bytes:
    """Return the octets of a frame."""
    body = xml.encode()
    return _HEAD.pack(_MAGIC, len(body) + _HEAD.size, number) + body


class FrameReader:
    """Cuts one stream. After a bad header nothing more is read of it."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self.lost = False

    @property
    def waiting(self) -> bool:
        """True while a frame is half received."""
        return bool(self._buffer)

    def feed(self, data: bytes) -> list[Frame | BadHeader]:
        """Return what is complete now."""
        found: list[Frame | BadHeader] = []
        if not self.lost:
            self._buffer += data
        while (piece := self._next()) is not None:
            found.append(piece)
        return found

    def give_up(self) -> list[Frame | BadHeader]:
        """Return the frame that never ended."""
        if not self._buffer:
            return []
        return [self._bad(f"the frame is cut after {len(self._buffer)} octets")]

    def _next(self) -> Frame | BadHeader | None:
        head = bytes(self._buffer[:2])
        if head and not _MAGIC.startswith(head):
            return self._bad("no ESPA-X header: a frame begins with EX")
        if len(self._buffer) < _HEAD.size:
            return None
        _, size, number = _HEAD.unpack(self._buffer[: _HEAD.size])
        if not _HEAD.size <= size <= LONGEST:
            return self._bad(f"the header claims {size} octets, and {LONGEST} is the most")
        if len(self._buffer) < size:
            return None
        xml = bytes(self._buffer[_HEAD.size : size])
        del self._buffer[:size]
        return Frame(number, xml)

    def _bad(self, reason: str) -> BadHeader:
        octets = bytes(self._buffer)
        self._buffer.clear()
        self.lost = True
        return BadHeader(octets, fit(reason, 200))
