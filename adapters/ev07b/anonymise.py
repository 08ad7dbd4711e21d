"""EV-07B frames without the person: another IMEI, another place, and nothing else that could tell
where the pendant is (cells, Wi-Fi, beacons, calls). The checksum is right again."""

from adapters.anonymous import Anonymised, NotAnonymous, Pseudonyms, with_octets
from adapters.ev07b.content import PASSED_OVER, FrameType, Key
from adapters.ev07b.frame import HEADER, Frame, FrameReader, checksum
from adapters.protocol import Payload

_AS_THEY_ARE = frozenset({Key.ALARM, Key.TIME_REQUEST, Key.STATUS})
_DEGREE = 10_000_000


def anonymise(payload: Payload, names: Pseudonyms) -> Anonymised:
    """Return the frames of a stretch of the stream; NotAnonymous for a part that is not known."""
    reader = FrameReader()
    frames = []
    for piece in reader.feed(payload.octets):
        if not isinstance(piece, Frame):
            raise NotAnonymous("octets that are no frame")
        frames.append(with_octets(payload, _frame(piece, names)))
    return Anonymised(tuple(frames), _rest(payload.octets) if reader.waiting else b"")


def _rest(octets: bytes) -> bytes:
    """Return the begun frame at the end: all frames before it are whole and follow each other."""
    at = 0
    while len(octets) - at >= 8:
        size = 8 + int.from_bytes(octets[at + 2 : at + 4], "little")
        if at + size > len(octets):
            break
        at += size
    return octets[at:]


def _frame(frame: Frame, names: Pseudonyms) -> bytes:
    content = _content(frame.content, names)
    head = (len(content), checksum(content), frame.index)
    return bytes((HEADER, frame.flags)) + b"".join(n.to_bytes(2, "little") for n in head) + content


def _content(content: bytes, names: Pseudonyms) -> bytes:
    kind = content[0]
    if kind not in (FrameType.DATA, FrameType.SERVICES, FrameType.RESPONSE):
        raise NotAnonymous(f"a frame of type 0x{kind:02x}")
    out, at = bytes([kind]), 1
    while at < len(content):
        size = content[at]
        item = content[at + 1 : at + 1 + size]
        if len(item) < size or not item:
            raise NotAnonymous("an item that does not end")
        out += _item(item[0], item[1:], names)
        at += 1 + size
    return out


def _item(key: int, data: bytes, names: Pseudonyms) -> bytes:
    if key == Key.DEVICE_ID:
        if not data.isdigit():
            raise NotAnonymous("a device id that is no number")
        return _packed(key, names.digits(data.decode("ascii")).encode())
    if key == Key.GPS:
        return _packed(key, _moved(data, names))
    if key in _AS_THEY_ARE:
        return _packed(key, data)
    if key in PASSED_OVER:
        return b""
    raise NotAnonymous(f"an item 0x{key:02x}")


def _moved(data: bytes, names: Pseudonyms) -> bytes:
    if len(data) < 16:
        raise NotAnonymous("a position that cannot be read")
    degrees = (int.from_bytes(data[at : at + 4], "little", signed=True) for at in (0, 4))
    moved = names.place(*(value / _DEGREE for value in degrees))
    packed = (round(value * _DEGREE).to_bytes(4, "little", signed=True) for value in moved)
    return b"".join(packed) + data[8:16]


def _packed(key: int, data: bytes) -> bytes:
    return bytes((len(data) + 1, key)) + data
