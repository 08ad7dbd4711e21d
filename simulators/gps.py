"""A GPS pendant (EV-07B) that walks a route, over TCP.

Every frame asks for an acknowledgement and is sent again, octet by octet the same, until the server
has acknowledged its index; that holds over lost connections too.
"""

import asyncio
import contextlib
import itertools
import random
import struct
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from simulators import ev07b
from simulators.devicelog import Answer, DeviceLog
from simulators.faults import NO_FAULTS, Faults, Link

Route = Sequence[tuple[float, float]]
"""Latitude and longitude, WGS 84, walked back and forth."""


@dataclass(frozen=True, slots=True)
class GpsTimes:
    """The pendant's waits, in seconds."""

    resend_s: float = 5.0
    give_up_s: float = 1800.0
    reconnect_min_s: float = 0.5
    reconnect_max_s: float = 30.0
    step_s: float = 30.0
    """Between two positions of the walk."""


class GpsPendant:
    """One pendant, known by its IMEI."""

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
        self._imei = imei
        self._address = (host, port)
        self._times = times or GpsTimes()
        self._rng = random.Random(seed)
        self._link = Link(faults, random.Random(seed ^ 0x5EED))
        self._steps = itertools.cycle([*route, *list(route)[-2:0:-1]])
        self._here = next(self._steps)
        self._log = log
        self._clock = clock
        self._index = self._rng.randrange(0x10000)
        self._battery_pct = 78
        self._waiting: dict[int, asyncio.Future[None]] = {}
        self._writer: asyncio.StreamWriter | None = None
        self._connected = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self.server_time_s: int | None = None
        self.name = f"ev07b:{imei}"

    async def start(self) -> None:
        """Connect, ask for the time and begin the walk; both go on in the background."""
        self._tasks = [
            asyncio.create_task(self._stay_connected()),
            asyncio.create_task(self._walk()),
        ]

    async def stop(self) -> None:
        """End the walk and the connection."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._hang_up()

    async def sos(self) -> Answer:
        """The button is held (bit 12)."""
        return await self._alarm("sos", ev07b.ALARM_SOS)

    async def fall(self) -> Answer:
        """The fall detector speaks (bit 2)."""
        return await self._alarm("fall", ev07b.ALARM_FALL)

    async def leave_zone(self, zone: int = 1) -> Answer:
        """Walk out of a zone (bit 4+i)."""
        lat, lon = self._here
        self._here = (lat + 0.012, lon + 0.02)
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
        return await self._deliver("report", ev07b.DATA, self._state(self._now_s()))

    async def sync_clock(self) -> Answer:
        """Ask the server for the time; what it says is kept in `server_time_s`."""
        content = ev07b.imei(self._imei) + ev07b.time_request()
        return await self._deliver("sync_clock", ev07b.SERVICE, content)

    async def _alarm(self, action: str, code: int) -> Answer:
        now_s = self._now_s()
        content = self._state(now_s) + ev07b.alarm(code, now_s)
        return await self._deliver(action, ev07b.DATA, content)

    def _state(self, now_s: int) -> bytes:
        flags = ev07b.STATUS_FIX | ev07b.STATUS_MOTION
        return (
            ev07b.imei(self._imei)
            + ev07b.status(now_s, self._battery_pct, flags)
            + ev07b.position(ev07b.Fix(*self._here))
        )

    async def _deliver(self, action: str, kind: int, content: bytes) -> Answer:
        index = self._index
        self._index = (index + 1) & 0xFFFF
        data = ev07b.frame(index, kind, content)
        clock = asyncio.get_running_loop().time
        acknowledged: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting[index] = acknowledged
        began, what = clock(), "sent"
        try:
            while (left_s := began + self._times.give_up_s - clock()) > 0:
                await self._send(data, left_s)
                self._log.note(self.name, what, action, str(index))
                wait_s = min(self._times.resend_s, left_s)
                done, _ = await asyncio.wait({acknowledged}, timeout=wait_s)
                if done:
                    answer = Answer(True, (clock() - began) * 1000, str(index), "acknowledged")
                    return self._log.ended(self.name, "answered", action, answer)
                what = "resent"
        finally:
            del self._waiting[index]
        answer = Answer(False, (clock() - began) * 1000, str(index), "gave up: no acknowledgement")
        return self._log.ended(self.name, "unanswered", action, answer)

    async def _send(self, data: bytes, left_s: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(left_s):
                await self._connected.wait()
        self._link.pass_on(lambda: self._write(data))

    def _write(self, data: bytes) -> None:
        if self._writer is not None and not self._writer.is_closing():
            self._writer.write(data)

    async def _stay_connected(self) -> None:
        wait_s = self._times.reconnect_min_s
        while True:
            try:
                reader, self._writer = await asyncio.open_connection(*self._address)
            except OSError as problem:
                self._log.note(self.name, "link", "connect", "", detail=str(problem))
                await asyncio.sleep(wait_s * self._rng.uniform(0.8, 1.2))
                wait_s = min(2 * wait_s, self._times.reconnect_max_s)
                continue
            self._log.note(self.name, "link", "connect", "", detail="connected")
            wait_s = self._times.reconnect_min_s
            self._connected.set()
            await self._listen(reader)
            self._hang_up()
            self._log.note(self.name, "link", "connect", "", detail="the server hung up")
            await asyncio.sleep(wait_s)

    async def _listen(self, reader: asyncio.StreamReader) -> None:
        framer = ev07b.Framer()
        try:
            while data := await reader.read(4096):
                for frame in framer.feed(data):
                    self._take(frame)
        except ConnectionError as problem:
            self._log.note(self.name, "link", "read", "", detail=str(problem))

    def _take(self, frame: ev07b.Frame) -> None:
        if self._link.answer_lost():
            return
        for key, value in frame.items:
            if key == ev07b.KEY_TIME and len(value) == 4:
                (self.server_time_s,) = struct.unpack("<I", value)
        future = self._waiting.get(frame.index)
        if frame.kind in {ev07b.ACK, ev07b.SERVICE} and future and not future.done():
            future.set_result(None)
        else:
            self._log.note(self.name, "heard", f"type {frame.kind:02x}", str(frame.index))

    def _hang_up(self) -> None:
        self._connected.clear()
        if self._writer is not None:
            self._writer.close()
            self._writer = None

    async def _walk(self) -> None:
        await self.sync_clock()
        while True:
            await self.report()
            await asyncio.sleep(self._times.step_s)
            self._here = next(self._steps)

    def _now_s(self) -> int:
        return int(self._clock())
