"""One message read outside a subscription, for `varde decode lorawan`."""

from collections.abc import Sequence

from adapters.decoded import Decoded
from adapters.lorawan.config import LorawanConfig, Profile, Server
from adapters.lorawan.session import LorawanSession
from adapters.undecodable import first_error
from routing.event import Event
from routing.instant import Instant

_RAW_DEVICE = "0000000000000000"


def decode(
    payload: bytes,
    at: Instant,
    *,
    topic: str,
    retained: bool = False,
    judges_age: bool = True,
) -> Decoded:
    """Read a network server's message by its topic; or the octets of a sensor themselves, where the
    topic is a profile's name (`ws301`). The message's profile is what its network server says."""
    if topic.lower() in set(Profile):
        return _decoded(_octets(Profile(topic.lower()), payload, at))
    server: Server = "things-stack" if topic.startswith("v3/") else "chirpstack"
    session = LorawanSession(LorawanConfig(id="decode", server=server), judges_age=judges_age)
    return _decoded(session.message(topic, payload, retained, at))


def _octets(profile: Profile, payload: bytes, at: Instant) -> Sequence[Event]:
    session = LorawanSession(LorawanConfig(id="decode", server="chirpstack"))
    return session.octets(_RAW_DEVICE, profile, payload, at)


def _decoded(events: Sequence[Event]) -> Decoded:
    return Decoded(tuple(events), reply=None, binary=False, error=first_error(events))
