"""A GPS pendant (EV-07B) that walks a route, over TCP.

Every frame asks for an acknowledgement and is sent again, octet by octet the same, until the server
has acknowledged its index; that holds over lost connections too.
"""

import struct
import time
from collections.abc import Callable, Hashable, Iterable

from simulators import ev07b
from simulators.devicelog import Answer, DeviceLog
from simulators.faults import NO_FAULTS, Faults
from simulators.tracker import Route, Tracker, TrackerTimes

GpsTimes = TrackerTimes


class GpsPendant(Tracker):
    """One pendant, known by its IMEI."""

    protocol = "ev07b"

    def __init__(
        self,
        imei: str,
        host: str,
        port: int,
        *,
        route: Route,
        seed: int,
        log: DeviceLog,
        faults: Faults = NO_FAULTS,
        times: GpsTimes | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(
            imei,
            host,
            port,
            route=route,
            seed=seed,
            log=log,
            faults=faults,
            times=times,
            clock=clock,
        )
        self._index = self._rng.randrange(0x10000)
        self.server_time_s: int | None = None

    async def sos(self) -> Answer:
        """The button is held (bit 12)."""
        return await self._alarm("sos", ev07b.ALARM_SOS)

    async def fall(self) -> Answer:
        """The fall detector speaks (bit 2)."""
        return await self._alarm("fall", ev07b.ALARM_FALL)

    async def leave_zone(self, zone: int = 1) -> Answer:
        """Walk out of a zone (bit 4+i)."""
        self._leave()
        return await self._alarm("leave_zone", ev07b.zone_alarm(zone, entered=False))

    async def enter_zone(self, zone: int = 1) -> Answer:
        """Walk back into a zone (bits 4+i and 26+i)."""
        self._here = next(self._steps)
        return await self._alarm("enter_zone", ev07b.zone_alarm(zone, entered=True))

    async def battery_low(self) -> Answer:
        """The battery is nearly empty (bit 0)."""
        self._battery_pct = 9
        return await self._alarm("battery_low", ev07b.ALARM_BATTERY_LOW)

    async def report(self) -> Answer:
        """Send the position."""
        return await self._frame("report", ev07b.DATA, self._state(self._now_s()))

    async def sync_clock(self) -> Answer:
        """Ask the server for the time; what it says is kept in `server_time_s`."""
        content = ev07b.imei(self._imei) + ev07b.time_request()
        return await self._frame("sync_clock", ev07b.SERVICE, content)

    async def _walk(self) -> None:
        await self.sync_clock()
        await super()._walk()

    async def _alarm(self, action: str, code: int) -> Answer:
        now_s = self._now_s()
        content = self._state(now_s) + ev07b.alarm(code, now_s)
        return await self._frame(action, ev07b.DATA, content)

    def _state(self, now_s: int) -> bytes:
        flags = ev07b.STATUS_FIX | ev07b.STATUS_MOTION
        return (
            ev07b.imei(self._imei)
            + ev07b.status(now_s, self._battery_pct, flags)
            + ev07b.position(ev07b.Fix(*self._here))
        )

    async def _frame(self, action: str, kind: int, content: bytes) -> Answer:
        index = self._index
        self._index = (index + 1) & 0xFFFF
        data = ev07b.frame(index, kind, content)
        return await self._deliver(action, index, str(index), data)

    def _hearing(self) -> Callable[[bytes], Iterable[Hashable]]:
        framer = ev07b.Framer()
        return lambda data: [self._answered(frame) for frame in framer.feed(data)]

    def _answered(self, frame: ev07b.Frame) -> Hashable:
        for key, value in frame.items:
            if key == ev07b.KEY_TIME and len(value) == 4:
                (self.server_time_s,) = struct.unpack("<I", value)
        if frame.kind in {ev07b.ACK, ev07b.SERVICE}:
            return frame.index
        return f"type {frame.kind:02x}, index {frame.index}"
