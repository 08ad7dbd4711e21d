"""What a GT06 frame tells beside where and when: status bits, alarm octets, each with its kind.

Sources: Concox and Jimi protocol descriptions, and traccar's GT06 decoder for 0x0C, 0x13, 0x23 and
the numberings of types 0x95, 0x33 (long) and 0x70. Makers disagree on 0x0C ("switched on" or
"opened"): the reading that somebody looks at is used. Codes that mean nothing in care (over speed,
harsh braking) become `code.unknown` with the maker's word, never nothing.
"""

from collections.abc import Iterator
from typing import NamedTuple

from adapters.gt06.content import Content
from adapters.gt06.frame import Frame
from adapters.gt06.layouts import is_heartbeat
from adapters.help_first import is_call
from routing.kinds import Kind


class Meaning(NamedTuple):
    """What one code says."""

    kind: Kind
    note: str | None = None
    code: str | None = None
    part: str | None = None


_UNKNOWN = Kind.CODE_UNKNOWN
_ALARMS: dict[int, Meaning] = {
    0x01: Meaning(Kind.HELP_PRESSED, "SOS"),
    0x02: Meaning(Kind.MAINS_LOST, "power cut"),
    0x03: Meaning(Kind.MOTION_DETECTED, "vibration"),
    0x04: Meaning(Kind.ZONE_ENTERED, "entered the fence"),
    0x05: Meaning(Kind.ZONE_LEFT, "left the fence"),
    0x06: Meaning(_UNKNOWN, "over speed"),
    0x09: Meaning(Kind.MOTION_DETECTED, "vibration"),
    0x0A: Meaning(Kind.DEVICE_ALIVE, "entered a GPS dead zone"),
    0x0B: Meaning(Kind.DEVICE_ALIVE, "left a GPS dead zone"),
    0x0C: Meaning(Kind.TAMPER_DETECTED, "opened, or switched on"),
    0x0D: Meaning(Kind.DEVICE_ALIVE, "first fix"),
    0x0E: Meaning(Kind.BATTERY_LOW, "external battery low"),
    0x0F: Meaning(Kind.BATTERY_LOW, "external battery protection"),
    0x10: Meaning(Kind.TAMPER_DETECTED, "SIM changed"),
    0x11: Meaning(Kind.LINK_LOST, "switched off"),
    0x12: Meaning(Kind.LINK_LOST, "flight mode for low battery"),
    0x13: Meaning(Kind.TAMPER_DETECTED, "dismantled"),
    0x14: Meaning(Kind.DOOR_OPENED, "door"),
    0x15: Meaning(Kind.LINK_LOST, "switched off for low battery"),
    0x16: Meaning(_UNKNOWN, "sound"),
    0x17: Meaning(_UNKNOWN, "false base station"),
    0x18: Meaning(Kind.TAMPER_DETECTED, "cover opened"),
    0x19: Meaning(Kind.BATTERY_LOW, "internal battery low"),
    0x20: Meaning(Kind.DEVICE_ALIVE, "deep sleep"),
    0x23: Meaning(Kind.FALL_DETECTED, "fall"),
    0x29: Meaning(_UNKNOWN, "harsh acceleration"),
    0x2A: Meaning(_UNKNOWN, "sharp turn"),
    0x2B: Meaning(_UNKNOWN, "sharp turn"),
    0x2C: Meaning(Kind.HELP_AUTOMATIC, "collision"),
    0x30: Meaning(_UNKNOWN, "harsh braking"),
    0xFE: Meaning(Kind.DEVICE_ALIVE, "ignition on"),
    0xFF: Meaning(Kind.DEVICE_ALIVE, "ignition off"),
}
_STATUS: dict[int, Meaning] = {
    1: Meaning(Kind.MOTION_DETECTED, "vibration"),
    2: Meaning(Kind.MAINS_LOST, "power cut"),
    3: Meaning(Kind.BATTERY_LOW, "battery low"),
    4: Meaning(Kind.HELP_PRESSED, "SOS"),
    6: Meaning(Kind.ZONE_LEFT, "fence; which way is not said"),
    7: Meaning(Kind.TAMPER_DETECTED, "removed, or over speed"),
}
"""Bits 3-5 of the status: 0 is normal, 5 is used by some makers for normal too."""
_IN_A_HEARTBEAT = frozenset((2, 3, 4))
_ZONES = frozenset((Kind.ZONE_LEFT, Kind.ZONE_ENTERED))

_CAMERA: dict[int, Meaning] = {
    0x01: Meaning(Kind.HELP_PRESSED, "SOS"),
    0x80: Meaning(Kind.MOTION_DETECTED, "vibration"),
    0x93: Meaning(Kind.HELP_AUTOMATIC, "accident"),
}
_AZ735: dict[int, Meaning] = {
    0xA0: Meaning(Kind.DEVICE_ALIVE, "armed"),
    0xA1: Meaning(Kind.DEVICE_ALIVE, "disarmed"),
    0xA2: Meaning(Kind.BATTERY_LOW, "battery low"),
    0xA3: Meaning(Kind.BATTERY_LOW, "battery low"),
    0xA4: Meaning(Kind.HELP_PRESSED, "alarm"),
    0xA5: Meaning(Kind.DOOR_OPENED, "door"),
}
_MODULAR: dict[int, Meaning] = {
    0x11: Meaning(Kind.BATTERY_LOW, "battery low"),
    0x12: Meaning(Kind.BATTERY_LOW, "power low"),
    0x13: Meaning(Kind.MAINS_LOST, "power cut"),
    0x14: Meaning(Kind.TAMPER_DETECTED, "removed"),
}
_EXTRA = {0x95: _CAMERA, 0x33: _AZ735, 0x70: _MODULAR}


def meanings(frame: Frame, content: Content) -> list[Meaning]:
    """Return everything the frame tells, one of each kind: a press is often told twice, by the
    status and by the alarm octet."""
    found: dict[Kind, Meaning] = {}
    for meaning in (*_alarm(frame, content), *_extra(frame, content), *_status(frame, content)):
        if meaning.kind in _ZONES and not _ZONES.isdisjoint(found):
            continue
        found.setdefault(meaning.kind, meaning)
    return list(found.values())


def _alarm(frame: Frame, content: Content) -> Iterator[Meaning]:
    """In a heartbeat many devices have a voltage where others have the alarm: there only a call
    for help is believed."""
    code = content.alarm
    if not code:
        return
    meaning = _ALARMS.get(code, Meaning(_UNKNOWN))
    if not is_heartbeat(frame) or (is_call(meaning.kind) and meaning.kind not in _ZONES):
        part = None if content.zone is None else f"zone {content.zone}"
        yield meaning._replace(code=f"alarm=0x{code:02x}", part=part)


def _extra(frame: Frame, content: Content) -> Iterator[Meaning]:
    code = content.extra
    # A module without an event has none; the other two always have an alarm.
    if code is not None and (code or frame.type != 0x70):
        meaning = _EXTRA[frame.type].get(code, Meaning(_UNKNOWN))
        yield meaning._replace(code=f"type=0x{frame.type:02x} alarm=0x{code:02x}")


def _status(frame: Frame, content: Content) -> Iterator[Meaning]:
    if content.status is None:
        return
    bits = content.status >> 3 & 7
    if bits in _STATUS and (not is_heartbeat(frame) or bits in _IN_A_HEARTBEAT):
        yield _STATUS[bits]._replace(code=f"status=0x{content.status:02x}")
