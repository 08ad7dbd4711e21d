"""Zigbee2MQTT, as it is registered."""

from adapters.protocol import Topic
from adapters.zigbee2mqtt.anonymise import anonymise
from adapters.zigbee2mqtt.config import Zigbee2mqttConfig
from adapters.zigbee2mqtt.decode import decode
from adapters.zigbee2mqtt.session import Zigbee2mqttSession

PROTOCOL = Topic(
    Zigbee2mqttConfig,
    lambda given: decode(given.octets, given.at, topic=given.topic, retained=given.retained),
    lambda config, _site: Zigbee2mqttSession(config),
    lambda config: [f"{config.base_topic}/#"],
    told=True,
    anonymise=anonymise,
)
