"""The shape of GT06 frames.

    7878 | length u8     | type u8 | content | serial u16be | CRC-16/X-25 u16be | 0D0A
    7979 | length u16be  | type u8 | content | serial u16be | CRC-16/X-25 u16be | 0D0A

The length counts from the type to the checksum; the checksum covers length to serial.
"""

import binascii
import re
from dataclasses import dataclass

from adapters.tracker import Cutter, Unreadable

_END = b"\r\n"
_AROUND_CONTENT = 5
"""Octets of the length that are not content: type, serial, checksum."""
_LONGEST_CLAIM = 4096
"""Captured long frames are under 300 octets; longer claims are taken for a broken length."""
_MAY_BEGIN = re.compile(rb"\x78(?:\x78|\Z)|\x79(?:\x79|\Z)")
_REVERSED = bytes(int(f"{octet:08b}"[::-1], 2) for octet in range(256))
WRONG_CHECKSUM = "the checksum is wrong"


def checksum(data: bytes) -> int:
    """Return CRC-16/X-25: CRC-16/CCITT of the reflected octets, reflected and inverted."""
    crc = binascii.crc_hqx(data.translate(_REVERSED), 0xFFFF)
    return (_REVERSED[crc & 0xFF] << 8 | _REVERSED[crc >> 8]) ^ 0xFFFF


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame whose checksum is right."""

    type: int
    content: bytes
    serial: int
    long: bool = False
    """True for 7979."""


def build(type_: int, serial: int, content: bytes = b"", *, long: bool = False) -> bytes:
    """Return a frame from us to the device."""
    length = len(content) + _AROUND_CONTENT
    body = length.to_bytes(2 if long else 1) + bytes((type_,)) + content + serial.to_bytes(2)
    begin = b"\x79\x79" if long else b"\x78\x78"
    return begin + body + checksum(body).to_bytes(2) + _END


class Gt06Shape:
    """`Shape` of the protocol."""

    head = 4
    longest = head + _LONGEST_CLAIM + len(_END)
    too_long = f"the length is over {_LONGEST_CLAIM} octets"
    between = b""

    def find(self, octets: bytearray, start: int) -> int:
        found = _MAY_BEGIN.search(octets, start)
        return -1 if found is None else found.start()

    def size(self, octets: bytearray, start: int) -> int | None:
        if len(octets) - start < self.head:
            return None
        if octets[start] == 0x78:
            return 3 + octets[start + 2] + len(_END)
        return 4 + int.from_bytes(octets[start + 2 : start + 4]) + len(_END)

    def read(self, octets: bytes) -> Frame | Unreadable:
        frame = unchecked(octets)
        if frame is None:
            return Unreadable(octets, "its length is too short for a type, or 0D0A does not end it")
        if checksum(octets[2:-4]) != int.from_bytes(octets[-4:-2]):
            return Unreadable(octets, WRONG_CHECKSUM)
        return frame


def unchecked(octets: bytes) -> Frame | None:
    """Return what stands between the beginning and the end of a frame, whatever its checksum."""
    body = octets[3:-6] if octets[0] == 0x78 else octets[4:-6]
    if not body or not octets.endswith(_END):
        return None
    return Frame(body[0], body[1:], int.from_bytes(octets[-6:-4]), octets[0] == 0x79)


class FrameReader(Cutter[Frame]):
    """Cuts the stream of one connection."""

    def __init__(self) -> None:
        super().__init__(Gt06Shape())
