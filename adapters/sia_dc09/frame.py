"""One DC-09 frame as a line, read and built (DC-09, 5.5.1).

    LF  CRC  0LLL  "id"sequence[Rreceiver]Lline[#account][data]...  CR

The CRC covers everything from the first quote to before CR; it is four hex digits, from some older
panels two octets. The length is hex, and real panels state wrong ones: where the checksum is right
the length is not asked. `"*id"` is encrypted: what follows `[` is then AES in hex.
"""

import re
from dataclasses import dataclass

_HEADER = re.compile(
    rb'([0-9A-Fa-f]{4})("(\*?)([A-Za-z0-9-]{1,16})"'
    rb"(([0-9]{1,6})(?:R[0-9A-Fa-f]{1,6})?(?:L[0-9A-Fa-f]{1,6})?(?:#([0-9A-Za-z]{1,16}))?)"
    rb"\[.*)",
    re.DOTALL,
)
_BEGINNING = re.compile(rb'[0-9A-Fa-f]{4}"\*?[A-Za-z0-9-]{1,16}"[0-9]')
_OH = re.compile(rb"S?R([0-9]{1,4})L([0-9]{1,4})\s+([0-9A-Za-z]{1,16})\s*\[ID([0-9A-Za-z]{1,16})\]")
_HEX = frozenset(b"0123456789abcdefABCDEF")
_BLANK = b"\r\n\t \0"
_MOST_BEGINNINGS = 8
"""Places in one line that are tried as the beginning of a frame; a line has one, seldom two."""
OH = "OH"
"""The id given to the short line of the NetREC dialect, which has neither quotes nor checksum."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame as it stands on the line; `crc_fault` says so where the checksum is wrong."""

    id: str
    """`SIA-DCS`, `ADM-CID`, `NULL`, or another token, without the asterisk; `OH`."""
    encrypted: bool
    echo: str
    """Sequence, receiver, line and account as sent: what an answer repeats."""
    sequence: str
    account: str | None
    """In capitals; None where only the data may name one."""
    body: bytes
    """Everything after `[`."""
    binary_crc: bool
    crc_fault: str | None
    raw: bytes


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Octets that are no frame, and why."""

    raw: bytes
    reason: str


Piece = Frame | Unreadable


def _table() -> tuple[int, ...]:
    rows = []
    for octet in range(256):
        row = octet
        for _ in range(8):
            row = row >> 1 ^ 0xA001 if row & 1 else row >> 1
        rows.append(row)
    return tuple(rows)


_TABLE = _table()


def checksum(octets: bytes) -> int:
    """Return CRC-16/ARC: polynomial 8005h reflected, initial value 0 (DC-07, annex)."""
    crc = 0
    for octet in octets:
        crc = crc >> 8 ^ _TABLE[(crc ^ octet) & 0xFF]
    return crc


def build(content: str, *, binary_crc: bool = False) -> bytes:
    """Return a frame around `"id"...`, the way the other side writes its checksum."""
    octets = content.encode("ascii")
    crc = checksum(octets)
    written = crc.to_bytes(2, "big") if binary_crc else b"%04X" % crc
    return b"\n" + written + b"%04X" % len(octets) + octets + b"\r"


def read_line(line: bytes) -> list[Piece]:
    """Read one line without its CR: a frame, and before it what is none; blank lines are nothing.

    Where several frames might begin, a cut one stands before a whole one: the first with a right
    checksum is it."""
    if not line.strip(_BLANK):
        return []
    places = [found.start() for found in _BEGINNING.finditer(line)][:_MOST_BEGINNINGS]
    read = [one for place in places if (one := _frame(line, place)) is not None]
    if not read:
        return [_without_header(line)]
    frame, start = next((one for one in read if one[0].crc_fault is None), read[0])
    before = line[:start].strip(_BLANK)
    garbage = [Unreadable(before, "octets before a frame")] if before else []
    return [*garbage, frame]


def _frame(line: bytes, place: int) -> tuple[Frame, int] | None:
    """Return the frame whose length field stands at `place`, and where its checksum begins."""
    found = _HEADER.match(line, place)
    if found is None:
        return None
    covered = found[2]
    hex_crc, octets = line[max(0, place - 4) : place], line[max(0, place - 2) : place]
    crc, ours = None, checksum(covered)
    binary = octets == ours.to_bytes(2, "big") and hex_crc.upper() != b"%04X" % ours
    if len(hex_crc) == 4 and not set(hex_crc) - _HEX:
        crc = int(hex_crc, 16)
    sent = "none" if crc is None else f"{crc:04X}"
    fault = None if binary or crc == ours else f"checksum {sent}, the content gives {ours:04X}"
    start = place - (2 if binary else 4 if crc is not None else 0)
    account = found[7]
    frame = Frame(
        id=found[4].decode().upper(),
        encrypted=bool(found[3]),
        echo=found[5].decode(),
        sequence=found[6].decode(),
        account=None if account is None else account.decode().upper(),
        body=covered[found.end(5) - found.start(2) + 1 :],
        binary_crc=binary,
        crc_fault=fault,
        raw=line,
    )
    return frame, start


def _without_header(line: bytes) -> Piece:
    found = _OH.fullmatch(line.strip(_BLANK))
    if found is None:
        return Unreadable(line, "no DC-09 frame: checksum, length and a quoted id are missing")
    account, code = found[3].decode().upper(), found[4]
    return Frame(OH, False, "", "", account, code, False, None, line)
