"""Cutting a stream into frames whose length is written in them and whose checksum is right.

What begins a frame also occurs inside frames. A frame whose checksum is wrong may have a wrong
length, so the search goes on from its second octet; what lies inside its claimed length is already
reported and is not reported twice. The same octets give the same frames however the network cut
them. A stream without a readable frame for too long is lost: nothing more is read of it, because
searching costs everybody's time.
"""

from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from adapters.tracker.behind import Behind

_NO_FRAME = "no frame begins here"
MOST_GARBAGE = 8_192
"""Octets in a row without a readable frame; then the stream is lost."""
_MOST_EFFORT = 262_144
"""The same for octets whose checksum was taken in vain, each try counted as `_TRY` more."""
_TRY = 256

F = TypeVar("F")
F_co = TypeVar("F_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Octets that are no frame, and why."""

    raw: bytes
    reason: str


class Shape(Protocol[F_co]):
    """What a protocol's frames look like from outside."""

    @property
    def head(self) -> int:
        """Octets that are surely there when the size is known."""

    @property
    def longest(self) -> int:
        """Octets of the longest frame; a longer claim is taken for a broken length."""

    @property
    def too_long(self) -> str:
        """What to say of a longer claim."""

    @property
    def between(self) -> bytes:
        """Octets that a device may send between two frames and that say nothing."""

    def find(self, octets: bytearray, start: int) -> int:
        """Return where from `start` a frame may begin, its end perhaps not yet here; -1 nowhere."""

    def size(self, octets: bytearray, start: int) -> int | None:
        """Return the claimed size of the whole frame; None before that is here."""

    def read(self, octets: bytes) -> F_co | Unreadable:
        """Return the frame, or why these octets are none."""


class Cutter(Generic[F]):
    """Collects the octets of one stream, at most one longest frame of them."""

    def __init__(self, shape: Shape[F]) -> None:
        self._shape = shape
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

    def feed(self, data: bytes) -> list[F | Unreadable]:
        """Return the frames and unreadable stretches that are complete now."""
        self._buffer += data
        return self._scan()

    def give_up(self) -> list[F | Unreadable]:
        """Nothing more will come: return what is left, so that a cut frame is visible."""
        pieces: list[F | Unreadable] = []
        while self._buffer:
            pieces += self._fail(len(self._buffer), self._leftover())
            pieces += self._scan()
        return pieces

    def _scan(self) -> list[F | Unreadable]:
        pieces: list[F | Unreadable] = []
        while not self.lost and (found := self._step()) is not None:
            pieces += found
        if self.lost:
            self._buffer.clear()
        return pieces

    def _step(self) -> list[F | Unreadable] | None:
        """Take one step; None when more octets are needed."""
        self._pass_over()
        start = self._shape.find(self._buffer, 0)
        if start != 0:
            return self._skip(start)
        size = self._shape.size(self._buffer, 0)
        if size is None or len(self._buffer) < size <= self._shape.longest:
            return self._find_behind()
        if size > self._shape.longest:
            return self._fail(self._shape.head, self._shape.too_long)
        frame = self._frame_at(0, size)
        if isinstance(frame, Unreadable):
            return self._fail(size, frame.reason)
        self._drop(size)
        self._reported = self._garbage = self._effort = 0
        return [frame]

    def _pass_over(self) -> None:
        """Leave what a device sends between frames; inside a bad stretch it is part of that."""
        if not self._reported and self._shape.between:
            count = len(self._buffer) - len(self._buffer.lstrip(self._shape.between))
            del self._buffer[:count]
            self._base += count

    def _skip(self, start: int) -> list[F | Unreadable] | None:
        """Leave the octets before the next frame; an unfinished stretch waits until it is long."""
        longest = max(self._reported, self._shape.longest - self._shape.head) + 1
        if start < 0 and len(self._buffer) < longest:
            return None
        end = longest if start < 0 else min(start, longest)
        stretch = bytes(self._buffer[self._reported : end])
        self._drop(end)
        return [Unreadable(stretch, _NO_FRAME)] if stretch else []

    def _find_behind(self) -> list[F | Unreadable] | None:
        """Inside a stretch known to be bad a claimed length may never come: look for a whole frame
        behind it, so that a press is not held up."""
        if not self._reported:
            return None
        self._look_behind()
        while (found := self._behind.ended(self._base + len(self._buffer))) is not None:
            start = found[0] - self._base
            if start > 0 and not isinstance(self._frame_at(start, found[1]), Unreadable):
                return self._skip(start)
        return None

    def _look_behind(self) -> None:
        """Note where a frame may begin in the octets not yet looked through."""
        start = self._shape.find(self._buffer, max(1, self._behind.seen - self._base))
        while start > 0 and (size := self._shape.size(self._buffer, start)) is not None:
            if size <= self._shape.longest:
                self._behind.expect(self._base + start, size)
            self._behind.seen = self._base + start + 1
            start = self._shape.find(self._buffer, start + 1)
        self._behind.seen = self._base + (start if start > 0 else len(self._buffer))

    def _frame_at(self, start: int, size: int) -> F | Unreadable:
        octets = bytes(self._buffer[start : start + size])
        read = self._shape.read(octets)
        if isinstance(read, Unreadable):
            self._effort += size
        return read

    def _fail(self, size: int, reason: str) -> list[F | Unreadable]:
        """Report the octets unless they lie inside a reported stretch; go on at the second one."""
        pieces: list[F | Unreadable] = []
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
        if self._shape.find(self._buffer, 0) != 0:
            return _NO_FRAME
        wanted = self._shape.size(self._buffer, 0) or f"at least {self._shape.head}"
        return f"the frame is cut: {len(self._buffer)} of {wanted} octets came"
