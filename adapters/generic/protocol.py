"""Generic MQTT, as it is registered."""

from collections.abc import Sequence

from adapters.decoded import Decoded
from adapters.explained import explain
from adapters.generic.anonymise import anonymise
from adapters.generic.config import GenericConfig, TopicMapping
from adapters.generic.decode import CONTACT_EXAMPLE, decode
from adapters.generic.pattern import match
from adapters.generic.session import GenericSession
from adapters.protocol import Payload, Topic


def _decode(given: Payload) -> Decoded:
    mapping = given.mapping or CONTACT_EXAMPLE
    return decode(
        given.octets, given.at, topic=given.topic, retained=given.retained, mapping=mapping
    )


def _explain(given: Payload) -> Sequence[str]:
    topic = given.mapping or CONTACT_EXAMPLE
    named = match(topic.topic, given.topic)
    if named is None:
        return [f"the topic {given.topic!r} does not fit {topic.topic!r}: nothing is read"]
    device = named.get("device")
    found = [f"the topic fits {topic.topic!r}" + (f": device {device!r}" if device else "")]
    return [*found, *explain(topic.mapping, given.octets)]


PROTOCOL = Topic(
    GenericConfig,
    _decode,
    lambda config, _site: GenericSession(config),
    lambda config: GenericSession(config).subscriptions(),
    mapping=TopicMapping,
    explain=_explain,
    subjects="mqtt",
    anonymise=anonymise,
)
