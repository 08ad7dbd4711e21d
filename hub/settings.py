"""Process settings: addresses, folders, the broker. Apart from the municipality file, because they
differ from machine to machine and never enter the journal. Every default is safe (loopback only).

Relative paths start from the working directory. Secrets are never settings: see `hub.secrets`.
"""

from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from adapters.protocol import Wire
from adapters.protocols import PROTOCOLS
from hub.configuration.load import Loaded, load
from hub.configuration.problem import Problem
from hub.configuration.scalars import bad
from hub.configuration.structure import parse


def _address(value: object) -> str:
    host, _, port = str(value).rpartition(":")
    if not host or not port.isdecimal() or int(port) > 65535:
        raise bad("bad_address", value)
    return f"{host}:{int(port)}"


def _has_sound_port(url: str) -> bool:
    try:
        return urlsplit(url).port != 0
    except ValueError:
        return False


HostPort = Annotated[str, BeforeValidator(_address)]
"""`host:port`; port 0 lets the system choose."""


def host_and_port(address: HostPort) -> tuple[str, int]:
    """Return a checked address in its two parts, an IPv6 host without its brackets."""
    host, _, port = address.rpartition(":")
    return host.strip("[]"), int(port)


class Part(BaseModel):
    """Base of the settings: unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class BrokerSettings(Part):
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


class WebSettings(Part):
    bind: HostPort = "127.0.0.1:8080"
    public_url: str | None = None
    """What phones call the pages; the address bound to when nothing is said."""
    frame_ancestors: tuple[str, ...] = ()
    """Origins that may show the pages in a frame; none by default."""
    trusted_proxies: tuple[str, ...] = ()
    """Addresses of reverse proxies whose X-Forwarded-For is believed; none by default. Behind a
    proxy that is not named here all phones share one address, and so its limit of wrong codes."""


class HttpSettings(Part):
    """Where devices and their makers' clouds call `POST /webhook/<listener>`."""

    bind: HostPort = "127.0.0.1:8081"


class ListenSettings(Part):
    """Where one listener binds, and how many TCP connections it holds."""

    udp: HostPort | None = None
    tcp: HostPort | None = None
    connections: int = Field(default=1000, ge=1, le=100_000)
    """At this many, the connection that was silent for longest makes room for a new one."""
    connections_per_host: int = Field(default=200, ge=1, le=100_000)
    """The same for one remote address; as many as there are devices behind one gateway or NAT."""


def _usual(protocol: str) -> ListenSettings:
    """Return where a listener binds about which nothing is said: the usual ports, on loopback."""
    wire = PROTOCOLS.get(protocol)
    if not isinstance(wire, Wire):
        return ListenSettings()
    udp, tcp = (None if port is None else f"127.0.0.1:{port}" for port in (wire.udp, wire.tcp))
    return ListenSettings(udp=udp, tcp=tcp)


class Settings(Part):
    """All settings of the processes of one machine."""

    state_dir: Path = Path("varde-state")
    broker: BrokerSettings = BrokerSettings(embedded="auto")
    devices_broker: BrokerSettings | None = None
    """Where Zigbee2MQTT and other MQTT devices publish; the hub's own broker otherwise."""
    web: WebSettings = WebSettings()
    http: HttpSettings = HttpSettings()
    listeners: dict[str, ListenSettings] = {}
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    drain_s: float = Field(default=5, gt=0, le=60)
    """How long each process may take to end in order before it is killed."""

    def journal_path(self, municipality: str) -> Path:
        """Return where the municipality's journal is."""
        return self.state_dir / f"{municipality}{JOURNAL_SUFFIX}"

    @property
    def run_path(self) -> Path:
        """The file that says where a running hub's parts are."""
        return self.state_dir / "run.json"

    def listen(self, listener: str, protocol: str) -> ListenSettings:
        """Return where a listener binds; the protocol's usual addresses when nothing is said."""
        usual = _usual(protocol)
        said = self.listeners.get(listener, usual)
        if said.udp is not None or said.tcp is not None:
            return said
        return said.model_copy(update={"udp": usual.udp, "tcp": usual.tcp})


JOURNAL_SUFFIX = ".journal.sqlite"


class SettingsWrong(Exception):
    """The settings file cannot be used; its problems say why and what to do."""

    def __init__(self, name: str, problems: list[Problem], loaded: Loaded) -> None:
        super().__init__(f"{name}: the settings cannot be used")
        self.name, self.problems, self.loaded = name, problems, loaded


def parse_settings(source: str, name: str = "settings") -> Settings:
    """Read settings from YAML text; SettingsWrong tells everything that is wrong at once."""
    loaded = load(source)
    data: Any = {} if loaded.data is None else loaded.data
    settings, found = parse(Settings, data, ())
    problems = [*loaded.problems, *found]
    if problems:
        raise SettingsWrong(name, problems, loaded)
    absolute = settings.state_dir.absolute()
    checked: Settings = settings.model_copy(update={"state_dir": absolute})
    return checked


def load_settings(path: Path | None) -> Settings:
    """Read a settings file, or take every default. OSError when it cannot be read."""
    return parse_settings("" if path is None else path.read_text("utf-8"), str(path))
