"""A Nuki smart lock that speaks MQTT by itself.

Topics and numbers: Nuki MQTT API specification 1.4, developer.nuki.io. The lock answers a command
by `commandResponse`, says by `lockActionEvent` that it begins, and tells its `state` while it moves
and when it has moved. One command at a time: a second one is answered 69 (busy).
"""

import asyncio
import random
from dataclasses import dataclass

from simulators.devicelog import DeviceLog
from simulators.gateway import DeviceBroker
from simulators.lock_line import LockLine

LOCKED, UNLOCKING, UNLOCKED, LOCKING, UNLATCHED, UNLATCHING, BLOCKED = 1, 2, 3, 4, 5, 7, 254
OK, UNKNOWN_COMMAND, BUSY = 0, 2, 69
BUTTON, MQTT = 2, 172
_PATHS = {1: (UNLOCKING, UNLOCKED), 2: (LOCKING, LOCKED), 3: (UNLATCHING, UNLATCHED)}
"""Action to the state on the way and the state at the end."""


@dataclass(slots=True)
class LockTroubles:
    """What is wrong with a lock; changed while it runs."""

    jammed: bool = False
    """The motor is blocked."""
    moves_s: float = 1.5
    """How long it needs."""
    answers_lost: bool = False
    """It does what it is told, and nothing of that is heard."""


class NukiLock:
    """One lock, known by its id: eight hex digits in capitals."""

    def __init__(
        self,
        id: str,
        broker: DeviceBroker,
        *,
        seed: int,
        log: DeviceLog,
        troubles: LockTroubles | None = None,
    ) -> None:
        self._base = f"nuki/{id}"
        self._broker, self._log = broker, log
        self._client_id = f"sim-nuki-{random.Random(seed).getrandbits(32):08x}"
        self._moving: asyncio.Task[None] | None = None
        self.troubles = troubles or LockTroubles()
        self.state = LOCKED
        self.name = f"nuki:{id}"
        self._line = self._new_line()

    async def start(self) -> None:
        """Connect and tell how it stands; TimeoutError when the broker is silent."""
        self._line = self._new_line()
        self._line.leave_behind(f"{self._base}/connected", "false")
        await self._line.start()
        for what, value in (("connected", "true"), ("batteryCritical", "false")):
            self._line.publish(f"{self._base}/{what}", value, retain=True)
        self._show(self.state)

    async def stop(self) -> None:
        """Go off in good order."""
        await self._rest()
        self._line.publish(f"{self._base}/connected", "false", retain=True)
        await self._line.stop()

    async def power_cut(self) -> None:
        """Be gone at once: the broker tells it."""
        await self._rest()
        await self._line.cut()

    async def turn(self, *, unlock: bool) -> None:
        """Somebody turns it by its button."""
        await self._rest()
        await self._move(1 if unlock else 2, BUTTON)

    def battery_low(self) -> None:
        """The batteries are nearly empty."""
        self._line.publish(f"{self._base}/batteryCritical", "true", retain=True)

    def _new_line(self) -> LockLine:
        return LockLine(self._broker, self._client_id, f"{self._base}/lockAction", self._hear)

    def _hear(self, payload: str) -> None:
        self._log.note(self.name, "heard", "lockAction", payload)
        if self._moving is not None and not self._moving.done():
            self._respond(BUSY)
        elif payload not in {"1", "2", "3"}:
            self._respond(UNKNOWN_COMMAND)
        else:
            self._respond(OK)
            self._moving = asyncio.ensure_future(self._move(int(payload), MQTT))

    async def _move(self, action: int, trigger: int) -> None:
        on_the_way, there = _PATHS[action]
        self._tell("lockActionEvent", f"{action},{trigger},0,0,0")
        self._show(on_the_way)
        await asyncio.sleep(self.troubles.moves_s)
        self.state = BLOCKED if self.troubles.jammed else there
        self._show(self.state)

    async def _rest(self) -> None:
        if self._moving is not None:
            await asyncio.gather(self._moving, return_exceptions=True)

    def _respond(self, code: int) -> None:
        self._tell("commandResponse", str(code))

    def _tell(self, what: str, payload: str) -> None:
        if not self.troubles.answers_lost:
            self._line.publish(f"{self._base}/{what}", payload, retain=False)

    def _show(self, state: int) -> None:
        self._log.note(self.name, "sent", "state", str(state))
        if not self.troubles.answers_lost:
            self._line.publish(f"{self._base}/state", str(state), retain=True)
