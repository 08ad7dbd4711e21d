"""What a message of a network server says, whichever server it was."""

from dataclasses import dataclass

from routing.event import Position
from routing.instant import Instant


@dataclass(frozen=True, slots=True)
class Uplink:
    """Octets of a device."""

    device: str
    key: str | None
    """Tells this transmission from every other one of the device; None where nothing does."""
    payload: bytes
    port: int
    """0 when the device had nothing to say but that it is there."""
    sent_at: Instant | None
    """When the network server received it."""
    quality: float | None
    """The strongest gateway's RSSI in dBm."""
    hints: tuple[str, ...]
    """Names by which the server may tell the device's profile, the surest first."""


@dataclass(frozen=True, slots=True)
class Spoke:
    """The device spoke with the network, not with us: it joined, or reported on itself."""

    device: str
    key: str | None
    joined: bool = False
    battery_pct: float | None = None
    position: Position | None = None


@dataclass(frozen=True, slots=True)
class Trouble:
    """The network server found something wrong. No sign of life: anybody can send a wrong frame."""

    device: str
    code: str
    note: str
    is_known: bool


@dataclass(frozen=True, slots=True)
class Gateway:
    """A gateway came or went."""

    gateway: str
    online: bool


@dataclass(frozen=True, slots=True)
class Unreadable:
    """The message is none of this server's."""

    device: str | None
    fault: str


Heard = Uplink | Spoke | Trouble | Gateway | Unreadable
