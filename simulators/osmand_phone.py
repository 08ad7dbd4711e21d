"""A phone with the Traccar client, over HTTP.

Version 8 sends fields in the query of a POST, version 9 JSON; both keep what was not answered with
200 and send it again, oldest first. Sources: traccar/traccar-client-android and
traccar/traccar-client (Apache-2.0).
"""

import asyncio
import random
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from itertools import cycle
from typing import Literal

import aiohttp

from simulators.devicelog import Answer, DeviceLog
from simulators.faults import NO_FAULTS, Faults, Link
from simulators.tracker import Route

_KNOTS = 1.7


@dataclass(frozen=True, slots=True)
class PhoneTimes:
    """The app's waits, in seconds."""

    timeout_s: float = 15.0
    again_s: float = 30.0
    give_up_s: float = 1800.0


@dataclass(frozen=True, slots=True)
class _Report:
    at_s: int
    lat: float
    lon: float
    battery_pct: int
    alarm: str | None


class OsmandPhone:
    """One phone, known by the id that its app made; `url` holds the listener and its key."""

    def __init__(
        self,
        device_id: str,
        url: str,
        *,
        route: Route,
        seed: int,
        log: DeviceLog,
        form: Literal["fields", "json"] = "json",
        faults: Faults = NO_FAULTS,
        times: PhoneTimes | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._id = device_id
        self._url = url
        self._form = form
        self._steps = cycle(route)
        self._here = next(self._steps)
        self._link = Link(faults, random.Random(seed ^ 0x5EED))
        self._log = log
        self._times = times or PhoneTimes()
        self._clock = clock
        self._battery_pct = 78
        self._count = 0
        self._turn = asyncio.Lock()
        self._kept: deque[_Report] = deque()
        self._session: aiohttp.ClientSession | None = None
        self.name = f"osmand:{device_id}"

    async def start(self) -> None:
        """Switch the app on."""
        patience = aiohttp.ClientTimeout(total=self._times.timeout_s)
        self._session = aiohttp.ClientSession(timeout=patience)

    async def stop(self) -> None:
        """Switch the app off."""
        if self._session is not None:
            await self._session.close()

    async def sos(self) -> Answer:
        """The app's SOS button."""
        return await self._tell("sos", "sos")

    async def fall(self) -> Answer:
        """A fall detector that is paired with the app speaks."""
        return await self._tell("fall", "fallDown")

    async def leave_zone(self) -> Answer:
        """Walk out of the zone."""
        lat, lon = self._here
        self._here = (lat + 0.012, lon + 0.02)
        return await self._tell("leave_zone", "geofenceExit")

    async def enter_zone(self) -> Answer:
        """Walk back into the zone."""
        self._here = next(self._steps)
        return await self._tell("enter_zone", "geofenceEnter")

    async def battery_low(self) -> Answer:
        """The battery is nearly empty."""
        self._battery_pct = 9
        return await self._tell("battery_low", "lowBattery")

    async def report(self) -> Answer:
        """Send the position."""
        self._here = next(self._steps)
        return await self._tell("report", None)

    def keep(self, *, sos: bool = False) -> None:
        """Remember the position of now, to send it later as an old one."""
        self._kept.append(self._now("sos" if sos else None))

    async def upload(self) -> list[Answer]:
        """Send what was kept, oldest first."""
        answers = []
        while self._kept:
            answers.append(await self._deliver("upload", self._kept.popleft()))
        return answers

    async def _tell(self, action: str, alarm: str | None) -> Answer:
        return await self._deliver(action, self._now(alarm))

    def _now(self, alarm: str | None) -> _Report:
        return _Report(int(self._clock()), *self._here, self._battery_pct, alarm)

    async def _deliver(self, action: str, report: _Report) -> Answer:
        loop = asyncio.get_running_loop()
        async with self._turn:
            self._count += 1
            reference, began, what, status = str(self._count), loop.time(), "sent", 0
            while loop.time() - began < self._times.give_up_s:
                status = await self._call(report)
                self._log.note(self.name, what, action, reference, detail=f"HTTP {status}")
                if status == 200 and not self._link.answer_lost():
                    answer = Answer(True, (loop.time() - began) * 1000, reference, "HTTP 200")
                    return self._log.ended(self.name, "answered", action, answer)
                what = "resent"
                await asyncio.sleep(self._times.again_s)
        answer = Answer(False, (loop.time() - began) * 1000, reference, f"gave up: HTTP {status}")
        return self._log.ended(self.name, "unanswered", action, answer)

    async def _call(self, report: _Report) -> int:
        """Return the status, 0 when there was no answer."""
        if self._session is None:
            raise RuntimeError(f"{self.name} is not switched on: call start() first")
        fields = _fields(self._id, report) if self._form == "fields" else None
        document = None if fields else _document(self._id, report)
        try:
            async with self._session.post(self._url, params=fields, json=document) as reply:
                return reply.status
        except (aiohttp.ClientError, TimeoutError):
            return 0


def _fields(device_id: str, report: _Report) -> dict[str, str]:
    fields = {
        "id": device_id,
        "timestamp": str(report.at_s),
        "lat": str(report.lat),
        "lon": str(report.lon),
        "speed": str(_KNOTS),
        "bearing": "90.0",
        "altitude": "12.0",
        "accuracy": "8.0",
        "batt": f"{report.battery_pct:.1f}",
    }
    return fields if report.alarm is None else fields | {"alarm": report.alarm}


def _document(device_id: str, report: _Report) -> dict[str, object]:
    coords = {
        "latitude": report.lat,
        "longitude": report.lon,
        "accuracy": 8,
        "speed": 0.9,
        "heading": 90,
        "altitude": 12,
    }
    moment = time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(report.at_s))
    location: dict[str, object] = {
        "timestamp": moment,
        "coords": coords,
        "is_moving": True,
        "odometer": 120,
        "event": "motionchange",
        "battery": {"level": report.battery_pct / 100, "is_charging": False},
        "activity": {"type": "walking"},
        "extras": {} if report.alarm is None else {"alarm": report.alarm},
    }
    return {"location": location, "device_id": device_id}
