"""Phones that report by the OsmAnd protocol: HTTP with fields or JSON, as the Traccar client does.

Sources: traccar's OsmAnd decoder and its tests, and the Traccar client (both Apache-2.0; facts
only).
"""

from adapters.osmand.config import OsmandConfig
from adapters.osmand.decode import decode
from adapters.osmand.protocol import PROTOCOL
from adapters.osmand.session import OsmandSession

__all__ = ["PROTOCOL", "OsmandConfig", "OsmandSession", "decode"]
