"""Sensors behind Zigbee2MQTT: motion, smoke, water, a help button, and what all have in common.

Topics and payloads: zigbee2mqtt.io, "MQTT topics and messages", and the device pages of SNZB-03P
(motion), HS1SA-E (smoke), SJCGQ11LM (water) and HS1EB-E (emergency button).
"""

import asyncio
import json
import random
from collections.abc import Mapping

from simulators.devicelog import Answer, DeviceLog
from simulators.faults import NO_FAULTS, Faults, Link
from simulators.gateway import DeviceBroker, Gateway


class ZigbeeDevice:
    """One sensor, known by its friendly name, which may have slashes; behind a gateway of its own
    unless it is given one to share."""

    quiet: Mapping[str, object] = {}
    """What it tells of itself as long as nothing is the matter."""

    def __init__(
        self,
        friendly_name: str,
        broker: DeviceBroker | Gateway,
        *,
        seed: int,
        log: DeviceLog,
        faults: Faults = NO_FAULTS,
        answer_wait_s: float = 10.0,
    ) -> None:
        self._rng = random.Random(seed)
        self._link = Link(faults, random.Random(seed ^ 0x5EED))
        self._log = log
        self._answer_wait_s = answer_wait_s
        self._topic = f"zigbee2mqtt/{friendly_name}"
        self._state = dict(self.quiet)
        self._battery_pct = 87
        self._count = 0
        self.name = f"zigbee2mqtt:{friendly_name}"
        client_id = f"sim-z2m-{self._rng.getrandbits(32):08x}"
        self._gateway = (
            broker
            if isinstance(broker, Gateway)
            else Gateway(broker, client_id, answer_wait_s=answer_wait_s, on_refusal=self._note_link)
        )

    async def start(self) -> None:
        """Connect and say that the device is available; TimeoutError when the broker is silent."""
        await self._gateway.start()
        self.find_network()

    async def stop(self) -> None:
        """Leave the gateway."""
        await self._gateway.stop()

    def lose_network(self) -> None:
        """The gateway hears nothing more of it, and says so."""
        self._available("offline")

    def find_network(self) -> None:
        """The gateway hears it."""
        self._available("online")

    async def battery_low(self) -> Answer:
        """The battery is nearly empty."""
        self._battery_pct = 4
        return await self._tell("battery_low")

    def _available(self, state: str) -> None:
        text = json.dumps({"state": state})
        self._gateway.publish(f"{self._topic}/availability", text, retain=True)

    async def _tell(self, action: str, **changes: object) -> Answer:
        """Publish the state with these changes, which last."""
        self._state.update(changes)
        return await self._publish(action, self._state)

    async def _publish(self, action: str, told: Mapping[str, object]) -> Answer:
        self._count += 1
        reference = str(self._count)
        payload = json.dumps({**told, **self._levels()}, separators=(",", ":"))
        loop = asyncio.get_running_loop()
        began = loop.time()
        answered: asyncio.Future[None] = loop.create_future()
        self._log.note(self.name, "sent", action, reference, detail=payload)

        def acknowledged() -> None:
            if not answered.done() and not self._link.answer_lost():
                answered.set_result(None)

        self._link.pass_on(lambda: self._gateway.publish(self._topic, payload, acknowledged))
        done, _ = await asyncio.wait({answered}, timeout=self._answer_wait_s)
        ms = (loop.time() - began) * 1000
        if not done:
            answer = Answer(False, ms, reference, "no PUBACK from the broker")
            return self._log.ended(self.name, "unanswered", action, answer)
        answer = Answer(True, ms, reference, "PUBACK from the broker")
        return self._log.ended(self.name, "answered", action, answer)

    def _levels(self) -> dict[str, object]:
        return {
            "battery": self._battery_pct,
            "battery_low": self._battery_pct < 10,
            "tamper": False,
            "linkquality": self._rng.randint(60, 140),
            "voltage": 2900,
        }

    def _note_link(self, text: str) -> None:
        self._log.note(self.name, "link", "connect", "", detail=text)


class Motion(ZigbeeDevice):
    """A motion sensor."""

    quiet: Mapping[str, object] = {"occupancy": False}

    async def move(self) -> Answer:
        """Somebody moves; the sensor tells that nobody does when it is asked next."""
        answer = await self._tell("move", occupancy=True)
        self._state["occupancy"] = False
        return answer


class SmokeDetector(ZigbeeDevice):
    """A smoke detector."""

    quiet: Mapping[str, object] = {"smoke": False, "test": False}

    async def smoke(self) -> Answer:
        """It burns."""
        return await self._tell("smoke", smoke=True)

    async def clear(self) -> Answer:
        """The smoke is gone."""
        return await self._tell("clear", smoke=False)


class WaterSensor(ZigbeeDevice):
    """A water leak sensor."""

    quiet: Mapping[str, object] = {"water_leak": False}

    async def leak(self) -> Answer:
        """It stands in water."""
        return await self._tell("leak", water_leak=True)

    async def dry(self) -> Answer:
        """It is dry again."""
        return await self._tell("dry", water_leak=False)


class HelpButton(ZigbeeDevice):
    """An emergency button."""

    async def press(self) -> Answer:
        """It is pressed (`action`, which is an edge and no state)."""
        return await self._publish("press", {**self._state, "action": "emergency"})
