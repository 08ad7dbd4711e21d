"""Configuration of a SIA DC-09 listener."""

from typing import Literal

from pydantic import Field

from adapters.listener import Listener


class SiaDc09Config(Listener):
    """A UDP and TCP listener for alarm panels; the hub adds where it binds, and the keys."""

    protocol: Literal["sia-dc09"] = "sia-dc09"
    late_s: int | None = Field(default=40, ge=1)
    """How old the time in an encrypted frame may be (DC-09, 5.5.1.8); null never compares."""
    early_s: int = Field(default=20, ge=1)
    """How far ahead of ours it may be."""
    clock_tolerance_s: int | None = Field(default=600, ge=1)
    """The time in a plain frame, further off than this, is a fault of its own; null never."""
    answer_within_s: int = Field(default=15, ge=1, le=600)
    """A confirmation later than this is not passed on: the panel has sent again by then."""
