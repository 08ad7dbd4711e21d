"""Cutting the octets of a line into enquiries, blocks and ends.

    address ENQ   ->  Enquiry       SOH ... ETX BCC  ->  Framed       EOT  ->  End

SOH, ENQ and EOT never stand inside a block, so that each of them begins anew whatever noise came
before: nothing is held up by a block that never ends. BCC is the exclusive or of everything after
SOH up to ETX; it may be any octet.
"""

from dataclasses import dataclass
from functools import reduce
from operator import xor

SOH, STX, ETX, EOT, ENQ, ACK, NAK = 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x15
LONGEST = 1024
"""Octets of a block; the standard's texts are far shorter."""
_SILENT = frozenset((0x00, 0x0A, 0x0D, 0x20, 0x7F, 0xFF, ACK, NAK))
"""What stands between transmissions and says nothing: fillers, and answers to others."""
_MOST_NOISE = 256


@dataclass(frozen=True, slots=True)
class Enquiry:
    """Somebody is asked, or chosen."""

    address: str
    """Empty for ENQ alone."""


@dataclass(frozen=True, slots=True)
class End:
    """EOT."""


@dataclass(frozen=True, slots=True)
class Framed:
    """A block; `sound` says whether its check character is right."""

    content: bytes
    """Between SOH and ETX."""
    sound: bool
    octets: bytes


@dataclass(frozen=True, slots=True)
class Noise:
    """Octets that are nothing of this protocol, or a block that is cut."""

    octets: bytes
    reason: str
    cut: bool = False
    """True for a block whose end never came."""


Piece = Enquiry | End | Framed | Noise


def bcc(octets: bytes) -> int:
    """Return the check character of what stands after SOH, ETX included."""
    return reduce(xor, octets, 0)


class Reader:
    """One stream; it holds at most one block."""

    def __init__(self, *, strip_parity: bool = False) -> None:
        self._mask = 0x7F if strip_parity else 0xFF
        self._block: bytearray | None = None
        self._idle = bytearray()
        """Octets outside a block that are not understood yet: an address, or noise."""

    @property
    def waiting(self) -> bool:
        """True while a block is half received."""
        return self._block is not None

    def feed(self, data: bytes) -> list[Piece]:
        """Return what is complete now."""
        pieces: list[Piece] = []
        for octet in data:
            pieces += self._octet(octet & self._mask)
        return pieces

    def give_up(self) -> list[Piece]:
        """Return the block that never ended; what is left outside one says nothing."""
        if self._block is None:
            return self._noise()
        octets, self._block = bytes(self._block), None
        return [Noise(octets, f"the block is cut after {len(octets)} octets", cut=True)]

    def _octet(self, octet: int) -> list[Piece]:
        if self._block is None:
            return self._between(octet)
        if ETX in self._block[-1:]:
            self._block.append(octet)
            return [self._framed()]
        if octet in (SOH, ENQ, EOT):
            return [*self.give_up(), *self._between(octet)]
        self._block.append(octet)
        return self.give_up() if len(self._block) > LONGEST else []

    def _framed(self) -> Framed:
        octets, self._block = bytes(self._block or b""), None
        return Framed(octets[1:-2], bcc(octets[1:-1]) & self._mask == octets[-1], octets)

    def _between(self, octet: int) -> list[Piece]:
        if octet == SOH:
            noise, self._block = self._noise(), bytearray((SOH,))
            return noise
        if octet == ENQ:
            address = self._address()
            return [*self._noise(), Enquiry(address)]
        if octet == EOT:
            return [*self._noise(), End()]
        if octet in _SILENT:
            return []
        self._idle.append(octet)
        return self._noise() if len(self._idle) >= _MOST_NOISE else []

    def _address(self) -> str:
        """Take the digits that stand right before ENQ, at most two."""
        taken = b""
        while self._idle[-1:].isdigit() and len(taken) < 2:
            taken = bytes((self._idle.pop(),)) + taken
        return taken.decode("ascii")

    def _noise(self) -> list[Piece]:
        octets = bytes(self._idle)
        self._idle.clear()
        return [Noise(octets, "no ESPA 4.4.4 transmission begins here")] if octets else []
