"""What the values of the fall radar VS373 say.

The maker's documents contradict each other (github.com/Milesight-IoT/SensorDecoders): the README of
firmware before 2025 numbers alarm type 0 "normal" and statuses 0 triggered, 1 deactivated,
2 ignored; decoder and later README say type 0 fall and 1 triggered, 2 deactivated, 3 ignored,
4 status report. Which one a radar follows cannot be seen. So every alarm of type 0 is a fall, under
one id for each alarm number, and what no document calls triggered is a cancel *beside* it. Which
regions of `04f9` are occupied flips with the firmware too, and is not told.
"""

from collections.abc import Mapping, Sequence

from adapters.lorawan.meaning import Said
from adapters.lorawan.tlv import Value
from routing.instant import SECOND, Instant
from routing.kinds import Kind

_NO_DOCUMENT_SAYS_TRIGGERED = frozenset((2, 3))
_STATUS: Mapping[int, str] = {0: "0", 1: "triggered", 2: "deactivated", 3: "ignored", 4: "report"}
_REGION_NONE = 0xFF

_DETECTION: Mapping[int, tuple[str, Kind | None]] = {
    0: ("normal", None),
    1: ("vacant", None),
    2: ("in_bed", Kind.BED_RETURNED),
    3: ("out_of_bed", Kind.BED_LEFT),
    4: ("fall", Kind.FALL_DETECTED),
}
_TARGET: Mapping[int, tuple[str, Kind | None]] = {
    0: ("normal", None),
    1: ("motionless", None),
    2: ("abnormal", Kind.HELP_AUTOMATIC),
}
_ALARM: Mapping[int, tuple[str, Kind | None]] = {
    0: ("fall", Kind.FALL_DETECTED),
    1: ("motionless", Kind.INACTIVITY_DETECTED),
    2: ("dwell", Kind.INACTIVITY_DETECTED),
    3: ("out_of_bed", Kind.BED_LEFT),
    4: ("occupied", Kind.MOTION_DETECTED),
    5: ("vacant", None),
    6: ("bradypnea", Kind.HELP_AUTOMATIC),
    7: ("tachypnea", Kind.HELP_AUTOMATIC),
    8: ("lying", Kind.HELP_AUTOMATIC),
}
_OVER: Mapping[str, Kind | None] = {"out_of_bed": Kind.BED_RETURNED, "occupied": None}
"""What the end of an alarm says; `help.cancelled` of all others."""


def room(value: Value) -> Sequence[Said]:
    """`03f8`: where the person is, and how; minutes of use are passed over."""
    found: list[Said] = []
    for name, number, words in (
        ("detection", value.octets[0], _DETECTION),
        ("target", value.octets[1], _TARGET),
    ):
        word, kind = words.get(number, (str(number), Kind.CODE_UNKNOWN))
        found.append(Said(f"{name}={word}", kind, level=name))
    if value.octets[:2] == b"\0\0":
        found.append(Said("target=normal", Kind.MOTION_DETECTED))
    return found


def alarm(value: Value) -> Sequence[Said]:
    """`06fb`: an alarm begins, ends or is told again."""
    return _alarm(value.octets, None)


def past_alarm(value: Value) -> Sequence[Said]:
    """`20ce`: an alarm that was stored while there was no network, with its time in seconds."""
    seconds = int.from_bytes(value.octets[:4], "little")
    return _alarm(value.octets[4:], seconds * SECOND)


def _alarm(octets: bytes, at: Instant | None) -> Sequence[Said]:
    number, status = octets[2], octets[3]
    word, kind = _ALARM.get(number, (str(number), Kind.CODE_UNKNOWN))
    code = f"alarm={word} status={_STATUS.get(status, status)}"
    told: list[Kind | None] = [kind]
    is_over = status in _NO_DOCUMENT_SAYS_TRIGGERED
    if is_over and kind is not Kind.CODE_UNKNOWN:
        over = _OVER.get(word, Kind.HELP_CANCELLED)
        told = [kind, over] if kind is Kind.FALL_DETECTED else [over]
    return [
        Said(
            code,
            one,
            reference=f"alarm={int.from_bytes(octets[:2], 'little')}",
            part=None if octets[4] == _REGION_NONE else f"region {octets[4]}",
            occurred_at=at,
            history=at is not None,
            is_over=is_over,
        )
        for one in told
    ]
