"""GT06 frames as a Concox tracker writes and reads them.

`7878` length, type, content, serial, CRC-16/X-25 of all that from the length on, `0D0A`. The length
counts type, content, serial and checksum. Layout: the maker's protocol as public decoders describe
it (Traccar `Gt06ProtocolDecoder`, Apache-2.0).
"""

import struct
import time
from dataclasses import dataclass

LOGIN, HEARTBEAT, LOCATION, ALARM, TIME = 0x01, 0x13, 0x22, 0x26, 0x8A
SOS, POWER_CUT, ENTERED, LEFT, BATTERY_LOW, POWER_OFF, FALL = (
    0x01,
    0x02,
    0x04,
    0x05,
    0x0E,
    0x11,
    0x23,
)
STATUS_ON = 0x46
"""GPS on, charging, armed nothing."""
CELL = struct.pack(">HBH", 242, 1, 10001) + (43981).to_bytes(3, "big")
"""A cell of the Norwegian network 242-01."""
_NORTH, _WEST, _FIXED = 1 << 10, 1 << 11, 1 << 12


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame that arrived whole, with a true checksum."""

    kind: int
    serial: int
    content: bytes


def frame(kind: int, serial: int, content: bytes = b"") -> bytes:
    """Put beginning, length, serial, checksum and end around the content."""
    body = bytes([len(content) + 5, kind]) + content + struct.pack(">H", serial)
    return b"\x78\x78" + body + struct.pack(">H", crc16_x25(body)) + b"\r\n"


def login(imei: str, serial: int = 1) -> bytes:
    """The device's identity, 15 digits in eight octets."""
    return frame(LOGIN, serial, bytes.fromhex("0" + imei))


def date(time_s: int) -> bytes:
    """Year, month, day, hour, minute, second, UTC."""
    now = time.gmtime(time_s)
    return bytes([now.tm_year - 2000, *now[1:6]])


def gps(time_s: int, lat: float, lon: float, *, speed_kmh: int = 3, course_deg: int = 90) -> bytes:
    """Date, satellites, place, speed, course with its flags."""
    flags = course_deg | _FIXED | (_NORTH if lat >= 0 else 0) | (_WEST if lon < 0 else 0)
    place = struct.pack(">II", round(abs(lat) * 1_800_000), round(abs(lon) * 1_800_000))
    return date(time_s) + b"\xca" + place + struct.pack(">BH", speed_kmh, flags)


def location(where: bytes, *, buffered: bool = False) -> bytes:
    """The content of a position: GPS, cell, ignition, reason, sent again from the memory."""
    return where + CELL + bytes([0, 0, buffered])


def alarm(where: bytes, code: int, *, battery_level: int, status: int = STATUS_ON) -> bytes:
    """The content of an alarm: GPS, cell with its length, status, battery 0-6, GSM, code."""
    cell = bytes([len(CELL) + 1]) + CELL
    return where + cell + bytes([status, battery_level, 3, code, 2])


def heartbeat(battery_level: int, status: int = STATUS_ON) -> bytes:
    """The content of a heartbeat."""
    return bytes([status, battery_level, 3, 0, 2])


def crc16_x25(data: bytes) -> int:
    """CRC-16 with polynomial 1021h reflected, start FFFFh, inverted."""
    crc = 0xFFFF
    for octet in data:
        crc ^= octet
        for _ in range(8):
            crc = crc >> 1 ^ 0x8408 if crc & 1 else crc >> 1
    return crc ^ 0xFFFF


class Framer:
    """Cuts what the server sends into frames; one with a false checksum is left out."""

    def __init__(self) -> None:
        self._buffer = b""

    def feed(self, data: bytes) -> list[Frame]:
        """Take the next octets and return the frames that are now whole."""
        self._buffer += data
        found = []
        while (whole := self._cut()) is not None:
            crc, end = struct.unpack(">HH", whole[-4:])
            if end == 0x0D0A and crc16_x25(whole[2:-4]) == crc:
                serial = int.from_bytes(whole[-6:-4], "big")
                found.append(Frame(whole[3], serial, whole[4:-6]))
        return found

    def _cut(self) -> bytes | None:
        start = self._buffer.find(b"\x78\x78")
        self._buffer = self._buffer[start:] if start >= 0 else self._buffer[-1:]
        if len(self._buffer) < 3 or len(self._buffer) < (total := self._buffer[2] + 5):
            return None
        whole, self._buffer = self._buffer[:total], self._buffer[total:]
        return whole
