"""Every protocol that Varde hears. A new one is added here and nowhere else."""

from collections.abc import Mapping

from adapters import (
    espa444,
    espax,
    ev07b,
    generic,
    generic_http,
    gt06,
    h02,
    lorawan,
    nuki,
    osmand,
    owntracks,
    scaip,
    setracker,
    sia_dc09,
    teltonika,
    webhook,
    zigbee2mqtt,
)
from adapters.protocol import Protocol

_ALL: tuple[Protocol, ...] = (
    scaip.PROTOCOL,
    sia_dc09.PROTOCOL,
    espa444.PROTOCOL,
    espax.PROTOCOL,
    ev07b.PROTOCOL,
    gt06.PROTOCOL,
    teltonika.PROTOCOL,
    setracker.PROTOCOL,
    h02.PROTOCOL,
    osmand.PROTOCOL,
    owntracks.PROTOCOL,
    zigbee2mqtt.PROTOCOL,
    lorawan.PROTOCOL,
    nuki.PROTOCOL,
    webhook.PROTOCOL,
    generic.PROTOCOL,
    generic_http.PROTOCOL,
)

PROTOCOLS: Mapping[str, Protocol] = {protocol.name: protocol for protocol in _ALL}
"""By name."""
