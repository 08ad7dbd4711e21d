"""Configuration that every tracker listener has."""

from pydantic import Field

from adapters.listener import Listener


class ClockListener(Listener):
    """A listener for devices that tell the time, whatever carries it."""

    clock_tolerance_s: int | None = Field(default=600, ge=1)
    """A device clock further off than this is a fault of its own; null never compares."""


class TrackerListener(ClockListener):
    """A TCP listener for trackers; the hub adds where it binds."""

    answer_within_s: int = Field(default=30, ge=1, le=600)
    """A confirmation later than this is not passed on: the device has sent again by then."""
