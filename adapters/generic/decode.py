"""One message read outside a subscription, for `varde decode generic`."""

from adapters.decoded import Decoded
from adapters.generic.config import GenericConfig, TopicMapping
from adapters.generic.pattern import match
from adapters.generic.session import GenericSession
from adapters.mapping import Mapping
from adapters.undecodable import first_error
from routing.instant import Instant
from routing.kinds import Kind

CONTACT_EXAMPLE = TopicMapping(
    topic="care/{device}/state",
    says="level",
    mapping=Mapping(
        kind_from="state",
        kinds={"open": Kind.DOOR_OPENED, "closed": Kind.DOOR_CLOSED, "help": Kind.HELP_PRESSED},
        time="time",
        battery="battery",
    ),
)
"""A made-up sensor, for the documentation and for `varde decode generic` without a mapping."""


def decode(
    payload: bytes,
    at: Instant,
    *,
    topic: str,
    retained: bool = False,
    mapping: TopicMapping = CONTACT_EXAMPLE,
) -> Decoded:
    """Read one message; a topic that the pattern does not cover is an error."""
    session = GenericSession(GenericConfig(id="decode", topics=(mapping,)))
    if match(mapping.topic, topic) is None:
        fault = f"the topic {topic!r} does not fit the pattern {mapping.topic!r}"
        return Decoded((), reply=None, binary=False, error=fault)
    events = tuple(session.message(topic, payload, retained, at))
    return Decoded(events, reply=None, binary=False, error=first_error(events))
