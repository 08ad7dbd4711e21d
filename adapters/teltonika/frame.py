"""The shape of what a Teltonika device sends over TCP.

    login   length u16be (15) | IMEI in ASCII digits
    data    00000000 | length u32be | codec u8 ... count u8 | CRC-16/ARC of those as u32be
    ping    FF, between frames

Zeros stand everywhere inside frames, so a place where a frame may begin has to look like one: the
length of a login and a digit, or four zeros and a length that a frame may have.
"""

import re
from dataclasses import dataclass

from adapters.tracker import Cutter, Unreadable

_PREAMBLE = 8
MAX_DATA = 4095
"""Octets from codec to count. Devices send at most 1280; 255 bare records of codec 8 are more."""
_CHECKSUM = 4
_SHORTEST = 3
"""Codec and both counts."""
_MAY_BEGIN = re.compile(
    rb"\0(?:\Z|[\x08-\x14](?:\Z|[0-9])"
    rb"|\0(?:\Z|\0(?:\Z|\0(?:\Z|\0(?:\Z|\0(?:\Z|[\0-\x0f](?:\Z|.)))))))",
    re.DOTALL,
)


def _table() -> tuple[int, ...]:
    found = []
    for octet in range(256):
        crc = octet
        for _ in range(8):
            crc = crc >> 1 ^ (0xA001 if crc & 1 else 0)
        found.append(crc)
    return tuple(found)


_TABLE = _table()


def checksum(data: bytes) -> int:
    """Return CRC-16/ARC (polynomial 0x8005 reflected, initial value 0)."""
    crc = 0
    for octet in data:
        crc = crc >> 8 ^ _TABLE[(crc ^ octet) & 0xFF]
    return crc


@dataclass(frozen=True, slots=True)
class Login:
    """The device names itself."""

    imei: str


@dataclass(frozen=True, slots=True)
class Data:
    """A data frame whose checksum is right: codec, count, records, count."""

    content: bytes

    @property
    def codec(self) -> int:
        return self.content[0]

    @property
    def count(self) -> int:
        """How many records it says to hold."""
        return self.content[1]


TeltonikaFrame = Login | Data


class TeltonikaShape:
    """`Shape` of the protocol."""

    head = _PREAMBLE
    longest = _PREAMBLE + MAX_DATA + _CHECKSUM
    too_long = f"the length is over {MAX_DATA} octets"
    between = b"\xff"

    def find(self, octets: bytearray, start: int) -> int:
        found = _MAY_BEGIN.search(octets, start)
        return -1 if found is None else found.start()

    def size(self, octets: bytearray, start: int) -> int | None:
        if len(octets) - start >= 2 and octets[start + 1]:
            return 2 + octets[start + 1]
        if len(octets) - start < _PREAMBLE:
            return None
        length = int.from_bytes(octets[start + 4 : start + _PREAMBLE])
        return _PREAMBLE + length + _CHECKSUM

    def read(self, octets: bytes) -> TeltonikaFrame | Unreadable:
        if octets[1]:
            return _login(octets)
        content = octets[_PREAMBLE:-_CHECKSUM]
        if len(content) < _SHORTEST:
            return Unreadable(octets, "the length is 0 to 2 octets, too little for a record")
        if checksum(content) != int.from_bytes(octets[-_CHECKSUM:]):
            return Unreadable(octets, "the checksum is wrong")
        return Data(content)


def _login(octets: bytes) -> Login | Unreadable:
    imei = octets[2:]
    if not imei.isdigit():
        return Unreadable(octets, "the login holds no IMEI")
    return Login(imei.decode("ascii"))


class FrameReader(Cutter[TeltonikaFrame]):
    """Cuts the stream of one connection."""

    def __init__(self) -> None:
        super().__init__(TeltonikaShape())
