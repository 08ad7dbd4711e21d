"""Where devices are fitted: a running hub, what each device signs in with, and shared gateways."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from simulators.devicelog import DeviceLog
from simulators.faults import Faults
from simulators.gateway import DeviceBroker, Gateway
from simulators.hub_process import Running
from simulators.plan import PlanProblem


class Site:
    """What an installer knows of a hub."""

    def __init__(self, running: Running, secrets: Path, log: DeviceLog) -> None:
        self.running, self.log = running, log
        self._secrets = secrets
        self._gateway: Gateway | None = None

    def password(self, name: str) -> str:
        """A device's own secret; one that has none is not asked for it."""
        path = self._secrets / name
        return path.read_text(encoding="utf-8").strip() if path.exists() else ""

    def secret(self, name: str) -> str:
        """A secret that the hub has made; PlanProblem where it is not there."""
        try:
            return (self._secrets / name).read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            raise PlanProblem(f"the hub made no secret {self._secrets / name}") from None

    def broker(self) -> DeviceBroker:
        """The broker as a gateway for sensors signs in to it."""
        host, port = self.running.broker
        return DeviceBroker(host, port, "devices", self.secret("broker-devices"))

    def gateway(self) -> Gateway:
        """The one gateway of all Zigbee devices here."""
        if self._gateway is None:
            client_id = f"sim-z2m-{random.getrandbits(32):08x}"
            self._gateway = Gateway(self.broker(), client_id)
        return self._gateway


@dataclass(frozen=True, slots=True)
class Fitting:
    """One device's place at a site."""

    site: Site
    identity: str
    listener: str
    """The hub's listener for the device's protocol."""
    seed: int
    faults: Faults
    clock: Callable[[], float]
    """The device's own clock, Unix seconds."""
    heartbeat_s: float = 3600.0
    """How often a device says by itself that it is alive, where that can be set."""

    @property
    def log(self) -> DeviceLog:
        return self.site.log

    def address(self, transport: str) -> tuple[str, int]:
        """Where the listener takes this transport; PlanProblem where it does not."""
        try:
            return self.site.running.address(self.listener, transport)
        except KeyError:
            raise PlanProblem(f"the hub has no listener {self.listener} for {transport}") from None

    def url(self) -> str:
        """Where the listener takes HTTP; PlanProblem where it does not."""
        try:
            return str(self.site.running.listeners[self.listener]["http"])
        except KeyError:
            raise PlanProblem(f"the hub has no listener {self.listener} for HTTP") from None
