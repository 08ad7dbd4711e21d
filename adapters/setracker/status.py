"""What a SeTracker frame tells beside where and when: its type and the bits of its status.

The upper half of the status are alarms, the lower half states that are repeated in every frame.
Sources: traccar's Watch decoder (Apache-2.0) for bits 0-2, 16-22; the makers' description, as
public integrations quote it, for bit 3. Bit 22 is a fall in the one and a heart rate in the other:
the reading that brings a person is used.
"""

from collections.abc import Iterator
from typing import NamedTuple

from adapters.setracker.frame import Frame
from routing.kinds import Kind


class Meaning(NamedTuple):
    """What one bit says."""

    kind: Kind
    word: str
    code: str = ""


_FIRST_ALARM_BIT = 16
_BATTERY_STATE = 0
_STATES = {
    _BATTERY_STATE: Meaning(Kind.BATTERY_LOW, "battery low"),
    1: Meaning(Kind.ZONE_LEFT, "outside the zone"),
    2: Meaning(Kind.ZONE_ENTERED, "inside the zone"),
}
_CAUSES = (_BATTERY_STATE, 1)
_ALARMS = {
    16: Meaning(Kind.HELP_PRESSED, "SOS"),
    17: Meaning(Kind.BATTERY_LOW, "battery low"),
    18: Meaning(Kind.ZONE_LEFT, "left the zone"),
    19: Meaning(Kind.ZONE_ENTERED, "entered the zone"),
    20: Meaning(Kind.TAMPER_DETECTED, "taken off"),
    21: Meaning(Kind.FALL_DETECTED, "fall"),
    22: Meaning(Kind.FALL_DETECTED, "fall"),
}

_ANSWERS = {
    "LK": "LK",
    "AL": "AL",
    "TKQ": "TKQ",
    "TKQ2": "TKQ2",
    "INIT": "INIT,1",
    "CONFIG": "CONFIG,1",
}
_INFORMATION = ("TK", "JXTK", "JXTKR", "IMG", "RCAPTURE", "ICCID", "VERNO", "TS", "PP", "RYIMEI")
_VITAL = ("PULSE", "HEART", "HRTSTART", "BLOOD", "BPHRT", "OXYGEN", "TEMP", "TEMP2", "BTEMP2")
_PASSED_OVER = frozenset((*_INFORMATION, *_VITAL))
"""Speech, pictures and information, and vital signs, which the hub does not do."""


def is_alarm(frame: Frame) -> bool:
    """Say whether a frame is an alarm, whatever its status says."""
    return frame.type.upper().startswith("AL")


def has_position(frame: Frame) -> bool:
    """Say whether the values begin with date, time and place (`UD_LTE` and the like too)."""
    return is_alarm(frame) or frame.type.upper().startswith(("UD", "WT"))


def is_buffered(frame: Frame) -> bool:
    """Say whether a position was kept while there was no network."""
    return frame.type.upper().startswith("UD2")


def is_known(frame: Frame) -> bool:
    """Say whether the type means something to us."""
    name = frame.type.upper()
    return has_position(frame) or name in _ANSWERS or name in _PASSED_OVER


def answer(frame: Frame) -> str | None:
    """Return what the device waits for; None for the types that expect nothing."""
    return "AL" if is_alarm(frame) else _ANSWERS.get(frame.type.upper())


def alarms(frame: Frame, status: int, *, short: bool) -> Iterator[Meaning]:
    """Yield what the status says has happened; an alarm without a known cause is still one.

    A state may be on for days, so it is the cause of an alarm only in a short status, which has
    nothing else, and there being inside the zone is none."""
    table = {**_STATES, **_ALARMS} if is_alarm(frame) else _ALARMS
    found = False
    for bit in range(status.bit_length()):
        if not status & 1 << bit:
            continue
        meaning = table.get(bit)
        code = f"status=0x{1 << bit:08x}"
        if meaning is not None:
            found = found or bit >= _FIRST_ALARM_BIT or (short and bit in _CAUSES)
            yield meaning._replace(code=code)
        elif bit >= _FIRST_ALARM_BIT:
            yield Meaning(Kind.CODE_UNKNOWN, f"alarm bit {bit}", code)
    if is_alarm(frame) and not found:
        yield Meaning(Kind.HELP_AUTOMATIC, "alarm without a cause", f"status=0x{status:08x}")


def battery_is_low(status: int) -> bool:
    """Say whether the state of the battery, which every frame repeats, is low."""
    return bool(status & 1 << _BATTERY_STATE)
