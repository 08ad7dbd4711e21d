"""Cutting a TCP stream into lines. A frame ends with CR; its length field is not relied upon.

The search skips the two octets after LF, where an older panel's binary checksum may hold a CR. A
stream without a readable frame for too long is lost: nothing more is read of it.
"""

from adapters.sia_dc09.frame import Frame, Piece, Unreadable, read_line

MOST_WAITING = 8_192
"""Octets without CR; a frame has at most 4095 by its length field."""
MOST_GARBAGE = 16_384
"""Octets in a row without a readable frame; then the stream is lost."""
_BINARY_CRC_ENDS = 3


class StreamReader:
    """Collects the octets of one stream, at most one longest line of them."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._garbage = 0

    @property
    def waiting(self) -> bool:
        """True while a line is half received."""
        return bool(self._buffer)

    @property
    def lost(self) -> bool:
        """True when the stream had no readable frame for too long."""
        return self._garbage > MOST_GARBAGE

    def feed(self, data: bytes) -> list[Piece]:
        """Return the frames and unreadable stretches that are complete now."""
        if self.lost:
            return []
        self._buffer += data
        pieces: list[Piece] = []
        while self._garbage <= MOST_GARBAGE and (end := self._end()) >= 0:
            line = bytes(self._buffer[:end])
            del self._buffer[: end + 1]
            pieces += self._counted(read_line(line))
        if len(self._buffer) > MOST_WAITING:
            pieces += self._counted([Unreadable(bytes(self._buffer), "no end of a frame")])
            self._buffer.clear()
        return pieces

    def give_up(self) -> list[Piece]:
        """Nothing more will come: read what is left, so that a cut frame is visible and a whole one
        without CR is heard."""
        left = bytes(self._buffer)
        self._buffer.clear()
        return self._counted(read_line(left))

    def _end(self) -> int:
        start = _BINARY_CRC_ENDS if self._buffer[:1] == b"\n" else 0
        return self._buffer.find(b"\r", start)

    def _counted(self, pieces: list[Piece]) -> list[Piece]:
        for piece in pieces:
            good = isinstance(piece, Frame) and piece.crc_fault is None
            self._garbage = 0 if good else self._garbage + len(piece.raw)
        return pieces
