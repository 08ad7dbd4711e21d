"""Configuration of an EV-07B listener."""

from typing import Literal

from pydantic import Field

from adapters.listener import Listener


class Ev07bConfig(Listener):
    """A TCP listener for EV-07B pendants; the hub adds where it binds."""

    protocol: Literal["ev07b"] = "ev07b"
    clock_tolerance_s: int | None = Field(default=600, ge=1)
    """A device clock further off than this is a fault of its own; null never compares."""
    answer_within_s: int = Field(default=30, ge=1, le=600)
    """A confirmation later than this is not passed on: the device has sent again by then."""
