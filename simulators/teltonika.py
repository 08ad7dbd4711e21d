"""What a Teltonika tracker writes: login, and data frames in codec 8 and 8 extended.

Layout: Teltonika's public description of its data sending protocols. Numbers are big-endian.
"""

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

CODEC_8, CODEC_8E = 0x08, 0x8E
LOW, HIGH, PANIC = 0, 1, 2
ALARM, MAN_DOWN, BATTERY, MOVEMENT, UNPLUG, ZONE_1 = 236, 242, 113, 240, 252, 155
_SIZES = (1, 2, 4, 8)


@dataclass(frozen=True, slots=True)
class Record:
    """One record of the device's memory."""

    time_ms: int
    lat: float
    lon: float
    event: int = 0
    priority: int = LOW
    io: Mapping[int, tuple[int, int]] = field(default_factory=dict)
    """Element to its size in octets and its value."""
    texts: Mapping[int, bytes] = field(default_factory=dict)
    """Elements of any length; codec 8 extended only."""
    speed_kmh: int = 4
    satellites: int = 9
    altitude_m: int = 12
    course_deg: int = 90


def login(imei: str) -> bytes:
    """The device's identity."""
    return struct.pack(">H", len(imei)) + imei.encode("ascii")


def frame(records: Sequence[Record], codec: int = CODEC_8E) -> bytes:
    """Put preamble, length, codec, counts and checksum around the records."""
    count = bytes([len(records)])
    data = bytes([codec]) + count + b"".join(_record(one, codec) for one in records) + count
    return struct.pack(">II", 0, len(data)) + data + struct.pack(">I", crc16_arc(data))


def _record(record: Record, codec: int) -> bytes:
    number = ">H" if codec == CODEC_8E else ">B"
    place = struct.pack(">ii", round(record.lon * 1e7), round(record.lat * 1e7))
    where = place + struct.pack(
        ">hHBH", record.altitude_m, record.course_deg, record.satellites, record.speed_kmh
    )
    said = struct.pack(number, record.event)
    said += struct.pack(number, len(record.io) + len(record.texts))
    for size in _SIZES:
        group = {key: value for key, (octets, value) in record.io.items() if octets == size}
        said += struct.pack(number, len(group))
        for key, value in group.items():
            said += struct.pack(number, key) + value.to_bytes(size, "big")
    if codec == CODEC_8E:
        said += struct.pack(">H", len(record.texts))
        for key, text in record.texts.items():
            said += struct.pack(">HH", key, len(text)) + text
    return struct.pack(">QB", record.time_ms, record.priority) + where + said


def crc16_arc(data: bytes) -> int:
    """CRC-16 with polynomial 8005h reflected, start 0."""
    crc = 0
    for octet in data:
        crc ^= octet
        for _ in range(8):
            crc = crc >> 1 ^ 0xA001 if crc & 1 else crc >> 1
    return crc
