"""Protocols that say their devices can be told something have sessions that can, and no others."""

import pytest

from adapters.protocol import Request, Site, Wire
from adapters.protocols import PROTOCOLS
from adapters.session import ToldTopics, ToldWire

SITE = Site(lambda name: "only-for-this-test", lambda name: {})
PLAIN = [
    name
    for name, protocol in PROTOCOLS.items()
    if not isinstance(protocol, Request)
    and not any(f.is_required() for n, f in protocol.config.model_fields.items() if n != "id")
]


@pytest.mark.parametrize("name", PLAIN)
def test_the_flag_is_what_the_session_can(name: str) -> None:
    protocol = PROTOCOLS[name]
    config = protocol.config.model_validate({"id": "one"})
    if isinstance(protocol, Wire):
        told = isinstance(protocol.session(config, SITE, {}), ToldWire)
    else:
        assert not isinstance(protocol, Request)
        told = isinstance(protocol.session(config, SITE), ToldTopics)
    assert protocol.told == told


def test_locks_are_among_them() -> None:
    assert {"nuki", "zigbee2mqtt"} <= set(PLAIN)
    assert PROTOCOLS["nuki"].told
