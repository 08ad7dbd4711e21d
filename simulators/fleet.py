"""The simulated devices of one demonstration, each at its own listener of the hub."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

from simulators.devicelog import Answer, DeviceLog
from simulators.dispenser import Dispenser, key_from_text
from simulators.door import DeviceBroker, Door
from simulators.faults import NO_FAULTS, Faults
from simulators.gps import GpsPendant
from simulators.hub_process import Running
from simulators.pendant import Pendant
from simulators.plan import Plan, PlanProblem
from simulators.sip.client import Receiver
from simulators.sip.digest import Credentials

Act = Callable[[], Awaitable[Answer]]
ROUTE = ((60.4721, 5.4105), (60.4724, 5.4112), (60.4729, 5.4118), (60.4733, 5.4127))
"""A walk along a fjord in Vestland; nobody lives there."""


class Fleet:
    """One device of each family, and what each of them can do."""

    def __init__(
        self,
        plan: Plan,
        running: Running,
        secrets: Path,
        *,
        log: DeviceLog,
        seed: int | None = None,
        faults: Faults = NO_FAULTS,
    ) -> None:
        self._plan, self._running, self._secrets = plan, running, secrets
        self._log, self._faults = log, faults
        # No fixed number: the devices of a second run beside the same hub would send the first
        # run's references again, and the hub would rightly take them for resends.
        self._seed = random.getrandbits(32) if seed is None else seed
        self.pendant = self._pendant()
        self.dispenser = self._dispenser()
        self.door = self._door()
        self.gps = self._gps()
        self.actions: Mapping[str, Mapping[str, Act]] = {
            "pendant": {
                "press": self.pendant.press,
                "fall": self.pendant.fall,
                "cancel": self.pendant.cancel,
                "battery_low": self.pendant.battery_low,
            },
            "door": {
                "open": self.door.open,
                "close": self.door.close,
                "battery_low": self.door.battery_low,
            },
            "dispenser": {
                "miss": self.dispenser.miss,
                "take": self.dispenser.take,
            },
            "gps": {
                "sos": self.gps.sos,
                "fall": self.gps.fall,
                "leave_zone": self.gps.leave_zone,
                "enter_zone": self.gps.enter_zone,
                "battery_low": self.gps.battery_low,
            },
        }

    @property
    def names(self) -> dict[str, str]:
        """The name in the device log to the family."""
        return {
            self.pendant.name: "pendant",
            self.dispenser.name: "dispenser",
            self.door.name: "door",
            self.gps.name: "gps",
        }

    async def start(self) -> None:
        """Switch every device on."""
        await asyncio.gather(
            self.pendant.start(), self.dispenser.start(), self.door.start(), self.gps.start()
        )

    async def stop(self) -> None:
        """Switch every device off."""
        await asyncio.gather(
            self.pendant.stop(), self.dispenser.stop(), self.door.stop(), self.gps.stop()
        )

    def _password(self, cid: str) -> str:
        """The unit's password; a unit that has none is not asked for one."""
        path = self._secrets / f"scaip-{cid}"
        return path.read_text(encoding="utf-8").strip() if path.exists() else ""

    def _secret(self, name: str) -> str:
        try:
            return (self._secrets / name).read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            raise PlanProblem(f"the hub made no secret {self._secrets / name}") from None

    def _pendant(self) -> Pendant:
        cid = self._plan.devices["pendant"].identity
        listener = self._plan.listeners["scaip"]
        receivers = [
            Receiver(*self._running.address(listener, transport), transport)
            for transport in ("udp", "tcp")
        ]
        return Pendant(
            Credentials(cid, self._password(cid)),
            receivers,
            seed=self._seed,
            log=self._log,
            faults=self._faults,
        )

    def _dispenser(self) -> Dispenser:
        listener = self._plan.listeners["webhook"]
        return Dispenser(
            self._plan.devices["dispenser"].identity,
            self._running.listeners[listener]["http"],
            key_from_text(self._secret(f"webhook-{listener}")),
            seed=self._seed + 1,
            log=self._log,
            faults=self._faults,
        )

    def _door(self) -> Door:
        host, port = self._running.broker
        broker = DeviceBroker(host, port, "devices", self._secret("broker-devices"))
        return Door(
            self._plan.devices["door"].identity,
            broker,
            seed=self._seed + 2,
            log=self._log,
            faults=self._faults,
        )

    def _gps(self) -> GpsPendant:
        host, port = self._running.address(self._plan.listeners["ev07b"], "tcp")
        return GpsPendant(
            self._plan.devices["gps"].identity,
            host,
            port,
            route=ROUTE,
            seed=self._seed + 3,
            log=self._log,
            faults=self._faults,
        )
