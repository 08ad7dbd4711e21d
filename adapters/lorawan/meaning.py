"""What the values of the door sensor WS301, the button WS101 and the occupancy sensor VS340 say."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from adapters.lorawan.tlv import Value
from routing.instant import Instant
from routing.kinds import Kind


@dataclass(frozen=True, slots=True)
class Said:
    """One thing a value says."""

    code: str
    """Stable words, such as `door=open`: what configuration names it by."""
    kind: Kind | None
    """None says nothing beside that the device lives."""
    level: str | None = None
    """Of a state its name: it speaks when the code is another one than before."""
    quiet_first: bool = False
    """A level that is no news when it is the first thing known."""
    reference: str | None = None
    part: str | None = None
    occurred_at: Instant | None = None
    history: bool = False
    is_over: bool = False
    """An alarm that has ended."""

    @property
    def is_numbered_fall(self) -> bool:
        """A fall by which the device means the same one each time it says its number."""
        return self.kind is Kind.FALL_DETECTED and self.reference is not None


BATTERY = (0x01, 0x75)
BEGAN_ANEW = ("power=on", "reset", "joined")
"""Codes after which a device counts from the beginning."""
_SWITCHED_ON, _RESET = (0xFF, 0x0B), (0xFF, 0xFE)


def system(value: Value) -> Sequence[Said] | None:
    """Return what every model says alike; None for what is the model's own."""
    if value.pair == _SWITCHED_ON:
        return [Said("power=on", Kind.LINK_RESTORED)]
    if value.pair == _RESET:
        return [Said("reset", Kind.LINK_RESTORED)]
    return None


def table(name: str, kinds: Mapping[int, Said]) -> Callable[[Value], Sequence[Said]]:
    """Return a reader of values of one octet; a number that the table lacks is `code.unknown`."""

    def read(value: Value) -> Sequence[Said]:
        number = value.octets[0]
        return [kinds.get(number, Said(f"{name}={number}", Kind.CODE_UNKNOWN))]

    return read


def _level(name: str, word: str, kind: Kind | None, **also: Any) -> Said:
    return Said(f"{name}={word}", kind, level=name, **also)


door = table(
    "door",
    {
        0: _level("door", "closed", Kind.DOOR_CLOSED),
        1: _level("door", "open", Kind.DOOR_OPENED),
    },
)
tamper = table(
    "tamper",
    {
        0: _level("tamper", "installed", None),
        1: _level("tamper", "uninstalled", Kind.TAMPER_DETECTED),
    },
)
button = table(
    "button",
    {
        1: Said("button=short", Kind.HELP_PRESSED),
        2: Said("button=long", Kind.HELP_PRESSED),
        3: Said("button=double", Kind.HELP_PRESSED),
    },
)
occupancy = table(
    "occupancy",
    {
        0: Said("occupancy=vacant", None),
        1: Said("occupancy=occupied", Kind.MOTION_DETECTED),
    },
)
