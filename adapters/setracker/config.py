"""Configuration of a SeTracker listener."""

from typing import Literal

from adapters.tracker import TrackerListener


class SetrackerConfig(TrackerListener):
    """A TCP listener for SeTracker watches; the hub adds where it binds."""

    protocol: Literal["setracker"] = "setracker"
