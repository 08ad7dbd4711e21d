"""Nuki by MQTT, as it is registered."""

from adapters.nuki.anonymise import anonymise
from adapters.nuki.config import NukiConfig
from adapters.nuki.decode import decode
from adapters.nuki.session import NukiSession
from adapters.protocol import Topic

PROTOCOL = Topic(
    NukiConfig,
    lambda given: decode(given.octets, given.at, topic=given.topic, retained=given.retained),
    lambda config, _site: NukiSession(config),
    lambda config: [f"{config.base_topic}/#"],
    told=True,
    anonymise=anonymise,
)
