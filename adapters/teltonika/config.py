"""Configuration of a Teltonika listener."""

from typing import Literal

from adapters.tracker import TrackerListener


class TeltonikaConfig(TrackerListener):
    """A TCP listener for Teltonika trackers; the hub adds where it binds."""

    protocol: Literal["teltonika"] = "teltonika"
