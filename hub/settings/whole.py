"""All settings of one machine together, and where its files are."""

from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from hub.configuration.entry import Entry
from hub.configuration.scalars import Id
from hub.kept_frames.store import path_beside
from hub.settings.address import HostPort
from hub.settings.brokers import BrokerSettings
from hub.settings.channels import (
    GatewaySettings,
    ItNoticeSettings,
    NtfySettings,
    OrderSettings,
    check_order,
    in_use,
)
from hub.settings.listeners import ListenSettings, usual_addresses
from hub.settings.pages import MapSettings, WebSettings
from hub.settings.sign_in import OidcSettings
from hub.settings.stores import JournalSettings, KeptSettings, ReadsSettings

JOURNAL_SUFFIX = ".journal.sqlite"
HISTORY_SUFFIX = ".history.sqlite"
READS_SUFFIX = ".reads.sqlite"


class HttpSettings(Entry):
    """Where devices and their makers' clouds call `/webhook/<listener>`."""

    bind: HostPort = "127.0.0.1:8081"


class HomeAssistantSettings(Entry):
    """The hub's own entities in a Home Assistant that reads the devices' broker."""

    enabled: bool = True
    """False removes what was published before."""
    prefix: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")] = "homeassistant"
    """Home Assistant's discovery prefix."""
    devices: tuple[str, ...] | Literal["all"] = ()
    """Ids of the devices whose battery and connection are shown there; none by default."""


class Settings(Entry):
    """All settings of the processes of one machine."""

    state_dir: Path = Path("varde-state")
    broker: BrokerSettings = BrokerSettings(embedded="auto")
    devices_broker: BrokerSettings | None = None
    """Where Zigbee2MQTT and other MQTT devices publish; the hub's own broker otherwise."""
    web: WebSettings = WebSettings()
    http: HttpSettings = HttpSettings()
    listeners: dict[str, ListenSettings] = Field(default_factory=dict)
    journal: JournalSettings = JournalSettings()
    kept: KeptSettings = KeptSettings()
    reads: ReadsSettings = ReadsSettings()
    map: MapSettings = MapSettings()
    oidc: OidcSettings | None = None
    """The municipality's own login; not there unless it is said."""
    home_assistant: HomeAssistantSettings | None = None
    """Not there unless it is said."""
    gateways: dict[Id, GatewaySettings] = Field(default_factory=dict)
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
        usual = usual_addresses(protocol)
        said = self.listeners.get(listener, ListenSettings())
        if any(one is not None for one in (said.udp, said.tcp, said.tls, said.serial)):
            return said
        tls = None if said.certificate is None else usual.tls
        return said.model_copy(update={"udp": usual.udp, "tcp": usual.tcp, "tls": tls})
