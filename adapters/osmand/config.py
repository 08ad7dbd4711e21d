"""Configuration of an OsmAnd listener."""

from typing import Literal

from adapters.tracker import ClockListener


class OsmandConfig(ClockListener):
    """Phones that call over HTTP. The key in their address is not here: the hub makes it, or reads
    it from where secrets are."""

    protocol: Literal["osmand"] = "osmand"
