"""Configuration of an EV-07B listener."""

from typing import Literal

from adapters.tracker import TrackerListener


class Ev07bConfig(TrackerListener):
    """A TCP listener for EV-07B pendants; the hub adds where it binds."""

    protocol: Literal["ev07b"] = "ev07b"
