"""Generic MQTT, as it is registered."""

from adapters.decoded import Decoded
from adapters.generic.config import GenericConfig, TopicMapping
from adapters.generic.decode import CONTACT_EXAMPLE, decode
from adapters.generic.session import GenericSession
from adapters.protocol import Payload, Topic


def _decode(given: Payload) -> Decoded:
    mapping = given.mapping or CONTACT_EXAMPLE
    return decode(
        given.octets, given.at, topic=given.topic, retained=given.retained, mapping=mapping
    )


PROTOCOL = Topic(
    GenericConfig,
    _decode,
    lambda config, _site: GenericSession(config),
    lambda config: GenericSession(config).subscriptions(),
    mapping=TopicMapping,
    subjects="mqtt",
)
