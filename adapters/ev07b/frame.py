"""Cutting an EV-07B stream into frames.

    AB | flags | length u16le | CRC16-XMODEM(content) u16le | index u16le | content

Nothing in the stream says where a frame begins except AB, which also occurs inside frames. A frame
whose checksum is wrong may have a wrong length, so the search goes on from its second octet; what
lies inside its claimed length is already reported and is not reported twice. The same octets give
the same result however the network cut them. A stream without a readable frame for too long is
lost: nothing more is read of it, because searching costs everybody's time.
"""

import binascii
from dataclasses import dataclass

from adapters.ev07b.behind import Behind

HEADER = 0xAB
_HEADER_SIZE = 8
MAX_CONTENT = 2048
"""Octets. Captured frames are under 100; longer claims are taken for a broken length."""
_FLAG_ANSWER = 0x10
_NO_FRAME = "no frame begins here"
MOST_GARBAGE = 8_192
"""Octets in a row without a readable frame; then the stream is lost."""
_MOST_EFFORT = 262_144
"""The same for octets whose checksum was taken in vain, each try counted as `_TRY` more."""
_TRY = 256


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame whose checksum is right."""

    flags: int
    index: int
    content: bytes

    @property
    def wants_answer(self) -> bool:
        return bool(self.flags & _FLAG_ANSWER)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Octets that are no frame, and why."""

    raw: bytes
    reason: str


Piece = Frame | Unreadable


def checksum(content: bytes) -> int:
    """Return CRC16-XMODEM (polynomial 0x1021, initial value 0)."""
    return binascii.crc_hqx(content, 0)


def build(index: int, content: bytes) -> bytes:
    """Return a frame from us to the device; flags are 0, as no answer is asked for."""
    parts = (len(content), checksum(content), index)
    return bytes((HEADER, 0)) + b"".join(part.to_bytes(2, "little") for part in parts) + content


class FrameReader:
    """Collects the octets of one stream, at most one longest frame of them."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._reported = 0
        """How many octets at the head of the buffer belong to an `Unreadable` given out."""
        self._base = 0
        """How many octets of the stream came before the buffer."""
        self._behind = Behind()
        self._garbage = 0
        self._effort = 0

    @property
    def waiting(self) -> bool:
        """True while a frame is half received."""
        return bool(self._buffer)

    @property
    def lost(self) -> bool:
        """True when the stream had no readable frame for too long."""
        return self._garbage > MOST_GARBAGE or self._effort > _MOST_EFFORT

    def feed(self, data: bytes) -> list[Piece]:
        """Return the frames and unreadable stretches that are complete now."""
        self._buffer += data
        return self._scan()

    def give_up(self) -> list[Piece]:
        """Nothing more will come: return what is left, so that a cut frame is visible."""
        pieces: list[Piece] = []
        while self._buffer:
            pieces += self._fail(len(self._buffer), self._leftover())
            pieces += self._scan()
        return pieces

    def _scan(self) -> list[Piece]:
        pieces: list[Piece] = []
        while not self.lost and (found := self._step()) is not None:
            pieces += found
        if self.lost:
            self._buffer.clear()
        return pieces

    def _step(self) -> list[Piece] | None:
        """Take one step; None when more octets are needed."""
        start = self._buffer.find(HEADER)
        if start != 0:
            return self._skip(start)
        size = self._size_at(0)
        if size is None or len(self._buffer) < size <= _HEADER_SIZE + MAX_CONTENT:
            return self._find_behind()
        if size > _HEADER_SIZE + MAX_CONTENT:
            return self._fail(_HEADER_SIZE, f"the length is over {MAX_CONTENT} octets")
        frame = self._frame_at(0, size)
        if frame is None:
            return self._fail(size, "the checksum is wrong")
        self._drop(size)
        self._reported = self._garbage = self._effort = 0
        return [frame]

    def _skip(self, start: int) -> list[Piece] | None:
        """Leave the octets before the next AB; an unfinished stretch waits until it is long."""
        longest = max(self._reported, MAX_CONTENT) + 1
        if start < 0 and len(self._buffer) < longest:
            return None
        end = longest if start < 0 else min(start, longest)
        stretch = bytes(self._buffer[self._reported : end])
        self._drop(end)
        return [Unreadable(stretch, _NO_FRAME)] if stretch else []

    def _find_behind(self) -> list[Piece] | None:
        """Inside a stretch known to be bad an AB may claim a length that never comes: look for a
        whole frame behind it, so that a press is not held up."""
        if not self._reported:
            return None
        self._look_behind()
        while (found := self._behind.ended(self._base + len(self._buffer))) is not None:
            start = found[0] - self._base
            if start > 0 and self._frame_at(start, found[1]) is not None:
                return self._skip(start)
        return None

    def _look_behind(self) -> None:
        """Note where a frame may begin in the octets not yet looked through."""
        start = self._buffer.find(HEADER, max(1, self._behind.seen - self._base))
        while start > 0 and (size := self._size_at(start)) is not None:
            if size <= _HEADER_SIZE + MAX_CONTENT:
                self._behind.expect(self._base + start, size)
            self._behind.seen = self._base + start + 1
            start = self._buffer.find(HEADER, start + 1)
        self._behind.seen = self._base + (start if start > 0 else len(self._buffer))

    def _size_at(self, start: int) -> int | None:
        """Return the claimed size of the frame with its header; None before the header is here."""
        if len(self._buffer) - start < _HEADER_SIZE:
            return None
        return _HEADER_SIZE + int.from_bytes(self._buffer[start + 2 : start + 4], "little")

    def _frame_at(self, start: int, size: int) -> Frame | None:
        octets = bytes(self._buffer[start : start + size])
        content = octets[_HEADER_SIZE:]
        if len(octets) < size or not 0 < len(content) <= MAX_CONTENT:
            return None
        if checksum(content) != int.from_bytes(octets[4:6], "little"):
            self._effort += len(content)
            return None
        return Frame(octets[1], int.from_bytes(octets[6:8], "little"), content)

    def _fail(self, size: int, reason: str) -> list[Piece]:
        """Report the octets unless they lie inside a reported stretch; go on at the second one."""
        pieces: list[Piece] = []
        self._effort += _TRY
        if not self._reported:
            pieces.append(Unreadable(bytes(self._buffer[:size]), reason))
            self._reported = size
        self._drop(1)
        return pieces

    def _drop(self, size: int) -> None:
        del self._buffer[:size]
        self._base += size
        self._garbage += size
        self._reported = max(0, self._reported - size)

    def _leftover(self) -> str:
        if self._buffer[0] != HEADER:
            return _NO_FRAME
        wanted = self._size_at(0) or f"at least {_HEADER_SIZE}"
        return f"the frame is cut: {len(self._buffer)} of {wanted} octets came"
