"""Who a process is to the broker."""

from typing import Literal, NamedTuple

from hub.secrets import Secrets
from hub.settings import BrokerSettings, Settings

Role = Literal["hub", "adapters", "web", "devices"]


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
