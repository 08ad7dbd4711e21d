"""Milesight's LoRaWAN sensors, and what each can do (github.com/Milesight-IoT/SensorDecoders)."""

import struct

from simulators.devicelog import Answer
from simulators.lorawan import LorawanDevice


class LoraButton(LorawanDevice):
    """The button WS101: channel FF, type 2E."""

    model = "ws101"

    async def press(self) -> Answer:
        """A short press."""
        return await self._pressed("press", 1)

    async def hold(self) -> Answer:
        """A long press."""
        return await self._pressed("hold", 2)

    async def press_twice(self) -> Answer:
        """A double press."""
        return await self._pressed("press_twice", 3)

    async def _pressed(self, action: str, how: int) -> Answer:
        return await self.say(action, bytes([0x01, 0x75, self._battery_pct, 0xFF, 0x2E, how]))


class LoraDoor(LorawanDevice):
    """The door sensor WS301: 0300 is the magnet, 0400 the wall behind it."""

    model = "ws301"

    async def open(self) -> Answer:
        """The door opens."""
        return await self.say("open", bytes([3, 0, 1]))

    async def close(self) -> Answer:
        """The door closes."""
        return await self.say("close", bytes([3, 0, 0]))

    async def tear_off(self) -> Answer:
        """Somebody takes it from the wall."""
        return await self.say("tear_off", bytes([4, 0, 1]))


class LoraSeat(LorawanDevice):
    """The occupancy sensor VS340: 0300 is whether somebody is there."""

    model = "vs340"

    async def sit_down(self) -> Answer:
        """Somebody is there."""
        return await self.say("sit_down", bytes([1, 0x75, self._battery_pct, 3, 0, 1]))

    async def stand_up(self) -> Answer:
        """Nobody is there."""
        return await self.say("stand_up", bytes([1, 0x75, self._battery_pct, 3, 0, 0]))


class LoraRadar(LorawanDevice):
    """The fall radar VS373, numbered as its decoder of 2025 has it."""

    model = "vs373"
    _fall = 0

    async def walk(self) -> Answer:
        """Somebody is in the room."""
        return await self._room("walk", 0)

    async def go_to_bed(self) -> Answer:
        """Somebody lies in the bed without moving."""
        return await self._room("go_to_bed", 2, target=1)

    async def leave_bed(self) -> Answer:
        """Somebody leaves the bed."""
        return await self._room("leave_bed", 3)

    async def fall(self) -> Answer:
        """Somebody falls: a state and a numbered alarm, in two frames."""
        self._fall += 1
        await self._room("fall", 4)
        return await self._alarm("fall", 1)

    async def get_up(self) -> Answer:
        """Whoever fell is on the feet again."""
        await self._room("get_up", 0)
        return await self._alarm("get_up", 2)

    async def _room(self, action: str, detection: int, target: int = 0) -> Answer:
        value = struct.pack("<BBHH", detection, target, 16, 32)
        return await self.say(action, bytes([0x03, 0xF8]) + value)

    async def _alarm(self, action: str, status: int) -> Answer:
        value = struct.pack("<HBBB", self._fall, 0, status, 0xFF)
        return await self.say(action, bytes([0x06, 0xFB]) + value)
