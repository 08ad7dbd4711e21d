"""Further sensors behind Zigbee2MQTT (device pages of DJT11LM, vibration, and of mmWave radars that
expose `presence` and `fall_down_status`)."""

from collections.abc import Mapping

from simulators.devicelog import Answer
from simulators.zigbee import ZigbeeDevice


class Vibration(ZigbeeDevice):
    """A vibration sensor, on a bed, a chair or a cupboard."""

    quiet: Mapping[str, object] = {"vibration": False}

    async def touch(self) -> Answer:
        """Somebody touches what it sits on; it is still again when it tells next."""
        answer = await self._tell("touch", vibration=True)
        self._state["vibration"] = False
        return answer

    async def fall_off(self) -> Answer:
        """It falls down (`action`, which is an edge and no state)."""
        return await self._publish("fall_off", {**self._state, "action": "drop"})


class PresenceRadar(ZigbeeDevice):
    """A radar that sees whether somebody is there, and suspects a fall."""

    quiet: Mapping[str, object] = {"presence": False, "fall_down_status": "none"}

    async def enter(self) -> Answer:
        """Somebody comes in."""
        return await self._tell("enter", presence=True)

    async def leave(self) -> Answer:
        """Nobody is left."""
        return await self._tell("leave", presence=False)

    async def fall(self) -> Answer:
        """Somebody seems to have fallen."""
        return await self._tell("fall", fall_down_status="maybe_fall")

    async def get_up(self) -> Answer:
        """Nobody lies there any more."""
        return await self._tell("get_up", fall_down_status="none")
