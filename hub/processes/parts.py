"""What `varde run` puts together: the broker and the children of one municipality's hub."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Literal, get_args

from hub.brokers.accounts import NAMES, accounts
from hub.brokers.choose import Choice, embedded
from hub.brokers.embedded import EmbeddedBroker
from hub.configuration.listeners import ListenerEntry
from hub.processes.listeners import device_topics
from hub.processes.own_broker import has_own_broker
from hub.processes.ports import fixed
from hub.processes.ready import At
from hub.processes.supervised import Supervised
from hub.secrets import Secrets
from hub.settings.address import host_and_port
from hub.settings.whole import Settings

Part = Literal["router", "web", "adapters"]
PARTS: tuple[Part, ...] = get_args(Part)
"""In the order in which they start."""
_MODULES: dict[Part, str] = {
    "router": "hub.router.process",
    "web": "hub.web.process",
    "adapters": "hub.processes.adapters",
}


def broker(
    settings: Settings, secrets: Secrets, municipality: str, listeners: Sequence[ListenerEntry]
) -> EmbeddedBroker | None:
    """Return the embedded broker, None where the settings name another. BrokerMissing.

    ValueError when a device topic would reach into the hub's own tree.
    """
    if settings.broker.embedded is None:
        return None
    shared = [one for one in listeners if not has_own_broker(settings, one.id)]
    topics = [*device_topics(shared), *_home_assistant(settings)]
    passwords = {name: secrets.secret(f"broker-{name}") for name in NAMES}
    host, port = host_and_port(settings.broker.bind)
    return embedded(
        Choice(settings.broker.embedded),
        folder=settings.state_dir / "broker",
        accounts=accounts([municipality], passwords, topics),
        host=host,
        port=port or None,
    )


def _home_assistant(settings: Settings) -> list[str]:
    """The hub's own entities go out by the devices' account, to where Home Assistant reads."""
    said = settings.home_assistant
    return [] if said is None else [f"{said.prefix}/#"]


def children(
    settings: Settings, municipality: str, at: At, parts: Sequence[Part]
) -> list[Supervised]:
    """Return the processes. They read a settings file that holds what was decided here."""
    file = _effective(settings)
    arguments = ["--settings", str(file), "--municipality", municipality]
    arguments += ["--broker-host", at.host, "--broker-port", str(at.port)]
    return [Supervised(part, _MODULES[part], arguments) for part in PARTS if part in parts]


def _effective(settings: Settings) -> Path:
    """Write the settings with every default, absolute paths and chosen ports; JSON is YAML too."""
    path = settings.state_dir / "settings.effective.json"
    draft = path.with_suffix(f".{os.getpid()}")
    text = fixed(settings).model_dump_json(indent=2, exclude_none=True, by_alias=True)
    draft.write_text(text, "utf-8")
    draft.replace(path)
    return path
