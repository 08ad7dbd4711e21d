"""Making captured frames anonymous: ids, numbers, names and places replaced, the same by the same,
and checksums repaired, so that they still say the same.

A protocol brings an `Anonymise` function that knows its frames. What it does not know it refuses
(`NotAnonymous`): a recording that cannot be made is better than one that tells of somebody.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from adapters.protocol import Payload

_MOVED_TO = (59.0, 3.0)
"""WGS 84 degrees, in the open North Sea: nobody lives where recordings are."""


class NotAnonymous(Exception):
    """A frame has a part that is not known well enough to be given away; says which."""


@dataclass(slots=True)
class Pseudonyms:
    """One recording's replacements. The n-th id becomes a number that ends in n."""

    _digits: dict[str, str] = field(default_factory=dict)
    _words: dict[str, str] = field(default_factory=dict)
    _from: tuple[float, float] | None = None

    def digits(self, text: str) -> str:
        """Return another number of the same length: zeros, and a count at the end."""
        if text not in self._digits:
            taken = {text, *self._digits.values()}
            numbers = (str(n)[-len(text) :].rjust(len(text), "0") for n in range(1, 100_000))
            self._digits[text] = next(n for n in numbers if n not in taken)
        return self._digits[text]

    def word(self, text: str) -> str:
        """Return another name: `recorded-1`."""
        return self._words.setdefault(text, f"recorded-{len(self._words) + 1}")

    def place(self, lat: float, lon: float) -> tuple[float, float]:
        """Return another place: the first one is in the open sea, and steps from it stay as long
        as they were in degrees, kept within what a position can be."""
        if self._from is None:
            self._from = (lat, lon)
        moved = (_MOVED_TO[0] + (lat - self._from[0]), _MOVED_TO[1] + (lon - self._from[1]))
        return max(-90.0, min(90.0, moved[0])), (moved[1] + 180) % 360 - 180

    @property
    def replaced(self) -> frozenset[str]:
        """Everything that has been replaced and may stand nowhere any more."""
        return frozenset({*self._digits, *self._words})


@dataclass(frozen=True, slots=True)
class Anonymised:
    """What a stretch of a device's stream becomes."""

    payloads: tuple["Payload", ...]
    """One for each frame; frames that carry nothing to be heard again are left out."""
    rest: bytes = b""
    """The beginning of a frame whose end has not come."""


Anonymise = Callable[["Payload", Pseudonyms], Anonymised]


def with_octets(payload: "Payload", octets: bytes) -> "Payload":
    """Return the payload with other octets."""
    return replace(payload, octets=octets)
