"""What the hub asks of an embedded broker: to start, to say where it is, to end with the hub."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

MAX_INFLIGHT = 1000
"""Messages a session may hold unacknowledged; at least as many as one commit takes together."""


class BrokerMissing(Exception):
    """The broker's program is not on this machine; the message says how to get it."""


class BrokerFailed(Exception):
    """The broker's program did not come up; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a broker listens for MQTT over TCP."""

    host: str
    port: int


@dataclass(frozen=True, slots=True)
class Account:
    """Who may connect, and the MQTT topic filters it may publish to and subscribe to."""

    name: str
    password: str = field(repr=False)
    publish: Sequence[str] = ()
    subscribe: Sequence[str] = ()


class Program(Protocol):
    """One kind of broker: how it is configured and called."""

    @property
    def name(self) -> str:
        """`nats` or `mosquitto`."""

    def prepare(
        self, folder: Path, endpoint: Endpoint, accounts: Sequence[Account]
    ) -> Sequence[str]:
        """Write the configuration into the folder and return the command that runs it."""


class Broker(Protocol):
    """A broker that belongs to this process and dies with it. Restarting it is the supervisor's."""

    @property
    def pid(self) -> int | None:
        """Process id while it runs."""

    async def start(self) -> Endpoint:
        """Start it and return once it accepts connections; again after its end, same endpoint."""

    async def wait(self) -> int:
        """Wait until it has ended and return its exit code."""

    async def stop(self) -> None:
        """End it in order; nothing happens when it does not run."""
