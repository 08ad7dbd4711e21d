"""The alarm words of the protocol, each with the kind it becomes.

The words are those of traccar (`Position.ALARM_...`, Apache-2.0), which is what such apps and
trackers are written for; `sos` is what the Traccar client's button sends. They are compared without
regard to case. Words of cars become `code.unknown` with the word, never nothing.
"""

import re
from typing import NamedTuple

from routing.kinds import Kind

_KINDS = {
    "sos": Kind.HELP_PRESSED,
    "general": Kind.HELP_AUTOMATIC,
    "accident": Kind.HELP_AUTOMATIC,
    "falldown": Kind.FALL_DETECTED,
    "geofenceenter": Kind.ZONE_ENTERED,
    "geofenceexit": Kind.ZONE_LEFT,
    "geofence": Kind.ZONE_LEFT,
    "lowbattery": Kind.BATTERY_LOW,
    "lowpower": Kind.BATTERY_LOW,
    "powercut": Kind.MAINS_LOST,
    "powerrestored": Kind.MAINS_RESTORED,
    "poweroff": Kind.LINK_LOST,
    "poweron": Kind.LINK_RESTORED,
    "fault": Kind.DEVICE_FAULT,
    "gpsantennacut": Kind.DEVICE_FAULT,
    "tampering": Kind.TAMPER_DETECTED,
    "removing": Kind.TAMPER_DETECTED,
    "vibration": Kind.MOTION_DETECTED,
    "movement": Kind.MOTION_DETECTED,
    "door": Kind.DOOR_OPENED,
}
_WORD = re.compile(r"[A-Za-z0-9_.-]{1,40}", re.ASCII)


class Meaning(NamedTuple):
    """What one alarm says."""

    kind: Kind
    code: str


def meanings(words: str) -> list[Meaning]:
    """Return what the value of `alarm` says: one word, or several with commas between.

    What is no word may be anybody's text and is not repeated."""
    return [_meaning(word.strip()) for word in words.split(",") if word.strip()]


def _meaning(word: str) -> Meaning:
    kind = _KINDS.get(word.lower(), Kind.CODE_UNKNOWN)
    return Meaning(kind, f"alarm={word if _WORD.fullmatch(word) else '(text)'}")
