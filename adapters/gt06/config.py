"""Configuration of a GT06 listener."""

from typing import Literal

from adapters.tracker import TrackerListener


class Gt06Config(TrackerListener):
    """A TCP listener for GT06 trackers (Concox, Jimi and many others); the hub adds where."""

    protocol: Literal["gt06"] = "gt06"
