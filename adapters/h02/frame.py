"""The shape of H02 frames: text, and binary ones beside it.

    *HQ,id,type,values...#          maker (two letters), id, type
    $ id time date lat ... status   BCD; 32 octets, or more on some models

There is no checksum. A binary frame does not say how long it is; its date and time have to be
possible ones, or it is none.
"""

import re
from dataclasses import dataclass

from adapters.tracker import Cutter, Unreadable

_LONGEST = 1024
"""Octets; frames with cells and Wi-Fi are under 300."""
_BEGIN = re.compile(rb"[*$]")
_END = re.compile(rb"#|\*[A-Z]{2},")
_TEXT = re.compile(rb"\*([0-9A-Za-z]{2}),([0-9A-Za-z]{1,20}),([ -\"$-)+-~]*)#")
_TIME = 6
"""Octets of time and date: hhmmss ddmmyy, BCD."""
SHORTEST_BINARY, LONGEST_BINARY = 32, 64
_LONG_ID_SIZE = 42
"""Octets of the binary frames whose id has 15 digits and not 10."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text frame."""

    maker: str
    id: str
    type: str
    values: tuple[str, ...]
    raw: bytes


@dataclass(frozen=True, slots=True)
class Binary:
    """A binary frame: its id, and what follows it."""

    id: str
    body: bytes
    raw: bytes


Frame = Text | Binary


def build(frame: Text, content: str) -> bytes:
    """Return a frame from us to the device that sent `frame`."""
    return f"*{frame.maker},{frame.id},{content}#".encode("ascii")


class H02Shape:
    """`Shape` of the protocol; `binary` is the length of binary frames."""

    head = 1
    longest = _LONGEST
    too_long = f"no # within {_LONGEST} octets"
    between = b"\r\n \0"

    def __init__(self, binary: int) -> None:
        self._binary = binary

    def find(self, octets: bytearray, start: int) -> int:
        found = _BEGIN.search(octets, start)
        return -1 if found is None else found.start()

    def size(self, octets: bytearray, start: int) -> int | None:
        if octets[start] == ord("$"):
            return self._binary
        end = _END.search(octets, start + 1)
        if end is None:
            return _LONGEST + 1 if len(octets) - start > _LONGEST else None
        return end.end() - start if end[0] == b"#" else end.start() - start

    def read(self, octets: bytes) -> Frame | Unreadable:
        return _binary(octets) if octets[0] == ord("$") else _text(octets)


def _text(octets: bytes) -> Frame | Unreadable:
    if not octets.endswith(b"#"):
        return Unreadable(octets, "another frame begins before its #")
    found = _TEXT.fullmatch(octets)
    if found is None:
        return Unreadable(octets, "not *maker,id,type#")
    maker, device, rest = (part.decode("ascii") for part in found.groups())
    name, *values = rest.split(",")
    return Text(maker, device, name.strip(), tuple(value.strip() for value in values), octets)


def _binary(octets: bytes) -> Frame | Unreadable:
    digits = 16 if len(octets) == _LONG_ID_SIZE else 10
    text = octets[1:].hex()
    device, body = text[:digits], octets[1 + digits // 2 :]
    when = body[:_TIME].hex()
    if not (device + when).isdecimal() or not _is_possible(when):
        return Unreadable(octets, "no binary frame: its id, time or date is none")
    return Binary(device[:15], body, octets)


def _is_possible(when: str) -> bool:
    hour, minute, second, day, month = (int(when[at : at + 2]) for at in range(0, 10, 2))
    return hour < 24 and minute < 60 and second < 60 and 1 <= day <= 31 and 1 <= month <= 12


class FrameReader(Cutter[Frame]):
    """Cuts the stream of one connection."""

    def __init__(self, binary_octets: int) -> None:
        super().__init__(H02Shape(binary_octets))
