"""Process settings: addresses, folders, the broker. Apart from the municipality file, because they
differ from machine to machine and never enter the journal. Every default is safe (loopback only).

Relative paths start from the working directory. Secrets are never settings: see `hub.secrets`.
"""

from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)
from pydantic_core import PydanticCustomError

from adapters.protocol import Wire
from adapters.protocols import PROTOCOLS
from hub.configuration.load import Loaded, load
from hub.configuration.problem import Problem
from hub.configuration.scalars import Id, bad
from hub.configuration.structure import parse
from hub.kept_frames.model import Limits
from hub.kept_frames.store import path_beside
from hub.settings_channels import (
    GatewaySettings,
    ItNoticeSettings,
    NtfySettings,
    OrderSettings,
    check_order,
    in_use,
)
from hub.settings_pages import MapSettings, ReadsSettings
from hub.settings_sign_in import OidcSettings
from routing.instant import DAY


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


Email = Annotated[str, StringConstraints(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$", max_length=200)]

HostName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+(\.[a-z0-9-]+)+$", max_length=253)]
"""In small letters, without scheme and port."""


class WebSettings(Part):
    bind: HostPort = "127.0.0.1:8080"
    public_url: str | None = None
    """What phones call the pages; the address bound to when nothing is said."""
    frame_ancestors: tuple[str, ...] = ()
    """Origins that may show the pages in a frame; none by default."""
    accessibility_contact: Annotated[str, StringConstraints(max_length=200)] = ""
    """Whom to tell of barriers, shown at /accessibility: email, or words and a number."""
    accessibility_statement: (
        Annotated[str, StringConstraints(pattern=r"^https://[^\s]+$", max_length=500)] | None
    ) = None
    """Address of the municipality's own statement at uustatus.no."""
    push_contact: Email | None = None
    """Email address at which the people of a push service reach IT here; Apple's demands one. The
    public https address is named where nothing is said."""
    push_services: tuple[HostName, ...] = ()
    """Hosts (and those below them) to which phones' notifications may be posted; every public host
    when nothing is said."""
    trusted_proxies: tuple[str, ...] = ()
    """Addresses of reverse proxies whose X-Forwarded-For is believed; none by default. Behind a
    proxy that is not named here all phones share one address, and so its limit of wrong codes."""


class HttpSettings(Part):
    """Where devices and their makers' clouds call `/webhook/<listener>`."""

    bind: HostPort = "127.0.0.1:8081"


BrokerUrl = Annotated[
    str, StringConstraints(pattern=r"^mqtts?://(\[[0-9a-fA-F:]+\]|[^/@:\s\[\]]+)(:[0-9]{1,5})?$")
]


class OwnBrokerSettings(Part):
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


class SerialSettings(Part):
    """A serial port of this machine, and how the line is set."""

    port: str = Field(min_length=1, max_length=200)
    """Its device file; `/dev/serial/by-id/...` stays the same when adapters are moved about."""
    baud: Literal[1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200] = 9600
    bits: Literal[7, 8] = 8
    parity: Literal["none", "even", "odd"] = "none"
    stop_bits: Literal[1, 2] = 1


class ListenSettings(Part):
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


def _usual(protocol: str) -> ListenSettings:
    """Return where a listener binds about which nothing is said: the usual ports, on loopback."""
    wire = PROTOCOLS.get(protocol)
    if not isinstance(wire, Wire):
        return ListenSettings()
    ports = {"udp": wire.udp, "tcp": wire.tcp, "tls": wire.tls}
    usual = {name: None if port is None else f"127.0.0.1:{port}" for name, port in ports.items()}
    return ListenSettings().model_copy(update=usual)


class JournalSettings(Part):
    """How long the journal keeps facts. Older ones are in history only."""

    keep_days: int = Field(default=90, ge=1, le=36_500)
    """Days that a fact stays at least; alarms are told from history after that."""


class KeptSettings(Part):
    """How much is kept of what unknown devices say, and of frames that nobody could read, in each
    municipality. They are personal data: no longer than it takes to assign a device."""

    keep_days: int = Field(default=30, ge=1, le=366)
    frames: int = Field(default=5_000, ge=10, le=1_000_000)
    octets: int = Field(default=16 * 1024 * 1024, ge=65_536)

    @property
    def limits(self) -> Limits:
        """As the file of kept frames takes them."""
        return Limits(frames=self.frames, octets=self.octets, keep=self.keep_days * DAY)


class HomeAssistantSettings(Part):
    """The hub's own entities in a Home Assistant that reads the devices' broker."""

    enabled: bool = True
    """False removes what was published before."""
    prefix: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")] = "homeassistant"
    """Home Assistant's discovery prefix."""
    devices: tuple[str, ...] | Literal["all"] = ()
    """Ids of the devices whose battery and connection are shown there; none by default."""


class Settings(Part):
    """All settings of the processes of one machine."""

    state_dir: Path = Path("varde-state")
    broker: BrokerSettings = BrokerSettings(embedded="auto")
    devices_broker: BrokerSettings | None = None
    """Where Zigbee2MQTT and other MQTT devices publish; the hub's own broker otherwise."""
    web: WebSettings = WebSettings()
    http: HttpSettings = HttpSettings()
    listeners: dict[str, ListenSettings] = {}
    journal: JournalSettings = JournalSettings()
    kept: KeptSettings = KeptSettings()
    reads: ReadsSettings = ReadsSettings()
    map: MapSettings = MapSettings()
    oidc: OidcSettings | None = None
    """The municipality's own login; not there unless it is said."""
    home_assistant: HomeAssistantSettings | None = None
    """Not there unless it is said."""
    gateways: dict[Id, GatewaySettings] = {}
    """SMS and voice gateways by id."""
    use_gateways: OrderSettings = OrderSettings()
    """Which of them serve; all where nothing is said, in the order in which they stand."""
    sms_home_code: bool = False
    """Whether an SMS says the resident's id, by which a phone without data finds the stored home.
    Only where ids say nothing of who somebody is."""
    ntfy: NtfySettings | None = None
    it_notices: ItNoticeSettings | None = None
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    drain_s: float = Field(default=5, gt=0, le=60)
    """How long each process may take to end in order before it is killed."""

    @model_validator(mode="after")
    def _gateways_known(self) -> Self:
        check_order(self.gateways, self.use_gateways)
        return self

    def gateways_of(self, kind: Literal["sms", "voice"]) -> dict[str, GatewaySettings]:
        """Return the gateways that serve a kind, the first one first."""
        ids = in_use(self.gateways, self.use_gateways, kind)
        return {id: self.gateways[id] for id in ids}

    def journal_path(self, municipality: str) -> Path:
        """Return where the municipality's journal is."""
        return self.state_dir / f"{municipality}{JOURNAL_SUFFIX}"

    def history_path(self, municipality: str) -> Path:
        """Return where the municipality's history is."""
        return self.state_dir / f"{municipality}{HISTORY_SUFFIX}"

    def kept_path(self, municipality: str) -> Path:
        """Return where the municipality's kept frames are."""
        return path_beside(self.state_dir, municipality)

    def reads_path(self, municipality: str) -> Path:
        """Return where the municipality's access log is."""
        return self.state_dir / f"{municipality}{READS_SUFFIX}"

    @property
    def tiles_path(self) -> Path:
        """The file of map tiles; they are the same for every municipality."""
        return self.state_dir / "tiles.sqlite"

    @property
    def run_path(self) -> Path:
        """The file that says where a running hub's parts are."""
        return self.state_dir / "run.json"

    def listen(self, listener: str, protocol: str) -> ListenSettings:
        """Return where a listener binds; the protocol's usual addresses when nothing is said."""
        usual = _usual(protocol)
        said = self.listeners.get(listener, ListenSettings())
        if any(one is not None for one in (said.udp, said.tcp, said.tls, said.serial)):
            return said
        tls = None if said.certificate is None else usual.tls
        return said.model_copy(update={"udp": usual.udp, "tcp": usual.tcp, "tls": tls})


JOURNAL_SUFFIX = ".journal.sqlite"
HISTORY_SUFFIX = ".history.sqlite"
READS_SUFFIX = ".reads.sqlite"


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
