"""The shape of EV-07B frames.

    AB | flags | length u16le | CRC16-XMODEM(content) u16le | index u16le | content

Nothing in the stream says where a frame begins except AB, which also occurs inside frames.
"""

import binascii
from dataclasses import dataclass

from adapters.tracker import Cutter, Unreadable

HEADER = 0xAB
_HEADER_SIZE = 8
MAX_CONTENT = 2048
"""Octets. Captured frames are under 100; longer claims are taken for a broken length."""
_FLAG_ANSWER = 0x10


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame whose checksum is right."""

    flags: int
    index: int
    content: bytes

    @property
    def wants_answer(self) -> bool:
        return bool(self.flags & _FLAG_ANSWER)


Piece = Frame | Unreadable


def checksum(content: bytes) -> int:
    """Return CRC16-XMODEM (polynomial 0x1021, initial value 0)."""
    return binascii.crc_hqx(content, 0)


def build(index: int, content: bytes) -> bytes:
    """Return a frame from us to the device; flags are 0, as no answer is asked for."""
    parts = (len(content), checksum(content), index)
    return bytes((HEADER, 0)) + b"".join(part.to_bytes(2, "little") for part in parts) + content


class Ev07bShape:
    """`Shape` of the protocol."""

    head = _HEADER_SIZE
    longest = _HEADER_SIZE + MAX_CONTENT
    too_long = f"the length is over {MAX_CONTENT} octets"
    between = b""

    def find(self, octets: bytearray, start: int) -> int:
        return octets.find(HEADER, start)

    def size(self, octets: bytearray, start: int) -> int | None:
        if len(octets) - start < _HEADER_SIZE:
            return None
        return _HEADER_SIZE + int.from_bytes(octets[start + 2 : start + 4], "little")

    def read(self, octets: bytes) -> Piece:
        content = octets[_HEADER_SIZE:]
        if not content or checksum(content) != int.from_bytes(octets[4:6], "little"):
            return Unreadable(octets, "the checksum is wrong")
        return Frame(octets[1], int.from_bytes(octets[6:8], "little"), content)


class FrameReader(Cutter[Frame]):
    """Cuts the stream of one connection."""

    def __init__(self) -> None:
        super().__init__(Ev07bShape())
