"""The shape of SeTracker frames, which are text.

    [ maker * id * length * type,values... ]          and of some makers
    [ maker * id * index * length * type,values... ]

The length (four hex digits) is wrong in many firmwares and is not used: brackets inside a recording
or a picture are escaped, so `]` ends a frame and `[` begins one.
"""

import re
from dataclasses import dataclass

from adapters.tracker import Cutter, Unreadable

_LONGEST = 32_768
"""Octets: a voice message of 15 s is under 30 kB."""
_BRACKET = re.compile(rb"[\[\]]")
_FRAME = re.compile(
    rb"\[([0-9A-Za-z]{2})\*([0-9A-Za-z]{1,20})\*(?:([0-9A-Fa-f]{4})\*)?[0-9A-Fa-f]{4}\*(.*)\]",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame."""

    maker: str
    """Two letters or digits; an answer repeats them."""
    id: str
    index: str | None
    type: str
    """As sent: `LK`, `AL`, `UD_LTE`."""
    values: tuple[str, ...]
    """What follows the type, between commas."""
    content: bytes
    """Type and values, as sent."""


def build(frame: Frame, content: str) -> bytes:
    """Return a frame from us to the device that sent `frame`."""
    parts = (frame.maker, frame.id, frame.index, f"{len(content):04X}", content)
    return f"[{'*'.join(part for part in parts if part is not None)}]".encode("ascii")


class SetrackerShape:
    """`Shape` of the protocol."""

    head = len("[3G*8800000015*0002*")
    longest = _LONGEST
    too_long = f"no ] within {_LONGEST} octets"
    between = b"\r\n \0"

    def find(self, octets: bytearray, start: int) -> int:
        return octets.find(b"[", start)

    def size(self, octets: bytearray, start: int) -> int | None:
        end = _BRACKET.search(octets, start + 1)
        if end is None:
            return _LONGEST + 1 if len(octets) - start > _LONGEST else None
        return end.end() - start if end[0] == b"]" else end.start() - start

    def read(self, octets: bytes) -> Frame | Unreadable:
        if not octets.endswith(b"]"):
            return Unreadable(octets, "another frame begins before its ]")
        found = _FRAME.fullmatch(octets)
        if found is None:
            return Unreadable(octets, "not [maker*id*length*content]")
        maker, device, index, content = found.groups()
        name, *values = content.decode("utf-8", "replace").split(",")
        known = None if index is None else index.decode("ascii")
        return Frame(
            maker.decode("ascii"), device.decode("ascii"), known, name, tuple(values), content
        )


class FrameReader(Cutter[Frame]):
    """Cuts the stream of one connection."""

    def __init__(self) -> None:
        super().__init__(SetrackerShape())
