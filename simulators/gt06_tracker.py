"""A GT06 tracker that walks a route, over TCP.

It logs in on each connection. Every frame is sent again until the server has answered its type and
serial. Out of coverage it keeps positions and presses, and sends them when it is back.
"""

from collections.abc import Callable, Hashable, Iterable

from simulators import gt06
from simulators.devicelog import Answer
from simulators.tracker import LOGIN, Tracker


class Gt06Tracker(Tracker):
    """One tracker, known by its IMEI."""

    protocol = "gt06"
    _serial = 1
    _kept: tuple[bytes, ...] = ()

    async def sos(self) -> Answer:
        """The button is held (alarm 0x01)."""
        return await self._alarm("sos", gt06.SOS)

    async def fall(self) -> Answer:
        """The fall detector speaks (alarm 0x23)."""
        return await self._alarm("fall", gt06.FALL)

    async def leave_zone(self) -> Answer:
        """Walk out of the fence (alarm 0x05)."""
        self._leave()
        return await self._alarm("leave_zone", gt06.LEFT)

    async def enter_zone(self) -> Answer:
        """Walk back into the fence (alarm 0x04)."""
        self._here = next(self._steps)
        return await self._alarm("enter_zone", gt06.ENTERED)

    async def battery_low(self) -> Answer:
        """The battery is nearly empty (alarm 0x0E)."""
        self._battery_pct = 9
        return await self._alarm("battery_low", gt06.BATTERY_LOW)

    async def power_off(self) -> Answer:
        """The device is switched off (alarm 0x11)."""
        return await self._alarm("power_off", gt06.POWER_OFF)

    async def heartbeat(self) -> Answer:
        """Say that it is alive."""
        return await self._frame("heartbeat", gt06.HEARTBEAT, gt06.heartbeat(self._level()))

    async def report(self) -> Answer:
        """Send the position."""
        return await self._frame("report", gt06.LOCATION, gt06.location(self._where()))

    def keep(self) -> None:
        """Remember the position of now, to send it later as an old one."""
        self._kept = (*self._kept, gt06.location(self._where(), buffered=True))

    async def upload(self) -> list[Answer]:
        """Send what was kept, oldest first."""
        kept, self._kept = self._kept, ()
        return [await self._frame("upload", gt06.LOCATION, content) for content in kept]

    async def _alarm(self, action: str, code: int) -> Answer:
        content = gt06.alarm(self._where(), code, battery_level=self._level())
        return await self._frame(action, gt06.ALARM, content)

    def _where(self) -> bytes:
        return gt06.gps(self._now_s(), *self._here)

    def _level(self) -> int:
        return self._battery_pct * 6 // 100

    async def _frame(self, action: str, kind: int, content: bytes) -> Answer:
        self._serial = self._serial % 0xFFFF + 1
        serial = self._serial
        data = gt06.frame(kind, serial, content)
        return await self._deliver(action, (kind, serial), str(serial), data)

    def _greeting(self) -> bytes:
        return gt06.login(self._imei)

    def _hearing(self) -> Callable[[bytes], Iterable[Hashable]]:
        framer = gt06.Framer()
        return lambda data: [_key(frame) for frame in framer.feed(data)]


def _key(frame: gt06.Frame) -> Hashable:
    return LOGIN if frame.kind == gt06.LOGIN else (frame.kind, frame.serial)
