"""Generic MQTT without the home: only what the mapping reads is kept, ids in topic and payload
replaced."""

from dataclasses import replace

from adapters.anonymous import Anonymised, NotAnonymous, Pseudonyms
from adapters.generic.config import TopicMapping
from adapters.generic.decode import CONTACT_EXAMPLE
from adapters.generic.pattern import DEVICE, match
from adapters.protocol import Payload
from adapters.pruned import pruned


def anonymise(payload: Payload, names: Pseudonyms) -> Anonymised:
    """Return the message by the payload's mapping, the example's without one; nothing for a topic
    that does not fit. NotAnonymous as `pruned` says."""
    read = payload.mapping or CONTACT_EXAMPLE
    if not isinstance(read, TopicMapping):
        raise NotAnonymous("a message whose mapping is not known")
    if match(read.topic, payload.topic) is None:
        return Anonymised(())
    topic = _topic(read.topic, payload.topic, names)
    octets = pruned(read.mapping, payload.octets, names) if payload.octets else b""
    return Anonymised((replace(payload, topic=topic, octets=octets),))


def _topic(pattern: str, topic: str, names: Pseudonyms) -> str:
    """Return the parts that the pattern says, and another name for each that it leaves open."""
    pairs = zip(pattern.split("/"), topic.split("/"), strict=False)
    parts = (names.word(part) if wanted in (DEVICE, "+") else part for wanted, part in pairs)
    return "/".join(parts) if not pattern.endswith("#") else _short(pattern, topic, names)


def _short(pattern: str, topic: str, names: Pseudonyms) -> str:
    """Return the topic without what a last `#` covers, which `#` covers too."""
    wanted = pattern.removesuffix("#").rstrip("/")
    size = len(wanted.split("/")) if wanted else 0
    if not size:
        return names.word(topic)
    return _topic(wanted, "/".join(topic.split("/")[:size]), names)
