"""A Teltonika tracker that walks a route, over TCP.

It logs in on each connection. Its records stay in its memory until the server has answered their
number; one frame is under way at a time, as the answer does not say which it means. Without an
answer it begins a new connection.
"""

import asyncio
from collections.abc import Callable, Hashable, Iterable

from simulators import teltonika
from simulators.devicelog import Answer
from simulators.teltonika import ALARM, BATTERY, MAN_DOWN, MOVEMENT, PANIC, UNPLUG, ZONE_1, Record
from simulators.tracker import LOGIN, Tracker

_ACCEPTED = b"\x01"
_COUNT = 4
"""Octets of the answer to a data frame."""


class TeltonikaTracker(Tracker):
    """One tracker, known by its IMEI."""

    protocol = "teltonika"
    reconnects = True
    _kept: tuple[Record, ...] = ()
    _number = 0

    async def sos(self) -> Answer:
        """The button is held (element 236, panic priority)."""
        return await self._alarm("sos", ALARM, 1, priority=PANIC)

    async def fall(self) -> Answer:
        """The fall detector speaks (element 242)."""
        return await self._alarm("fall", MAN_DOWN, 1, priority=PANIC)

    async def leave_zone(self, zone: int = 1) -> Answer:
        """Walk out of a geofence (elements 155-159, value 0)."""
        self._leave()
        return await self._alarm("leave_zone", ZONE_1 + zone - 1, 0)

    async def enter_zone(self, zone: int = 1) -> Answer:
        """Walk back into a geofence (value 1)."""
        self._here = next(self._steps)
        return await self._alarm("enter_zone", ZONE_1 + zone - 1, 1)

    async def battery_low(self) -> Answer:
        """The battery is nearly empty (element 113 makes a record)."""
        self._battery_pct = 9
        return await self._alarm("battery_low", BATTERY, 9)

    async def unplug(self) -> Answer:
        """The charger is taken away (element 252)."""
        return await self._alarm("unplug", UNPLUG, 1)

    async def report(self) -> Answer:
        """Send the position."""
        return await self._records("report", [self._record()])

    def keep(self, *, sos: bool = False) -> None:
        """Remember a record of now, to send it later."""
        kept = self._record(ALARM, 1, priority=PANIC) if sos else self._record()
        self._kept = (*self._kept, kept)

    async def upload(self) -> Answer:
        """Send what was kept in one frame, oldest first."""
        kept, self._kept = self._kept, ()
        return await self._records("upload", list(kept))

    async def _alarm(self, action: str, element: int, value: int, *, priority: int = 1) -> Answer:
        return await self._records(action, [self._record(element, value, priority=priority)])

    def _record(self, event: int = 0, value: int = 0, *, priority: int = 0) -> Record:
        io = {MOVEMENT: (1, 1), BATTERY: (1, self._battery_pct)}
        if event:
            io[event] = (1, value)
        return Record(self._now_s() * 1000, *self._here, event, priority, io)

    async def _records(self, action: str, records: list[Record]) -> Answer:
        data = teltonika.frame(records)
        async with self._one_at_a_time:
            self._number += 1
            return await self._deliver(action, len(records), str(self._number), data)

    async def start(self) -> None:
        """Connect and begin the walk; both go on in the background."""
        self._one_at_a_time = asyncio.Lock()
        await super().start()

    def _greeting(self) -> bytes:
        return teltonika.login(self._imei)

    def _hearing(self) -> Callable[[bytes], Iterable[Hashable]]:
        return _Ear().feed


class _Ear:
    """What the server says on one connection: one octet to the login, then counts."""

    def __init__(self) -> None:
        self._buffer = b""
        self._welcome = False

    def feed(self, data: bytes) -> list[Hashable]:
        """Take the next octets and return the answers that are now whole."""
        self._buffer += data
        found: list[Hashable] = []
        if not self._welcome and self._buffer:
            self._welcome = True
            found.append(LOGIN if self._buffer[:1] == _ACCEPTED else "refused")
            self._buffer = self._buffer[1:]
        while len(self._buffer) >= _COUNT:
            found.append(int.from_bytes(self._buffer[:_COUNT], "big"))
            self._buffer = self._buffer[_COUNT:]
        return found
