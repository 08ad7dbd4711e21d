"""Every protocol that Varde hears. A new one is added here and nowhere else."""

from collections.abc import Mapping

from adapters import ev07b, generic, gt06, scaip, sia_dc09, teltonika, webhook, zigbee2mqtt
from adapters.protocol import Protocol

_ALL: tuple[Protocol, ...] = (
    scaip.PROTOCOL,
    sia_dc09.PROTOCOL,
    ev07b.PROTOCOL,
    gt06.PROTOCOL,
    teltonika.PROTOCOL,
    zigbee2mqtt.PROTOCOL,
    webhook.PROTOCOL,
    generic.PROTOCOL,
)

PROTOCOLS: Mapping[str, Protocol] = {protocol.name: protocol for protocol in _ALL}
"""By name."""
