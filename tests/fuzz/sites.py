"""The sessions under test, each as a listener would make it, with made-up secrets."""

from collections.abc import Mapping, Sequence
from typing import Any

from adapters.generic.decode import CONTACT_EXAMPLE
from adapters.generic_http.decode import GATEWAY_EXAMPLE
from adapters.protocol import Protocol, Site, Topic, Wire
from adapters.protocols import PROTOCOLS
from adapters.session import RequestSession, TopicSession, WireSession
from adapters.webhook.config import DISPENSER_EXAMPLE

SECRET = "a made-up secret of 32 characters"
_WANTED: Mapping[str, Sequence[Mapping[str, Any]]] = {
    "webhook": ({"mapping": DISPENSER_EXAMPLE},),
    "generic-http": ({"mapping": GATEWAY_EXAMPLE},),
    "generic": ({"topics": (CONTACT_EXAMPLE,)},),
    "lorawan": ({"server": "chirpstack"}, {"server": "things-stack"}),
    "espax": ({"require_login": False}, {}),
}
"""What a listener cannot be made without, or would let nothing past; seeds take turns."""
_SITE = Site(secret=lambda _name: SECRET, secrets=lambda _prefix: {}, connections=32)


def session_of(name: str, seed: int) -> WireSession | TopicSession | RequestSession:
    """Return a new session of the protocol of this name."""
    protocol: Protocol = PROTOCOLS[name]
    ways = _WANTED.get(name, ({},))
    config = protocol.config(id="fuzz", **ways[seed % len(ways)])
    if isinstance(protocol, Wire):
        return protocol.session(config, _SITE, {})
    if isinstance(protocol, Topic):
        return protocol.session(config, _SITE)
    return protocol.session(config, _SITE)
