"""Home Assistant's part of the web process, from the settings."""

import os
from collections.abc import Callable, Mapping

from hub.homeassistant.part import HomeAssistant, Known
from hub.mqtt.client import Login
from hub.processes.logins import client_id, login_for
from hub.processes.ready import read_run
from hub.secrets import Secrets
from hub.settings.whole import Settings


def home_assistant(
    settings: Settings,
    municipality: str,
    known: Known,
    broker: tuple[str, int],
    reaches_hub: Callable[[], bool],
) -> HomeAssistant | None:
    """Return the part, None where the settings do not ask for it. It speaks with the devices'
    broker; `broker` is the hub's, which is the devices' too unless another one is named."""
    said = settings.home_assistant
    if said is None:
        return None
    secrets = Secrets(settings.state_dir)
    own = settings.devices_broker
    where = broker if own is None or own.url is None else own.host_and_port
    login = Login(*where, *(login_for(settings, secrets, "devices") or ()))

    def health() -> Mapping[str, bool]:
        return {"broker": reaches_hub(), **_adapters(settings)}

    name = f"{client_id(secrets, municipality)}-home-assistant"
    return HomeAssistant(said, municipality, known, health, login=login, client_id=name)


def _adapters(settings: Settings) -> Mapping[str, bool]:
    """Whether the adapters run; nothing where they do not run beside us under `varde run`."""
    run = read_run(settings.run_path)
    pid = None if run is None else run.pids.get("adapters")
    if pid is None:
        return {}
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return {"adapters": False}
    except PermissionError:
        return {"adapters": True}
    return {"adapters": True}
