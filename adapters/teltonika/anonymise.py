"""Teltonika without the person: another IMEI, another place, and of the elements only those that
tell what happened keep their value. The checksum is right again."""

import struct

from adapters.anonymous import Anonymised, NotAnonymous, Pseudonyms, with_octets
from adapters.protocol import Payload
from adapters.teltonika.frame import Data, Login, TeltonikaFrame, TeltonikaShape, checksum
from adapters.teltonika.records import LAYOUTS, Layout, Record, parse_records
from adapters.tracker import Shape
from adapters.tracker.captured import whole_frames

_KEPT = frozenset((113, *range(155, 160), 175, 221, 236, 242, 247, 249, 252, 318))
"""Elements of alarms, zones, battery, power and jamming, as in `meanings`."""
_PLACE, _ALTITUDE, _HEAD = slice(9, 17), slice(17, 19), 24
_DEGREE = 10_000_000


def anonymise(payload: Payload, names: Pseudonyms) -> Anonymised:
    """Return the frames of a stretch of the stream; NotAnonymous for a part that is not known."""
    shape: Shape[TeltonikaFrame] = TeltonikaShape()
    frames, rest = whole_frames(shape, payload.octets)
    made = (_frame(frame, names) for frame in frames)
    return Anonymised(tuple(with_octets(payload, one) for one in made), rest)


def _frame(frame: TeltonikaFrame, names: Pseudonyms) -> bytes:
    if isinstance(frame, Login):
        imei = names.digits(frame.imei).encode("ascii")
        return len(imei).to_bytes(2) + imei
    content = _content(frame, names)
    return bytes(4) + len(content).to_bytes(4) + content + checksum(content).to_bytes(4)


def _content(data: Data, names: Pseudonyms) -> bytes:
    codec = data.content[0]
    layout = LAYOUTS.get(codec)
    if layout is None:
        raise NotAnonymous(f"a frame in codec {codec}")
    read = parse_records(data.content)
    if read.fault is not None:
        raise NotAnonymous("records that cannot be read")
    records = b"".join(_record(record, layout, names) for record in read.records)
    return data.content[:2] + records + data.content[-1:]


def _record(record: Record, layout: Layout, names: Pseudonyms) -> bytes:
    out = bytearray(record.octets)
    out[_ALTITUDE] = bytes(2)
    if record.position is None:
        out[_PLACE] = bytes(8)
    else:
        lat, lon = names.place(record.position.lat, record.position.lon)
        out[_PLACE] = struct.pack(">ii", round(lon * _DEGREE), round(lat * _DEGREE))
    at = _HEAD + layout.event + layout.generation + layout.counts
    for size in (1, 2, 4, 8):
        count = int.from_bytes(out[at : at + layout.counts])
        at += layout.counts
        for _ in range(count):
            value = at + layout.id
            if int.from_bytes(out[at:value]) not in _KEPT:
                out[value : value + size] = bytes(size)
            at = value + size
    # Elements of any length hold names of beacons and numbers of cards: they are left out whole.
    return bytes(out[:at]) + (bytes(2) if layout.any_length else b"")
