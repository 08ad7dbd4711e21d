"""A person on duty with a phone: signs in by code, sees alarms live, and acts on them over HTTP."""

import asyncio
import json
import uuid
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import aiohttp

Alarm = dict[str, Any]
_T = TypeVar("_T")
_HEADERS = {"X-Varde": "1"}
_TRIES = 3


class PhoneProblem(Exception):
    """The phone page did not do what a person expects; the text says which promise broke."""


class Colleague:
    """One signed-in person, and the alarms as her page knows them."""

    def __init__(self, web: str) -> None:
        self._web = web
        self._session = aiohttp.ClientSession(
            headers=_HEADERS,
            # The hub's address is a number, and aiohttp keeps no cookies for those by itself.
            cookie_jar=aiohttp.CookieJar(unsafe=True),
            timeout=aiohttp.ClientTimeout(total=15),
        )
        self._changed = asyncio.Condition()
        self._stream: asyncio.Task[None] | None = None
        self.alarms: dict[str, Alarm] = {}

    @property
    def http(self) -> aiohttp.ClientSession:
        """The browser's own connections, with its cookies."""
        return self._session

    async def sign_in(self, code: str) -> None:
        """Sign in and open the live stream."""
        await self.enrol(code)
        await self.open()

    async def enrol(self, code: str) -> None:
        """Trade a one-time code for a session."""
        async with self._session.post(f"{self._web}/api/sign-in", json={"code": code}) as response:
            if response.status != 204:
                raise PhoneProblem(f"sign-in was answered {response.status}, wanted 204")

    async def open(self) -> None:
        """Open the page: its live stream, then its list."""
        opened = asyncio.Event()
        self._stream = asyncio.create_task(self._follow(opened))
        await self._or_broken(opened.wait(), 10, "the live stream was not opened")
        await self._list()

    async def close(self) -> None:
        """Close the page; the session stays."""
        stream, self._stream = self._stream, None
        if stream is not None:
            stream.cancel()
            await asyncio.gather(stream, return_exceptions=True)

    async def sign_off(self) -> None:
        """Close the page and put the phone away."""
        await self.close()
        await self._session.close()

    async def sees(self, wanted: Callable[[Alarm], bool], what: str, within_s: float) -> Alarm:
        """Return the first alarm on the live page that is wanted; PhoneProblem when none comes."""

        async def watch() -> Alarm:
            async with self._changed:
                while True:
                    for alarm in self.alarms.values():
                        if wanted(alarm):
                            return alarm
                    await self._changed.wait()

        return await self._or_broken(watch(), within_s, what)

    async def detail(self, alarm_id: str) -> Alarm:
        """The alarm's own page."""
        return await self._get(f"/api/alarms/{alarm_id}")

    async def act(self, alarm: Alarm, action: str, **more: str) -> None:
        """Send a command for the state that is on the page; the same id until it is confirmed."""
        command = {"id": str(uuid.uuid4()), "action": action, "seen_phase": alarm["phase"], **more}
        url = f"{self._web}/api/alarms/{alarm['id']}/commands"
        for _ in range(_TRIES):
            async with self._session.post(url, json=command) as response:
                answer = await response.text()
                if response.status == 200:
                    return
                if response.status != 202:
                    raise PhoneProblem(f"{action} was answered {response.status}: {answer}")
        raise PhoneProblem(f"{action} was not confirmed in {_TRIES} tries with one id")

    async def _get(self, path: str) -> Alarm:
        async with self._session.get(f"{self._web}{path}") as response:
            if response.status != 200:
                raise PhoneProblem(f"GET {path} was answered {response.status}, wanted 200")
            found: Alarm = await response.json()
            return found

    async def _or_broken(self, waited: Awaitable[_T], within_s: float, what: str) -> _T:
        """Wait for something, unless the stream breaks or time runs out first."""
        waiting = asyncio.ensure_future(waited)
        watched: set[asyncio.Future[Any]] = {waiting}
        if self._stream is not None:
            watched.add(self._stream)
        await asyncio.wait(watched, timeout=within_s, return_when=asyncio.FIRST_COMPLETED)
        if waiting.done():
            return waiting.result()
        waiting.cancel()
        if self._stream is not None and self._stream.done():
            self._stream.result()
            raise PhoneProblem(f"{what}: the live stream ended")
        raise PhoneProblem(f"{what} within {within_s:g} s")

    async def _follow(self, opened: asyncio.Event) -> None:
        forever = aiohttp.ClientTimeout(total=None)
        async with self._session.get(f"{self._web}/api/stream", timeout=forever) as response:
            if response.status != 200:
                raise PhoneProblem(f"GET /api/stream was answered {response.status}, wanted 200")
            opened.set()
            event, data = "", ""
            async for raw in response.content:
                name, _, value = raw.decode().rstrip("\r\n").partition(":")
                if name == "event":
                    event = value.strip()
                elif name == "data":
                    data += value.strip()
                elif not name and not value:
                    if event == "alarm":
                        await self._take(json.loads(data))
                    elif event == "resync":
                        await self._list()
                    event, data = "", ""

    async def _list(self) -> None:
        for alarm in (await self._get("/api/alarms"))["alarms"]:
            await self._take(alarm)

    async def _take(self, alarm: Alarm) -> None:
        async with self._changed:
            self.alarms[alarm["id"]] = alarm
            self._changed.notify_all()
