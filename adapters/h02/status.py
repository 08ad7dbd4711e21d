"""The status word of H02: 32 bits, each active when it is 0.

Sources: traccar's H02 decoder (Apache-2.0) for bits 0, 1, 2, 18, 19; the others as public copies of
the makers' description have them, remembered and not checked against a device. A call for help is
told in every frame that shows it, the rest when it begins.
"""

from collections.abc import Iterable
from typing import NamedTuple

from routing.kinds import Kind


class Meaning(NamedTuple):
    """What one bit says."""

    kind: Kind
    word: str
    over: Kind | None = None
    """What it is when the bit is idle again."""


_BITS = {
    0: Meaning(Kind.MOTION_DETECTED, "vibration"),
    1: Meaning(Kind.HELP_PRESSED, "SOS"),
    2: Meaning(Kind.CODE_UNKNOWN, "over speed"),
    4: Meaning(Kind.ZONE_ENTERED, "entered the fence"),
    5: Meaning(Kind.ZONE_LEFT, "left the fence"),
    16: Meaning(Kind.DEVICE_FAULT, "GPS receiver", Kind.DEVICE_RECOVERED),
    18: Meaning(Kind.HELP_PRESSED, "SOS"),
    19: Meaning(Kind.MAINS_LOST, "power cut", Kind.MAINS_RESTORED),
    20: Meaning(Kind.TAMPER_DETECTED, "battery removed"),
}
_HELP = frozenset(bit for bit, meaning in _BITS.items() if meaning.kind is Kind.HELP_PRESSED)
"""Told in every frame: a second press must not be taken for the first."""


def active(word: int) -> frozenset[int]:
    """Return the bits of the word that are on and mean something to us."""
    return frozenset(bit for bit in _BITS if not word & 1 << bit)


def code(bit: int) -> str:
    """Return the code of one bit, as the mask that the word is compared with."""
    return f"status=0x{1 << bit:08x}"


def begun(on: Iterable[int], new: Iterable[int]) -> list[tuple[str, Meaning]]:
    """Return what is to be told of the bits that are on, each with its code; help once."""
    told = sorted((set(on) & _HELP) | (set(new) - _HELP))
    first_help = next((bit for bit in told if bit in _HELP), None)
    return [(code(bit), _BITS[bit]) for bit in told if bit not in _HELP or bit == first_help]


def ended(cleared: Iterable[int]) -> list[tuple[str, Kind]]:
    """Return what it means that bits are idle again."""
    over = ((bit, _BITS[bit].over) for bit in sorted(cleared))
    return [(code(bit), kind) for bit, kind in over if kind is not None]
