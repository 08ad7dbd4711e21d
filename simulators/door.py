"""A door contact behind Zigbee2MQTT (device page SNZB-04P); `contact: false` means open."""

from collections.abc import Mapping

from simulators.devicelog import Answer
from simulators.gateway import DeviceBroker
from simulators.zigbee import ZigbeeDevice

__all__ = ["DeviceBroker", "Door"]


class Door(ZigbeeDevice):
    """One door contact."""

    quiet: Mapping[str, object] = {"contact": True}

    async def open(self) -> Answer:
        """The door opens."""
        return await self._tell("open", contact=False)

    async def close(self) -> Answer:
        """The door closes."""
        return await self._tell("close", contact=True)
