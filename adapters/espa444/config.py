"""Configuration of an ESPA 4.4.4 listener."""

from typing import Literal

from pydantic import Field

from adapters.espa444.charset import Charset
from adapters.nursecall import NurseCallListener

Address = Field(min_length=1, max_length=2, pattern=r"^[0-9]+$")


class Espa444Config(NurseCallListener):
    """A line from a nurse-call system; the hub adds where it is (TCP address or serial port)."""

    protocol: Literal["espa444"] = "espa444"
    control: str = Field(default="1", pattern=r"^[0-9]{1,2}$")
    """The address of the control station."""
    station: str = Field(default="2", pattern=r"^[0-9]{1,2}$")
    """Our address."""
    charset: Charset = Charset.LATIN_1
    strip_parity: bool = False
    """True where a converter passes the parity bit on as the eighth bit (7E2 over TCP)."""
    room_in_text: str | None = Field(default=None, max_length=200)
    """A word before the room in the text (`Room` finds 12 in `Call Room 12 Bed 1`), for systems
    whose address is a group of pagers. Where it is not found, the address is the room."""
    answer_within_s: int = Field(default=14, ge=1, le=15)
    """After this long without a durable event the block is refused (NAK), and comes again."""
    status_back: bool = False
    """Whether the control station is told, when it polls us, that a call is accepted or over."""
