"""Reading the content of an EV-07B frame: a type octet, then items of length, key and data.

The length counts the key and the data. Numbers are little-endian. An item that cannot be read is
kept as `broken` beside those that can: one bad item never hides a press in the same frame.
"""

from dataclasses import dataclass, field
from enum import IntEnum

from routing.event import Position
from routing.instant import SECOND, Instant


class FrameType(IntEnum):
    """The first octet of the content."""

    DATA = 0x01
    CONFIGURATION = 0x02
    SERVICES = 0x03
    SYSTEM_CONTROL = 0x04
    FIRMWARE = 0x7E
    RESPONSE = 0x7F


KNOWN_TYPES = frozenset(int(member) for member in FrameType)


class Key(IntEnum):
    """The items that are read."""

    DEVICE_ID = 0x01
    ALARM = 0x02
    TIME_REQUEST = 0x12
    GPS = 0x20
    STATUS = 0x24


PASSED_OVER = frozenset(
    (
        *(0x10, 0x11, 0x13, 0x14, 0x15, 0x16, 0x1F),
        *range(0x21, 0x24),  # cells, Wi-Fi, tags
        *range(0x25, 0x2E),  # call records, beacons, more networks
        *range(0x30, 0x38),  # steps, activity
        *range(0x40, 0x44),  # heart rate and the like: the hub does no vital signs
    )
)
"""Keys that are known and carry nothing the hub acts on."""

_LONGEST_ID = 20
"""An IMEI has 15 digits; a little more is accepted, as the id only has to tell devices apart."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """Item 0x02: the alarm bits and, where sent, the device's time of them."""

    bits: int
    at: Instant | None


@dataclass(slots=True)
class Content:
    """What one frame says."""

    type: int
    imei: str | None = None
    alarms: list[Alarm] = field(default_factory=list)
    time: Instant | None = None
    battery_pct: float | None = None
    archived: bool = False
    position: Position | None = None
    asks_time: bool = False
    unknown_keys: list[int] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    """Plain words, one for each item that could not be read."""


def parse_content(octets: bytes) -> Content:
    """Read the content of a frame; it has at least the type octet."""
    content = Content(type=octets[0])
    at = 1
    while at < len(octets):
        end = at + 1 + octets[at]
        # An item of no length has neither key nor data, so nothing is lost with it.
        if octets[at] and end > len(octets):
            content.broken.append(f"the item at octet {at} claims {octets[at]} octets")
            return content
        if octets[at]:
            _item(content, octets[at + 1], octets[at + 2 : end])
        at = end
    return content


def _item(content: Content, key: int, data: bytes) -> None:
    reader = _READERS.get(key)
    if content.type == FrameType.SERVICES and key == Key.TIME_REQUEST:
        content.asks_time = True
    elif content.type not in (FrameType.DATA, FrameType.SERVICES):
        return
    elif reader is not None and not reader(content, data):
        content.broken.append(f"item 0x{key:02x} cannot be read: {data.hex()[:64]}")
    elif reader is None and key not in PASSED_OVER and key not in content.unknown_keys:
        content.unknown_keys.append(key)


def _number(data: bytes, start: int, size: int, *, signed: bool = False) -> int:
    return int.from_bytes(data[start : start + size], "little", signed=signed)


def _device_id(content: Content, data: bytes) -> bool:
    if not data.isdigit() or len(data) > _LONGEST_ID:
        return False
    content.imei = data.decode("ascii")
    return True


def _alarm(content: Content, data: bytes) -> bool:
    if len(data) < 4:
        return False
    at = _number(data, 4, 4) * SECOND if len(data) >= 8 else None
    content.alarms.append(Alarm(_number(data, 0, 4), at))
    return True


def _status(content: Content, data: bytes) -> bool:
    """Bits: 7 archived, 24-31 battery in percent."""
    if len(data) < 8:
        return False
    status = _number(data, 4, 4)
    content.time = _number(data, 0, 4) * SECOND
    content.archived = content.archived or bool(status & 1 << 7)
    battery = status >> 24
    content.battery_pct = battery if battery <= 100 else None
    return True


def _gps(content: Content, data: bytes) -> bool:
    """Latitude and longitude in 1e-7 degrees, speed km/h, course, altitude m, HDOP in tenths.

    HDOP 0 means that there is no fix: the item is read, and no position is reported.
    """
    if len(data) < 16:
        return False
    lat, lon = (_number(data, start, 4, signed=True) / 1e7 for start in (0, 4))
    course = _number(data, 10, 2)
    if _number(data, 14, 2) == 0:
        return True
    if abs(lat) > 90 or abs(lon) > 180:
        return False
    content.position = Position(
        lat=lat,
        lon=lon,
        speed_kmh=_number(data, 8, 2),
        course_deg=course if course <= 360 else None,
        altitude_m=_number(data, 12, 2, signed=True),
    )
    return True


_READERS = {
    int(Key.DEVICE_ID): _device_id,
    int(Key.ALARM): _alarm,
    int(Key.GPS): _gps,
    int(Key.STATUS): _status,
}
