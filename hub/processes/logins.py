"""Who a process is to the broker."""

from typing import Literal, NamedTuple

from hub.secrets import Secrets
from hub.settings.brokers import BrokerSettings
from hub.settings.whole import Settings
from routing.event import derive_id

Role = Literal["hub", "adapters", "web", "tap", "devices"]


class Login(NamedTuple):
    """A broker user and the password."""

    username: str
    password: str


def login_for(settings: Settings, secrets: Secrets, role: Role) -> Login | None:
    """Return the role's login: of the embedded broker its own, of another what the settings say."""
    broker = settings.broker
    if role == "devices" and settings.devices_broker is not None:
        broker = settings.devices_broker
    if broker.url is not None:
        return _given(broker)
    return Login(role, secrets.secret(f"broker-{role}"))


def _given(broker: BrokerSettings) -> Login | None:
    if broker.username is None:
        return None
    file = broker.password_file
    password = "" if file is None else file.read_text("utf-8").strip("\r\n")
    return Login(broker.username, password)


def client_id(secrets: Secrets, municipality: str) -> str:
    """Return what the names of the municipality's broker clients begin with. A broker cuts off the
    earlier of two clients with one name, so the name holds a secret: no account that may connect
    at all (a gateway's, say) can take the hub's session by guessing it."""
    return f"varde-{municipality}-{derive_id(secrets.secret('client-ids'), municipality)[:12]}"
