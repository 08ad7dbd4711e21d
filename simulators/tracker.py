"""What the simulated trackers have in common: a route, one TCP connection, and no rest until the
server has answered.

Every message is sent again, octet by octet the same, until it is answered; that holds over lost
connections too.
"""

import asyncio
import contextlib
import itertools
import random
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass

from simulators.devicelog import Answer, DeviceLog
from simulators.faults import NO_FAULTS, Faults, Link

Route = Sequence[tuple[float, float]]
"""Latitude and longitude, WGS 84, walked back and forth."""
LOGIN = "login"
"""The key of the answer to a greeting."""


@dataclass(frozen=True, slots=True)
class TrackerTimes:
    """The device's waits, in seconds."""

    resend_s: float = 5.0
    give_up_s: float = 1800.0
    reconnect_min_s: float = 0.5
    reconnect_max_s: float = 30.0
    step_s: float = 30.0
    """Between two positions of the walk."""


class Tracker(ABC):
    """One device, known by its IMEI."""

    protocol: str
    reconnects = False
    """True for a device that begins a new connection instead of asking again on the old one."""

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
        times: TrackerTimes | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._imei = imei
        self._address = (host, port)
        self._times = times or TrackerTimes()
        self._rng = random.Random(seed)
        self._link = Link(faults, random.Random(seed ^ 0x5EED))
        self._steps = itertools.cycle([*route, *list(route)[-2:0:-1]])
        self._here = next(self._steps)
        self._log = log
        self._clock = clock
        self._battery_pct = 78
        self._waiting: dict[Hashable, asyncio.Future[None]] = {}
        self._writer: asyncio.StreamWriter | None = None
        self._connected = asyncio.Event()
        self._covered = asyncio.Event()
        self._covered.set()
        self._tasks: list[asyncio.Task[None]] = []
        self.name = f"{self.protocol}:{imei}"

    async def start(self) -> None:
        """Connect and begin the walk; both go on in the background."""
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

    def lose_network(self) -> None:
        """Walk out of coverage: the connection ends, and no other is made."""
        self._covered.clear()
        self._hang_up()

    def find_network(self) -> None:
        """Come back into coverage."""
        self._covered.set()

    @abstractmethod
    async def report(self) -> Answer:
        """Send the position."""

    def _greeting(self) -> bytes:
        """What is sent first on each connection and waits for its answer (`LOGIN`); or nothing."""
        return b""

    @abstractmethod
    def _hearing(self) -> Callable[[bytes], Iterable[Hashable]]:
        """A reader for a new connection: from the next octets to the keys that are answered."""

    async def _deliver(self, action: str, key: Hashable, reference: str, data: bytes) -> Answer:
        clock = asyncio.get_running_loop().time
        answered: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting[key] = answered
        began, what = clock(), "sent"
        try:
            while (left_s := began + self._times.give_up_s - clock()) > 0:
                await self._send(data, left_s)
                self._log.note(self.name, what, action, reference)
                await asyncio.wait({answered}, timeout=min(self._times.resend_s, left_s))
                if answered.done():
                    answer = Answer(True, (clock() - began) * 1000, reference, "acknowledged")
                    return self._log.ended(self.name, "answered", action, answer)
                what = "resent"
                if self.reconnects:
                    self._hang_up()
        finally:
            del self._waiting[key]
        answer = Answer(False, (clock() - began) * 1000, reference, "gave up: no acknowledgement")
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
            await self._covered.wait()
            try:
                reader, self._writer = await asyncio.open_connection(*self._address)
            except OSError as problem:
                self._log.note(self.name, "link", "connect", "", detail=str(problem))
                await asyncio.sleep(wait_s * self._rng.uniform(0.8, 1.2))
                wait_s = min(2 * wait_s, self._times.reconnect_max_s)
                continue
            self._log.note(self.name, "link", "connect", "", detail="connected")
            wait_s = self._times.reconnect_min_s
            await self._converse(reader)
            self._hang_up()
            self._log.note(self.name, "link", "connect", "", detail="the connection ended")
            await asyncio.sleep(wait_s)

    async def _converse(self, reader: asyncio.StreamReader) -> None:
        greeting = asyncio.create_task(self._greet())
        try:
            await self._listen(reader)
        finally:
            greeting.cancel()

    async def _greet(self) -> None:
        """Say who is there; a greeting without an answer ends the connection."""
        greeting = self._greeting()
        if not greeting:
            self._connected.set()
            return
        self._write(greeting)
        try:
            async with asyncio.timeout(self._times.resend_s):
                await self._connected.wait()
        except TimeoutError:
            self._hang_up()

    async def _listen(self, reader: asyncio.StreamReader) -> None:
        hear = self._hearing()
        try:
            while data := await reader.read(4096):
                for key in hear(data):
                    self._take(key)
        except ConnectionError as problem:
            self._log.note(self.name, "link", "read", "", detail=str(problem))

    def _take(self, key: Hashable) -> None:
        if self._link.answer_lost():
            return
        future = self._waiting.get(key)
        if key == LOGIN:
            self._connected.set()
        elif future and not future.done():
            future.set_result(None)
        else:
            self._log.note(self.name, "heard", "answer", str(key))

    def _hang_up(self) -> None:
        self._connected.clear()
        if self._writer is not None:
            self._writer.close()
            self._writer = None

    async def _walk(self) -> None:
        while True:
            await self.report()
            await asyncio.sleep(self._times.step_s)
            self._here = next(self._steps)

    def _leave(self) -> None:
        """Step out of the zone that the walk lies in."""
        lat, lon = self._here
        self._here = (lat + 0.012, lon + 0.02)

    def _now_s(self) -> int:
        return int(self._clock())
