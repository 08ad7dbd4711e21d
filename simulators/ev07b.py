"""EV-07B / MiniFinder frames as the device writes and reads them.

`AB` flags, length u16le, CRC-16/XMODEM of the content u16le, index u16le, content. The content is a
type octet and then `length key value` items, where length counts the key. Layout: the maker's
protocol as public decoders describe it (Traccar `Minifinder2ProtocolDecoder`, Apache-2.0).
"""

import struct
from dataclasses import dataclass

HEAD = 0xAB
ASKS_FOR_ACK = 0x10
_HEADER = struct.Struct("<BBHHH")

DATA, SERVICE, ACK = 0x01, 0x03, 0x7F
KEY_IMEI, KEY_ALARM, KEY_TIME, KEY_POSITION, KEY_STATUS = 0x01, 0x02, 0x12, 0x20, 0x24

ALARM_BATTERY_LOW = 1 << 0
ALARM_FALL = 1 << 2
ALARM_POWER_OFF = 1 << 8
ALARM_SOS = 1 << 12
STATUS_FIX = 1 << 0
STATUS_MOTION = 1 << 9


def zone_alarm(zone: int, *, entered: bool) -> int:
    """The alarm code of zone 1-4: bit 4+i, and bit 26+i as well when it was entered."""
    return 1 << (3 + zone) | (1 << (25 + zone) if entered else 0)


@dataclass(frozen=True, slots=True)
class Fix:
    """One satellite position, WGS 84."""

    lat: float
    lon: float
    speed_kmh: int = 4
    course_deg: int = 0
    altitude_m: int = 12
    hdop: float = 0.9
    odometer_m: int = 0
    satellites: int = 9


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame that arrived whole, with a true checksum."""

    index: int
    kind: int
    items: tuple[tuple[int, bytes], ...]


def item(key: int, value: bytes) -> bytes:
    """One item of the content."""
    return bytes([len(value) + 1, key]) + value


def imei(text: str) -> bytes:
    """The device's identity, 15 digits."""
    return item(KEY_IMEI, text.encode("ascii"))


def status(time_s: int, battery_pct: int, flags: int) -> bytes:
    """The general status: time, battery in the top octet, flags below."""
    return item(KEY_STATUS, struct.pack("<II", time_s, battery_pct << 24 | flags))


def alarm(code: int, time_s: int) -> bytes:
    """The alarm code and when it happened."""
    return item(KEY_ALARM, struct.pack("<II", code, time_s))


def position(fix: Fix) -> bytes:
    """A position; degrees times 10^7, HDOP times 10."""
    return item(
        KEY_POSITION,
        struct.pack(
            "<iiHHHHIB",
            round(fix.lat * 1e7),
            round(fix.lon * 1e7),
            fix.speed_kmh,
            fix.course_deg,
            fix.altitude_m,
            round(fix.hdop * 10),
            fix.odometer_m,
            fix.satellites,
        ),
    )


def time_request() -> bytes:
    """Ask the server for the time."""
    return bytes([1, KEY_TIME])


def frame(index: int, kind: int, content: bytes, flags: int = ASKS_FOR_ACK) -> bytes:
    """Put a header in front of the content."""
    whole = bytes([kind]) + content
    return _HEADER.pack(HEAD, flags, len(whole), crc16_xmodem(whole), index) + whole


def crc16_xmodem(data: bytes) -> int:
    """CRC-16 with polynomial 1021h, start 0, no reflection."""
    crc = 0
    for octet in data:
        crc ^= octet << 8
        for _ in range(8):
            crc = (crc << 1 ^ 0x1021 if crc & 0x8000 else crc << 1) & 0xFFFF
    return crc


class Framer:
    """Cuts what the server sends into frames; a frame with a false checksum is left out."""

    def __init__(self) -> None:
        self._buffer = b""

    def feed(self, data: bytes) -> list[Frame]:
        """Take the next octets and return the frames that are now whole."""
        self._buffer += data
        found = []
        while (whole := self._cut()) is not None:
            _, _, _, crc, index = _HEADER.unpack_from(whole)
            content = whole[_HEADER.size :]
            if content and crc16_xmodem(content) == crc:
                found.append(Frame(index, content[0], _items(content[1:])))
        return found

    def _cut(self) -> bytes | None:
        start = self._buffer.find(HEAD)
        self._buffer = self._buffer[start:] if start >= 0 else b""
        if len(self._buffer) < _HEADER.size:
            return None
        total = _HEADER.size + _HEADER.unpack_from(self._buffer)[2]
        if len(self._buffer) < total:
            return None
        whole, self._buffer = self._buffer[:total], self._buffer[total:]
        return whole


def _items(content: bytes) -> tuple[tuple[int, bytes], ...]:
    found, place = [], 0
    while place + 1 < len(content) and content[place] > 0:
        end = place + 1 + content[place]
        found.append((content[place + 1], content[place + 2 : end]))
        place = end
    return tuple(found)
