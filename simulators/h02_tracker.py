"""An H02 tracker that walks a route: text frames over TCP.

    *HQ,<id>,V1,<hhmmss>,A,<ddmm.mmmm>,N,<dddmm.mmmm>,E,<knots>,<course>,<ddmmyy>,<status>#

The status is active-low. Layout: the frames in traccar's H02 decoder tests (Apache-2.0). Every
frame is sent again until the server has answered its type (`V4,V1,...`, or `HTBT`).
"""

import re
from collections.abc import Callable, Hashable, Iterable

from simulators.devicelog import Answer
from simulators.textual import TextTracker

IDLE = 0xFFFFFFFF
SOS_BIT, ENTERED_BIT, LEFT_BIT, POWER_CUT_BIT = 18, 4, 5, 19
_ANSWER = re.compile(rb"\*HQ,[0-9A-Za-z]+,(?:V4,([A-Z0-9]+),\d{14}|(HTBT))#")


class H02Tracker(TextTracker):
    """One tracker, known by its number."""

    protocol = "h02"
    _kept: tuple[str, ...] = ()

    async def sos(self) -> Answer:
        """The button is held (bit 18)."""
        return await self._state("sos", SOS_BIT)

    async def leave_zone(self) -> Answer:
        """Walk out of the fence (bit 5)."""
        self._leave()
        return await self._state("leave_zone", LEFT_BIT)

    async def enter_zone(self) -> Answer:
        """Walk back into the fence (bit 4)."""
        self._here = next(self._steps)
        return await self._state("enter_zone", ENTERED_BIT)

    async def unplug(self) -> Answer:
        """The power is cut (bit 19)."""
        return await self._state("unplug", POWER_CUT_BIT)

    async def heartbeat(self) -> Answer:
        """Say that it is alive, and how full the battery is."""
        return await self._asked("heartbeat", "HTBT", f"*HQ,{self._imei},HTBT,{self._battery_pct}#")

    async def report(self) -> Answer:
        """Send the position."""
        return await self._state("report")

    def keep(self, *, sos: bool = False) -> None:
        """Remember the position of now, to send it later as an old one."""
        self._kept = (*self._kept, self._placed(*([SOS_BIT] if sos else [])))

    async def upload(self) -> list[Answer]:
        """Send what was kept, oldest first."""
        kept, self._kept = self._kept, ()
        return [await self._asked("upload", "V1", frame) for frame in kept]

    async def _state(self, action: str, *bits: int) -> Answer:
        return await self._asked(action, "V1", self._placed(*bits))

    def _placed(self, *bits: int) -> str:
        lat, lon = self._here
        status = IDLE & ~sum(1 << bit for bit in bits)
        where = (
            f"A,{_minutes(lat, 2)},{'NS'[lat < 0]},{_minutes(lon, 3)},{'EW'[lon < 0]},001.70,090"
        )
        clock, date = self._clocked("%H%M%S"), self._clocked("%d%m%y")
        return f"*HQ,{self._imei},V1,{clock},{where},{date},{status:08X},242,1,10001,43981#"

    def _hearing(self) -> Callable[[bytes], Iterable[Hashable]]:
        buffer = bytearray()

        def hear(data: bytes) -> list[Hashable]:
            buffer.extend(data)
            found = list(_ANSWER.finditer(buffer))
            kinds = [(one[1] or one[2]).decode("ascii") for one in found]
            del buffer[: found[-1].end() if found else 0]
            return [*kinds]

        return hear


def _minutes(degrees: float, digits: int) -> str:
    """Return degrees as degrees and minutes, without a sign: 59.91273 as 5954.7638."""
    total = round(abs(degrees) * 600_000)
    whole, rest = divmod(total, 600_000)
    return f"{whole:0{digits}d}{rest // 10_000:02d}.{rest % 10_000:04d}"
