"""Settings of MQTT brokers: the hub's, and those of single listeners."""

from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from hub.configuration.entry import Entry
from hub.settings.address import HostPort


def _has_sound_port(url: str) -> bool:
    try:
        return urlsplit(url).port != 0
    except ValueError:
        return False


class BrokerSettings(Entry):
    """An embedded broker, or the URL of one that others run."""

    embedded: Literal["auto", "nats", "mosquitto"] | None = None
    bind: HostPort = "127.0.0.1:0"
    """Where the embedded broker listens; port 0 takes a free one."""
    url: str | None = None
    """`mqtt://host:port`"""
    username: str | None = None
    password_file: Path | None = None

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if (self.embedded is None) == (self.url is None):
            raise PydanticCustomError("bad_broker", "either embedded or url")
        if self.url is not None:
            parts = urlsplit(self.url)
            if parts.scheme != "mqtt" or not parts.hostname or not _has_sound_port(self.url):
                raise PydanticCustomError("bad_broker", "either embedded or url")
        return self

    @property
    def host_and_port(self) -> tuple[str, int]:
        """Where the broker of `url` is; 1883 where the URL names no port."""
        parts = urlsplit(str(self.url))
        return str(parts.hostname), parts.port or 1883


BrokerUrl = Annotated[
    str, StringConstraints(pattern=r"^mqtts?://(\[[0-9a-fA-F:]+\]|[^/@:\s\[\]]+)(:[0-9]{1,5})?$")
]


class OwnBrokerSettings(Entry):
    """A broker of one listener's own: a network server's cloud, a gateway in another network. Its
    password is the secret `mqtt-<listener>`."""

    url: BrokerUrl
    """`mqtts://host:port` by TLS, 8883 where no port is named; `mqtt://` without, 1883."""
    username: str | None = None
    ca_file: Path | None = None
    """PEM file of who signs the broker's certificate; the system's own list otherwise."""

    @property
    def tls(self) -> bool:
        return urlsplit(self.url).scheme == "mqtts"

    @property
    def host_and_port(self) -> tuple[str, int]:
        """Where it is."""
        parts = urlsplit(self.url)
        return str(parts.hostname), parts.port or (8883 if self.tls else 1883)
