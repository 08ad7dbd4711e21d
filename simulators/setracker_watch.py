"""A SeTracker watch that walks a route: text between brackets, over TCP.

    [3G*<id>*<length>*AL,<ddmmyy>,<hhmmss>,A,<lat>,N,<lon>,E,...,<battery>,...,<status>,...]

Layout: the frames in traccar's Watch decoder tests (Apache-2.0). `LK` greets on each connection.
Alarms and heartbeats are sent again until the server has answered their type; positions expect no
answer, and go out as `UD2` when they were kept out of coverage.
"""

import re
from collections.abc import Callable, Hashable, Iterable

from simulators.devicelog import Answer
from simulators.textual import TextTracker
from simulators.tracker import LOGIN

SOS, LOW, LEFT, ENTERED, REMOVED, FALL = (1 << bit for bit in (16, 17, 18, 19, 20, 21))
_ANSWER = re.compile(rb"\[[0-9A-Z]{2}\*[0-9A-Z]+\*[0-9A-F]{4}\*([A-Z]+)[^\]]*\]")


class SetrackerWatch(TextTracker):
    """One watch, known by its ten digits."""

    protocol = "setracker"
    _kept: tuple[str, ...] = ()

    async def sos(self) -> Answer:
        """The button is held."""
        return await self._alarm("sos", SOS)

    async def fall(self) -> Answer:
        """The fall detector speaks."""
        return await self._alarm("fall", FALL)

    async def remove(self) -> Answer:
        """The watch is taken off."""
        return await self._alarm("remove", REMOVED)

    async def leave_zone(self) -> Answer:
        """Walk out of the zone."""
        self._leave()
        return await self._alarm("leave_zone", LEFT)

    async def enter_zone(self) -> Answer:
        """Walk back into the zone."""
        self._here = next(self._steps)
        return await self._alarm("enter_zone", ENTERED)

    async def battery_low(self) -> Answer:
        """The battery is nearly empty."""
        self._battery_pct = 9
        return await self._alarm("battery_low", LOW)

    async def heartbeat(self) -> Answer:
        """Say that it is alive."""
        return await self._asked("heartbeat", "LK", self._framed(f"LK,0,0,{self._battery_pct}"))

    async def report(self) -> Answer:
        """Send the position."""
        return await self._told("report", self._framed(self._placed("UD", 0)))

    def keep(self, *, sos: bool = False) -> None:
        """Remember the position of now, to send it later as an old one."""
        kind, status = ("AL", SOS) if sos else ("UD2", 0)
        self._kept = (*self._kept, self._placed(kind, status))

    async def upload(self) -> list[Answer]:
        """Send what was kept, oldest first."""
        kept, self._kept = self._kept, ()
        return [await self._old(content) for content in kept]

    async def _old(self, content: str) -> Answer:
        if content.startswith("AL"):
            return await self._asked("upload", "AL", self._framed(content))
        return await self._told("upload", self._framed(content))

    async def _alarm(self, action: str, status: int) -> Answer:
        return await self._asked(action, "AL", self._framed(self._placed("AL", status)))

    def _placed(self, kind: str, status: int) -> str:
        lat, lon = self._here
        where = f"A,{abs(lat):.6f},{'NS'[lat < 0]},{abs(lon):.6f},{'EW'[lon < 0]},3.20,90.0,12.0"
        cells = "1,0,242,1,10001,43981,20"
        device = f"7,80,{self._battery_pct},1200,0,{status:08X}"
        return f"{kind},{self._clocked('%d%m%y,%H%M%S')},{where},{device},{cells}"

    def _framed(self, content: str) -> str:
        return f"[3G*{self._imei}*{len(content):04X}*{content}]"

    def _greeting(self) -> bytes:
        return self._framed(f"LK,0,0,{self._battery_pct}").encode("ascii")

    def _hearing(self) -> Callable[[bytes], Iterable[Hashable]]:
        buffer = bytearray()

        def hear(data: bytes) -> list[Hashable]:
            buffer.extend(data)
            found = list(_ANSWER.finditer(buffer))
            kinds = [one[1].decode("ascii") for one in found]
            del buffer[: found[-1].end() if found else 0]
            return [self._meant(kind) for kind in kinds]

        return hear

    def _meant(self, kind: str) -> Hashable:
        return LOGIN if kind == "LK" and "LK" not in self._waiting else kind
