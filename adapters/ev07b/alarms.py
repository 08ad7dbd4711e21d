"""The alarm bits of item 0x02, each with the kind it becomes.

Sources: traccar's Minifinder2 decoder for bits 0, 1, 2, 8, 9, 12 and 31; Eview's protocol
description, as two public integrations quote it, for the others. They disagree on bit 11 ("no
motion" or "SOS stopped"): the reading that brings a person is used. Bits without a meaning in care
(over speed, bark) become `code.unknown` with the maker's word, never nothing.
"""

from typing import NamedTuple

from routing.kinds import Kind


class Meaning(NamedTuple):
    """What one alarm bit says."""

    kind: Kind
    word: str
    """The maker's word for it."""
    part: str | None = None


_ZONES = range(4)
_FIRST_ZONE_BIT = 4
_FIRST_ENTER_BIT = 26

_BITS: dict[int, Meaning] = {
    0: Meaning(Kind.BATTERY_LOW, "battery low"),
    1: Meaning(Kind.CODE_UNKNOWN, "over speed"),
    2: Meaning(Kind.FALL_DETECTED, "fall down"),
    3: Meaning(Kind.HELP_AUTOMATIC, "tilt"),
    8: Meaning(Kind.LINK_LOST, "power off"),
    9: Meaning(Kind.LINK_RESTORED, "power on"),
    10: Meaning(Kind.MOTION_DETECTED, "motion"),
    11: Meaning(Kind.INACTIVITY_DETECTED, "no motion"),
    12: Meaning(Kind.HELP_PRESSED, "SOS"),
    13: Meaning(Kind.HELP_PRESSED, "side button 1", "side button 1"),
    14: Meaning(Kind.HELP_PRESSED, "side button 2", "side button 2"),
    15: Meaning(Kind.DEVICE_ALIVE, "charging started"),
    16: Meaning(Kind.DEVICE_ALIVE, "charging stopped"),
    17: Meaning(Kind.HELP_CANCELLED, "SOS ended"),
    21: Meaning(Kind.HELP_CANCELLED, "fall alert ended"),
    24: Meaning(Kind.ZONE_LEFT, "left home", "home"),
    25: Meaning(Kind.ZONE_ENTERED, "at home", "home"),
    31: Meaning(Kind.CODE_UNKNOWN, "bark"),
}


def meanings(bits: int) -> list[tuple[int, Meaning]]:
    """Return every set bit with its meaning, lowest first; no bit at all is an unknown code.

    The enter bit of a zone belongs to that zone's bit and is reported alone only without it.
    """
    found = [(bit, _meaning(bit, bits)) for bit in range(32) if bits & 1 << bit]
    found = [(bit, meaning) for bit, meaning in found if not _is_direction(bit, bits)]
    return found or [(-1, Meaning(Kind.CODE_UNKNOWN, "alarm without a bit"))]


def _is_direction(bit: int, bits: int) -> bool:
    zone = bit - _FIRST_ENTER_BIT
    return zone in _ZONES and bool(bits & 1 << (_FIRST_ZONE_BIT + zone))


def _meaning(bit: int, bits: int) -> Meaning:
    zone = bit - _FIRST_ZONE_BIT
    if zone not in _ZONES:
        return _BITS.get(bit, Meaning(Kind.CODE_UNKNOWN, f"bit {bit}"))
    entered = bits & 1 << (_FIRST_ENTER_BIT + zone)
    kind = Kind.ZONE_ENTERED if entered else Kind.ZONE_LEFT
    return Meaning(kind, f"zone {zone + 1}", f"zone {zone + 1}")
