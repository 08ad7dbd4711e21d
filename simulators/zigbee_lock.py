"""A door lock behind Zigbee2MQTT, with a keypad.

Topics and payloads: zigbee2mqtt.io, "MQTT topics and messages", and the device page of V3-BTZB. It
is told by `<name>/set {"state": "UNLOCK"}`; what it has done comes as the next state. The gateway's
log says when it could not reach the lock.
"""

import asyncio
import json
import random

from simulators.devicelog import DeviceLog
from simulators.gateway import DeviceBroker
from simulators.lock_line import LockLine
from simulators.nuki import LockTroubles

BASE = "zigbee2mqtt"


class ZigbeeLock:
    """One lock, known by its friendly name."""

    def __init__(
        self,
        friendly_name: str,
        broker: DeviceBroker,
        *,
        seed: int,
        log: DeviceLog,
        troubles: LockTroubles | None = None,
    ) -> None:
        self._friendly_name, self._log = friendly_name, log
        self._topic = f"{BASE}/{friendly_name}"
        self._moving: asyncio.Task[None] | None = None
        self.troubles = troubles or LockTroubles()
        self.out_of_reach = False
        """The gateway lives and does not reach it."""
        self.lock_state = "locked"
        self._battery_pct = 80
        self.name = f"{BASE}:{friendly_name}"
        client_id = f"sim-lock-{random.Random(seed).getrandbits(32):08x}"
        self._line = LockLine(broker, client_id, f"{self._topic}/set", self._hear)

    async def start(self) -> None:
        """Connect and tell how it stands; TimeoutError when the broker is silent."""
        self._line.leave_behind(f"{BASE}/bridge/state", json.dumps({"state": "offline"}))
        await self._line.start()
        self._available("online")
        self._show()

    async def stop(self) -> None:
        """Leave the gateway."""
        await self._rest()
        await self._line.stop()

    def lose_network(self) -> None:
        """The gateway says that it does not reach the lock."""
        self._available("offline")

    def find_network(self) -> None:
        """The gateway reaches it."""
        self._available("online")

    async def keypad(self, user: int, *, unlock: bool) -> None:
        """Somebody types a code at the door."""
        await self._rest()
        self.lock_state = "unlocked" if unlock else "locked"
        action = "keypad_unlock" if unlock else "keypad_lock"
        self._show(action=action, action_user=user, action_source_name="keypad")

    def battery_low(self) -> None:
        """The batteries are nearly empty."""
        self._battery_pct = 4
        self._show()

    def _available(self, state: str) -> None:
        text = json.dumps({"state": state})
        self._line.publish(f"{self._topic}/availability", text, retain=True)

    def _hear(self, payload: str) -> None:
        self._log.note(self.name, "heard", "set", payload)
        wanted = {"UNLOCK": "unlocked", "LOCK": "locked"}.get(json.loads(payload).get("state"))
        if wanted is not None:
            self._moving = asyncio.ensure_future(self._move(wanted))

    async def _move(self, wanted: str) -> None:
        await asyncio.sleep(self.troubles.moves_s)
        if self.out_of_reach:
            said = f"z2m: Publish 'set' 'state' to '{self._friendly_name}' failed: 'Error: timeout'"
            text = json.dumps({"level": "error", "message": said})
            self._line.publish(f"{BASE}/bridge/logging", text, retain=False)
            return
        self.lock_state = "not_fully_locked" if self.troubles.jammed else wanted
        if not self.troubles.answers_lost:
            self._show()

    async def _rest(self) -> None:
        if self._moving is not None:
            await asyncio.gather(self._moving, return_exceptions=True)

    def _show(self, **action: object) -> None:
        state = {
            "state": "UNLOCK" if self.lock_state == "unlocked" else "LOCK",
            "lock_state": self.lock_state,
            "battery": self._battery_pct,
            "battery_low": self._battery_pct < 10,
            "linkquality": 90,
            **action,
        }
        self._log.note(self.name, "sent", "state", self.lock_state)
        self._line.publish(self._topic, json.dumps(state), retain=False)
