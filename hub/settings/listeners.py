"""Settings of where devices call: addresses, serial lines, TLS, and how many connections."""

from pathlib import Path
from typing import Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from adapters.protocol import Wire
from adapters.protocols import PROTOCOLS
from hub.configuration.entry import Entry
from hub.settings.address import HostPort
from hub.settings.brokers import OwnBrokerSettings


class SerialSettings(Entry):
    """A serial port of this machine, and how the line is set."""

    port: str = Field(min_length=1, max_length=200)
    """Its device file; `/dev/serial/by-id/...` stays the same when adapters are moved about."""
    baud: Literal[1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200] = 9600
    bits: Literal[7, 8] = 8
    parity: Literal["none", "even", "odd"] = "none"
    stop_bits: Literal[1, 2] = 1


class ListenSettings(Entry):
    """Where one listener binds, and how many connections it holds over TCP and TLS together."""

    udp: HostPort | None = None
    tcp: HostPort | None = None
    tls: HostPort | None = None
    certificate: Path | None = None
    """PEM file of the chain that TLS shows, its own certificate first; read anew when it changes.
    The usual TLS port is bound where this is said and no address at all."""
    key: Path | None = None
    """PEM file of its key, without a passphrase."""
    client_ca: Path | None = None
    """PEM file of who signs the devices' certificates: with it, nobody else is heard over TLS."""
    serial: SerialSettings | None = None
    """Of a protocol that comes over a serial line too."""
    broker: OwnBrokerSettings | None = None
    """Of an MQTT protocol: where its devices publish, if not on the devices' broker."""
    connections: int = Field(default=1000, ge=1, le=100_000)
    """At this many, the connection that was silent for longest makes room for a new one."""
    connections_per_host: int = Field(default=200, ge=1, le=100_000)
    """The same for one remote address; as many as there are devices behind one gateway or NAT."""

    @model_validator(mode="after")
    def _whole(self) -> Self:
        said = (self.certificate is not None, self.key is not None)
        needed = self.tls is not None or self.client_ca is not None or any(said)
        if needed and not all(said):
            raise PydanticCustomError("bad_tls", "TLS needs certificate and key")
        return self


def usual_addresses(protocol: str) -> ListenSettings:
    """Return where a listener binds about which nothing is said: the usual ports, on loopback."""
    wire = PROTOCOLS.get(protocol)
    if not isinstance(wire, Wire):
        return ListenSettings()
    ports = {"udp": wire.udp, "tcp": wire.tcp, "tls": wire.tls}
    usual = {name: None if port is None else f"127.0.0.1:{port}" for name, port in ports.items()}
    return ListenSettings().model_copy(update=usual)
