"""One message read outside a subscription, for `varde decode zigbee2mqtt`."""

from adapters.decoded import Decoded
from adapters.undecodable import first_error
from adapters.zigbee2mqtt.config import Zigbee2mqttConfig
from adapters.zigbee2mqtt.session import Zigbee2mqttSession
from routing.instant import Instant


def decode(payload: bytes, at: Instant, *, topic: str, retained: bool = False) -> Decoded:
    """Read one message of a gateway whose base topic is the first part of `topic`."""
    config = Zigbee2mqttConfig(id="decode", base_topic=topic.split("/", 1)[0])
    events = tuple(Zigbee2mqttSession(config).message(topic, payload, retained, at))
    return Decoded(events, reply=None, binary=False, error=first_error(events))
