"""One message read outside a subscription, for `varde decode nuki`."""

from adapters.decoded import Decoded
from adapters.nuki.config import NukiConfig
from adapters.nuki.session import NukiSession
from adapters.undecodable import first_error
from routing.instant import Instant


def decode(payload: bytes, at: Instant, *, topic: str, retained: bool = False) -> Decoded:
    """Read one message; the base is what stands before the lock's id in `topic`."""
    base = topic.rsplit("/", 2)[0] if topic.count("/") > 1 else topic.split("/", 1)[0]
    session = NukiSession(NukiConfig(id="decode", base_topic=base))
    events = tuple(session.message(topic, payload, retained, at))
    return Decoded(events, reply=None, binary=False, error=first_error(events))
