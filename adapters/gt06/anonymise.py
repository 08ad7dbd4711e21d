"""GT06 without the person: another IMEI, another place, and of everything else only the octets that
the reading depends on. Cells, Wi-Fi, texts and numbers of cards become zeros, whatever the layout.
The checksum is right again."""

from dataclasses import replace

from adapters.anonymous import Anonymised, NotAnonymous, Pseudonyms, with_octets
from adapters.gt06.frame import Frame, Gt06Shape, build
from adapters.gt06.layouts import parse_content
from adapters.protocol import Payload
from adapters.tracker.captured import whole_frames

_LOGIN, _IMEI, _LONGEST_LOGIN = 0x01, 8, 12
_LONGEST = 512
"""Octets of content; the longest captured frames have under 300."""
_DEGREE = 1_800_000
_NORTH, _WEST, _SIGNS = 1 << 10, 1 << 11, 3 << 10
_JC100, _MODULES, _GPS_MODULE = 0x95, 0x70, 0x33
_AZ735 = frozenset((0x32, 0x33))


def anonymise(payload: Payload, names: Pseudonyms) -> Anonymised:
    """Return the frames of a stretch of the stream; NotAnonymous for a part that is not known."""
    frames, rest = whole_frames(Gt06Shape(), payload.octets)
    made = [
        build(frame.type, frame.serial, _content(frame, names), long=frame.long) for frame in frames
    ]
    return Anonymised(tuple(with_octets(payload, one) for one in made), rest)


def _content(frame: Frame, names: Pseudonyms) -> bytes:
    if frame.type == _LOGIN:
        return _login(frame.content, names)
    if len(frame.content) > _LONGEST:
        raise NotAnonymous(f"a frame of over {_LONGEST} octets")
    found = parse_content(frame)
    if found.broken:
        raise NotAnonymous("a frame with a part that cannot be read")
    moved = frame
    if found.position is not None:
        moved = _moved(frame, names.place(found.position.lat, found.position.lon))
    return _only_read(moved)


def _login(content: bytes, names: Pseudonyms) -> bytes:
    """IMEI, then type and time zone."""
    digits = content[:_IMEI].hex()
    if len(digits) < 2 * _IMEI or not digits.isdecimal() or len(content) > _LONGEST_LOGIN:
        raise NotAnonymous("a login that holds no IMEI, or more than one")
    return bytes.fromhex("0" + names.digits(digits[1:])) + content[_IMEI:]


def _only_read(frame: Frame) -> bytes:
    """Return the content with zeros for every octet that the reading does not depend on."""
    read = parse_content(frame)
    content = bytearray(frame.content)
    for at, octet in enumerate(frame.content):
        content[at] = 0
        if parse_content(replace(frame, content=bytes(content))) != read:
            content[at] = octet
    return bytes(content)


def _moved(frame: Frame, to: tuple[float, float]) -> Frame:
    place, flags = _places(frame)
    content = bytearray(frame.content)
    content[place : place + 8] = b"".join(round(abs(one) * _DEGREE).to_bytes(4) for one in to)
    bits = int.from_bytes(content[flags : flags + 2]) & ~_SIGNS
    bits |= (_NORTH if to[0] >= 0 else 0) | (_WEST if to[1] < 0 else 0)
    content[flags : flags + 2] = bits.to_bytes(2)
    moved = replace(frame, content=bytes(content))
    position = parse_content(moved).position
    if position is None or max(abs(position.lat - to[0]), abs(position.lon - to[1])) > 1e-5:
        raise NotAnonymous("a place that is not where it is known to stand")
    return moved


def _places(frame: Frame) -> tuple[int, int]:
    """Return where latitude and longitude stand, and where their flags do."""
    if frame.long and frame.type == _MODULES:
        at = _gps_module(frame.content)
        return at + 7, at + 16
    if frame.long and frame.type in _AZ735:
        return 8, 17
    if not frame.long and frame.type == _JC100:
        return 6, 14
    return 7, 16


def _gps_module(content: bytes) -> int:
    """Return where the data of the last module of GPS begins: the one that counts."""
    at, found = 0, None
    while at + 4 <= len(content):
        if int.from_bytes(content[at : at + 2]) == _GPS_MODULE:
            found = at + 4
        at += 4 + int.from_bytes(content[at + 2 : at + 4])
    if found is None:
        raise NotAnonymous("a place without a module of GPS")
    return found
