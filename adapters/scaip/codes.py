"""SCAIP's device types (dty) and status codes (stc) as kinds of event (SS 91100:2014, tables).

Codes are compared as integers: `10`, `010` and `0010` are one code. What is not in a table is never
guessed: an alarm from an unknown device type is still help, an unknown status is `code.unknown`.
"""

from enum import IntEnum, StrEnum

from adapters.help_first import is_call
from routing.kinds import Kind


class Mty(StrEnum):
    """What kind of message (mty) a request is."""

    MESSAGE = "ME"
    RESET = "RE"
    UPDATE = "IN"
    HEARTBEAT = "PI"


class Snu(IntEnum):
    """The status number (snu) of an answer."""

    OK = 0
    TOO_LONG = 1
    FORMAT = 2
    CONTENT = 3
    HOLD = 4
    NOT_TREATED = 5
    BUSY = 6
    TAG_MISSING = 7
    REF_MISSING = 10


AUTOMATIC_ALARM = 9
MANUAL_ALARM = 10
ASSISTANCE = 110

_PRESSED_TYPES = frozenset({2, 3, 4})
"""Base unit, pendant, fixed trigger: parts that a person presses."""

_ALARM_BY_TYPE: dict[int, Kind] = {
    5: Kind.FALL_DETECTED,
    10: Kind.INACTIVITY_DETECTED,
    12: Kind.BED_LEFT,
    13: Kind.BED_LEFT,
    14: Kind.DOOR_OPENED,
    15: Kind.WANDERING_DETECTED,
    17: Kind.EPILEPSY_DETECTED,
    23: Kind.SMOKE_DETECTED,
    33: Kind.WATER_DETECTED,
}
_OBSERVED_TYPES = frozenset({10, 12, 13, 14})
"""Types whose automatic alarm is an observation; a manual alarm (10) from them is a press."""

_BY_STATUS: dict[int, Kind] = {
    14: Kind.BATTERY_LOW,
    16: Kind.BATTERY_LOW,
    19: Kind.HELP_CANCELLED,
    **dict.fromkeys(range(23, 28), Kind.LINK_LOST),
    67: Kind.DEVICE_FAULT,
    70: Kind.DEVICE_RECOVERED,
    77: Kind.DOOR_AJAR,
    81: Kind.MEDICATION_MISSED,
    82: Kind.MEDICATION_REMINDED,
    83: Kind.MEDICATION_TAKEN,
    85: Kind.MAINS_LOST,
    86: Kind.MAINS_RESTORED,
    92: Kind.HELP_CANCELLED,
    93: Kind.HELP_CANCELLED,
    102: Kind.DEVICE_TESTED,
    103: Kind.DEVICE_TESTED,
    ASSISTANCE: Kind.HELP_PRESSED,
    111: Kind.PRESENCE_LEFT,
    **dict.fromkeys(range(112, 117), Kind.LINK_RESTORED),
    117: Kind.BED_RETURNED,
    125: Kind.TAMPER_DETECTED,
}
_RESET: dict[Kind, Kind] = {
    Kind.SMOKE_DETECTED: Kind.SMOKE_CLEARED,
    Kind.WATER_DETECTED: Kind.WATER_CLEARED,
    Kind.BED_LEFT: Kind.BED_RETURNED,
    Kind.DOOR_OPENED: Kind.DOOR_CLOSED,
    Kind.DOOR_AJAR: Kind.DOOR_CLOSED,
    Kind.BATTERY_LOW: Kind.BATTERY_OK,
    Kind.MAINS_LOST: Kind.MAINS_RESTORED,
    Kind.LINK_LOST: Kind.LINK_RESTORED,
    Kind.DEVICE_FAULT: Kind.DEVICE_RECOVERED,
    Kind.TAMPER_DETECTED: Kind.DEVICE_RECOVERED,
}
_BESIDE_HEARTBEAT = frozenset(
    {
        Kind.BATTERY_LOW,
        Kind.MAINS_LOST,
        Kind.LINK_LOST,
        Kind.DEVICE_FAULT,
        Kind.TAMPER_DETECTED,
    }
)
"""Lasting faults that a heartbeat may report and that would be lost with a mere sign of life."""


def is_alarm(stc: int | None) -> bool:
    """Say whether a status is an alarm. Absent is one (SS 91100: stc defaults to alarm)."""
    return stc in (None, AUTOMATIC_ALARM, MANUAL_ALARM)


def is_known(stc: int) -> bool:
    """Say whether the tables give a status its meaning; the maker's own (900-999) have none."""
    return is_alarm(stc) or stc in _BY_STATUS


def kinds_of(mty: Mty, dty: int | None, stc: int | None, own: Kind | None) -> tuple[Kind, ...]:
    """Return the kinds one status of a message stands for; `dty` None is an unreadable type, `own`
    what the configuration says of a code that the tables do not know."""
    if is_alarm(stc):
        kind = _alarm_kind(dty, stc)
    else:
        kind = _BY_STATUS.get(stc or 0) or own or Kind.CODE_UNKNOWN
    if mty is Mty.HEARTBEAT:
        return (Kind.DEVICE_ALIVE, kind) if kind in _BESIDE_HEARTBEAT else (Kind.DEVICE_ALIVE,)
    if mty is Mty.RESET:
        cleared = Kind.HELP_CANCELLED if is_call(kind) else kind
        return (_RESET.get(kind, cleared),)
    return (kind,)


def _alarm_kind(dty: int | None, stc: int | None) -> Kind:
    if stc == MANUAL_ALARM and dty in _OBSERVED_TYPES:
        return Kind.HELP_PRESSED
    if dty in _ALARM_BY_TYPE:
        return _ALARM_BY_TYPE[dty]
    pressed = stc == MANUAL_ALARM or (stc is None and dty in _PRESSED_TYPES)
    return Kind.HELP_PRESSED if pressed else Kind.HELP_AUTOMATIC
