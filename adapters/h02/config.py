"""Configuration of an H02 listener."""

from typing import Literal

from pydantic import Field

from adapters.h02.frame import LONGEST_BINARY, SHORTEST_BINARY
from adapters.tracker import TrackerListener


class H02Config(TrackerListener):
    """A TCP listener for H02 trackers; the hub adds where it binds."""

    protocol: Literal["h02"] = "h02"
    binary_octets: int = Field(default=SHORTEST_BINARY, ge=SHORTEST_BINARY, le=LONGEST_BINARY)
    """How long the binary frames (`$`) of these trackers are: they do not say it themselves."""
