"""Mosquitto as MQTT broker, where it is on the PATH. See mosquitto.conf(5), mosquitto_passwd(1).

It acknowledges before it saves, and saves all it holds each time. Saving after every change
(`autosave_on_changes true`) therefore costs the more the longer its queue is, and a kill -9 still
takes the last acknowledged message; so it saves by the clock. Devices are answered after the hub's
own commit and adapters publish again what was not confirmed, so that a broker's loss is none of
ours (docs/decisions/0009-broker-saves-by-the-clock.md).
"""

import base64
import hashlib
import os
import secrets
import shutil
from collections.abc import Sequence
from pathlib import Path

from hub.brokers.files import write_private
from hub.brokers.port import MAX_INFLIGHT, Account, BrokerMissing, Endpoint

# Debian puts servers where an ordinary user's PATH does not look.
_PATH = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"))
_ITERATIONS = 101
"""mosquitto_passwd's own; passwords here are random and long, so guessing is hopeless anyway."""

_SAVE_EVERY_S = 5
_NO_LIMIT = 1_000_000_000
"""0 means none too, but then 2.0.11 cuts off whoever publishes what its access list refuses."""


class Mosquitto:
    """The mosquitto program; BrokerMissing when it is nowhere."""

    name = "mosquitto"

    def __init__(self) -> None:
        found = shutil.which("mosquitto", path=_PATH)
        if found is None:
            raise BrokerMissing(
                "mosquitto is missing: apt-get install mosquitto (or choose the broker `nats`)"
            )
        self._binary = found

    def prepare(
        self, folder: Path, endpoint: Endpoint, accounts: Sequence[Account]
    ) -> Sequence[str]:
        config = folder / "mosquitto.conf"
        write_private(folder / "passwords", "".join(map(_password_line, accounts)))
        write_private(folder / "access", "\n".join(map(_access, accounts)))
        write_private(config, _settings(folder, endpoint))
        return [self._binary, "-c", str(config)]


def _settings(folder: Path, endpoint: Endpoint) -> str:
    lines = [
        f"listener {endpoint.port} {endpoint.host}",
        "allow_anonymous false",
        f"password_file {folder / 'passwords'}",
        f"acl_file {folder / 'access'}",
        "persistence true",
        f"persistence_location {folder}/",
        "autosave_on_changes false",
        f"autosave_interval {_SAVE_EVERY_S}",
        f"max_queued_messages {_NO_LIMIT}",
        f"max_inflight_messages {MAX_INFLIGHT}",
        "set_tcp_nodelay true",
        "log_dest stderr",
        "connection_messages false",
    ]
    if os.geteuid() == 0:
        # It would become user `mosquitto`, who may not read these files.
        lines.append("user root")
    return "\n".join(lines) + "\n"


def _password_line(account: Account) -> str:
    """`name:$7$iterations$salt$hash`, PBKDF2-HMAC-SHA512, as mosquitto_passwd writes it."""
    salt = secrets.token_bytes(12)
    digest = hashlib.pbkdf2_hmac("sha512", account.password.encode(), salt, _ITERATIONS)
    parts = (base64.b64encode(octets).decode() for octets in (salt, digest))
    return f"{account.name}:$7${_ITERATIONS}${'$'.join(parts)}\n"


def _access(account: Account) -> str:
    lines = [f"user {account.name}"]
    lines += [f"topic write {topic}" for topic in account.publish]
    lines += [f"topic read {topic}" for topic in account.subscribe]
    return "\n".join(lines) + "\n"
