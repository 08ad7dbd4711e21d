"""Which layout a frame has, by type and length.

    location   GPS, cell, then perhaps ignition, reason, re-upload (or a status: VXT01)
    alarm      GPS, cell with its length before it, status
    cell alarm cell, status
    heartbeat  status
    status     terminal u8 | battery u8 | GSM u8 | alarm u8 | language u8 | zone u8

Makers differ: a cell without its length, 4G cells, a voltage of two octets in the place of the
battery. Sources: Concox and Jimi protocol descriptions, and the frames and layouts of traccar's
GT06 decoder (traccar/traccar, Apache-2.0; facts only).
"""

from collections.abc import Callable, Mapping

from adapters.gt06.content import GPS, Content, level_pct, read_gps, read_place, read_time
from adapters.gt06.frame import Frame
from adapters.gt06.modules import read_az735, read_modules

_STATUS = 3
"""Octets of the shortest status: terminal, battery, GSM."""
_REUPLOAD = 3
"""Octets of ignition, reason and re-upload."""
_CELL_LENGTHS = range(8, 25)
"""Of a cell with its length before it, counted; no country code begins with such an octet."""
_WIDE = frozenset((0xA0, 0xA3, 0xA4, 0xA5, 0xA6))
"""4G types: area of four octets, cell of eight."""
_FENCED = frozenset((0x27, 0xA4, 0xA6))
"""A zone number follows the language."""

Reader = Callable[[Content, Frame], None]


def parse_content(frame: Frame) -> Content:
    """Read the content of a frame; of a type without a reader nothing is read."""
    content = Content()
    reader = (_LONG if frame.long else _SHORT).get(frame.type)
    if reader is not None:
        reader(content, frame)
    return content


def is_known(frame: Frame) -> bool:
    """Say whether the type is known, though it may carry nothing that is read."""
    return frame.type in (_LONG if frame.long else _SHORT) or frame.type in _CHATTER


def is_heartbeat(frame: Frame) -> bool:
    """Say whether the frame is a heartbeat, whose alarm octet is often something else."""
    return not frame.long and frame.type in (0x13, 0x23)


def _location(content: Content, frame: Frame) -> None:
    if not read_gps(content, frame.content):
        return
    rest = frame.content[GPS + _cell_size(frame.content[GPS:], frame.type) :]
    if frame.type == 0x12:
        _voltage_status(content, rest)
    elif frame.type in _REUPLOADING and len(rest) >= _REUPLOAD:
        content.buffered = rest[2] > 0


def _alarm(content: Content, frame: Frame) -> None:
    if not read_gps(content, frame.content):
        return
    rest = frame.content[GPS:]
    if frame.type == 0x16 and len(rest) == 13 and rest[0] not in _CELL_LENGTHS:
        _voltage_status(content, rest[8:])
    else:
        _status(content, rest[_cell_size(rest, frame.type) :], frame.type)


def _cell_alarm(content: Content, frame: Frame) -> None:
    _status(content, frame.content[_cell_size(frame.content, frame.type) :], frame.type)


def _heartbeat(content: Content, frame: Frame) -> None:
    """Content of 16 octets (a battery-powered variant) is laid out otherwise: percent at 5."""
    octets = frame.content
    if not octets:
        content.broken.append("a heartbeat without a status")
    elif len(octets) >= 16:
        content.battery_pct = octets[5] if octets[5] <= 100 else None
    elif frame.type == 0x13:
        content.status = octets[0]
        content.battery_pct = level_pct(octets[1]) if len(octets) in (3, 5) else None
        content.alarm = octets[3] if len(octets) == 5 and octets[4] in (0, 1, 2) else None
    else:
        content.status = octets[0]


def _timed(content: Content, frame: Frame) -> None:
    read_time(content, frame.content)


def _jc100(content: Content, frame: Frame) -> None:
    """Date, perhaps latitude, longitude and flags, then an alarm of its own numbering."""
    octets = frame.content
    read_time(content, octets)
    if len(octets) > 16:
        read_place(content, octets[6:14], None, octets[14:16])
        content.extra = octets[16]
    elif len(octets) >= 7:
        content.extra = octets[6]


def _nothing(_content: Content, _frame: Frame) -> None:
    """A type that is known and carries nothing the hub acts on."""


def _cell_size(rest: bytes, type_: int) -> int:
    """Return how many octets the cell takes, a length before it included."""
    if not rest:
        return 0
    if rest[0] in _CELL_LENGTHS and type_ not in _LOCATIONS:
        return rest[0]
    if rest[0] == 0 and type_ in _ALARMS and len(rest) <= 8:
        return 1
    network = 4 if rest[0] & 0x80 or type_ == 0x11 else 3
    if type_ in _WIDE:
        return network + 12
    return network + (6 if type_ == 0x11 else 5)


def _status(content: Content, octets: bytes, type_: int) -> None:
    if len(octets) < _STATUS:
        content.broken.append(f"{len(octets)} octets are too few for a status")
        return
    # One maker has an octet more before it, where others have the number of the zone behind.
    if len(octets) == 6 and type_ not in _FENCED:
        octets = octets[1:]
    content.status = octets[0]
    content.battery_pct = level_pct(octets[1])
    content.alarm = octets[3] if len(octets) > 3 else None
    if type_ in _FENCED and len(octets) > 5 and octets[5] != 0xFF:
        content.zone = octets[5]


def _voltage_status(content: Content, octets: bytes) -> None:
    """Status, voltage of two octets, GSM, alarm. A location without it ends before, or with a
    mileage of four octets or an input mask of two."""
    if len(octets) in (5, 12):
        content.status = octets[0]
        content.alarm = octets[4]


_REUPLOADING = frozenset((0x22, 0x2D, 0x37, 0xA0))
_LOCATIONS = frozenset((0x10, 0x11, 0x12, 0x1A, 0x1E, 0x22, 0x2D, 0x31, 0x37, 0xA0))
_ALARMS = frozenset((0x16, 0x26, 0x27, 0x32, 0xA3, 0xA4, 0xA6))
_TIMED = frozenset((0x18, 0x24, 0x28, 0x2C, 0x2E, 0x33, 0xA1, 0xA2))
_CHATTER = frozenset(
    (
        *(0x01, 0x08, 0x15, 0x17, 0x21, 0x69, 0xF3),  # login, texts, Wi-Fi
        *(0x14, 0x1B, 0x1F, 0x2A, 0x8A, 0x94, 0x97, 0x9B),  # satellites, requests, information
        *(0x80, 0x81, 0x82, 0x83, 0x84),  # commands
        *(0x65, 0x66, 0x8C),  # engine
    )
)
_SHORT: Mapping[int, Reader] = {
    **dict.fromkeys(_LOCATIONS, _location),
    **dict.fromkeys(_ALARMS, _alarm),
    **dict.fromkeys((0x19, 0xA5), _cell_alarm),
    **dict.fromkeys((0x13, 0x23), _heartbeat),
    **dict.fromkeys(_TIMED, _timed),
    0x95: _jc100,
}
_LONG: Mapping[int, Reader] = {
    0x32: read_az735,
    0x33: read_az735,
    0x70: read_modules,
    0x26: _alarm,
    0x27: _alarm,
    0x22: _location,
    0xA0: _location,
    0xA4: _alarm,
    0xA6: _alarm,
}
