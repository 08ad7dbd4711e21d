"""One message read outside a subscription, for `varde decode owntracks`."""

from adapters.decoded import Decoded
from adapters.owntracks.config import OwntracksConfig
from adapters.owntracks.session import OwntracksSession
from adapters.undecodable import first_error
from routing.instant import Instant


def decode(
    payload: bytes, at: Instant, *, topic: str, retained: bool = False, check_clock: bool = True
) -> Decoded:
    """Read one message; its topic begins with the base topic, then user and device."""
    config = OwntracksConfig(
        id="decode",
        base_topic=topic.split("/", 1)[0],
        clock_tolerance_s=600 if check_clock else None,
    )
    events = tuple(OwntracksSession(config).message(topic, payload, retained, at))
    return Decoded(events, reply=None, binary=False, error=first_error(events))
