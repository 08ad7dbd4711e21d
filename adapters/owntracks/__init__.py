"""Phones with the OwnTracks app, and trackers that qtripp translates, over MQTT.

Sources: the OwnTracks booklet (owntracks/booklet, docs/tech/json.md) and traccar's OwnTracks
decoder (Apache-2.0; facts only).
"""

from adapters.owntracks.config import OwntracksConfig
from adapters.owntracks.decode import decode
from adapters.owntracks.protocol import PROTOCOL
from adapters.owntracks.session import OwntracksSession

__all__ = ["PROTOCOL", "OwntracksConfig", "OwntracksSession", "decode"]
