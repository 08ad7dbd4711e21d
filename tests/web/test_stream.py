"""Server-sent events: present values as they change, replay from a cursor, honest ends."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest

from hub.web.alarms.stream import from_opaque, to_opaque
from routing.instant import DAY
from tests.web.conftest import NewBrowser
from tests.web.town import Browser, Town


class Heard:
    """The events of one open stream."""

    def __init__(self, lines: aiohttp.StreamReader) -> None:
        self._lines = lines
        self.last_id = ""

    async def next(self, *names: str) -> tuple[str, Any]:
        """Return the next event of one of these names; TimeoutError after 30 s."""
        async with asyncio.timeout(30):
            while True:
                event = await self._one()
                if event.get("event") in names:
                    return event["event"], json.loads(event["data"])

    async def _one(self) -> dict[str, str]:
        event: dict[str, str] = {}
        async for raw in self._lines:
            line = raw.decode().rstrip("\n")
            if not line:
                self.last_id = event.get("id", self.last_id)
                return event
            name, _, value = line.partition(": ")
            event[name] = value
        raise EOFError

    async def end(self) -> None:
        """Read until the server ends the stream; TimeoutError when it does not within 30 s."""
        async with asyncio.timeout(30):
            async for _ in self._lines:
                pass


@asynccontextmanager
async def listening(
    browser: Browser, cursor: str | None = None, last: str | None = None
) -> AsyncIterator[Heard]:
    query = "" if cursor is None else f"?cursor={cursor}"
    headers = {} if last is None else {"Last-Event-ID": last}
    async with browser.http.get("/api/stream" + query, headers=headers) as response:
        assert response.status == 200
        assert response.content_type == "text/event-stream"
        yield Heard(response.content)


async def test_an_alarm_arrives_within_a_second(town: Town, kari: Browser) -> None:
    async with listening(kari) as stream:
        await stream.next("beat")
        loop = asyncio.get_running_loop()
        pressed = loop.time()
        alarm = await town.press()
        _, seen = await stream.next("alarm")
        assert loop.time() - pressed < 1
        _, listed = await kari.get("/api/alarms")
        assert seen == listed["alarms"][0]
        assert seen["id"] == alarm


async def test_nothing_is_missed_between_the_list_and_the_stream(town: Town, kari: Browser) -> None:
    _, body = await kari.get("/api/alarms")
    alarm = await town.press()
    async with listening(kari, cursor=body["cursor"]) as stream:
        _, seen = await stream.next("alarm")
    assert seen["id"] == alarm


async def test_who_comes_back_hears_the_present_value_of_what_changed_once(
    town: Town, kari: Browser, ola: Browser
) -> None:
    first = await town.press()
    async with listening(kari) as stream:
        await stream.next("beat")
        gone_at = stream.last_id
    await ola.act(first, "accept")
    await ola.act(first, "on_the_way")
    async with listening(kari, last=gone_at) as stream:
        _, seen = await stream.next("alarm")
        assert (seen["id"], seen["phase"], seen["owner"]) == (first, "on_the_way", "ola")
        assert (await stream.next("alarm", "beat"))[0] == "beat"


@pytest.mark.parametrize(
    "cursor",
    [
        "nonsense",
        "%00",
        "%F0%9F%98%80",
        to_opaque("fjordby", 999_999),
        to_opaque("elsewhere", 1),
        to_opaque("fjordby", 0)[:-2],
    ],
)
async def test_an_unknown_cursor_asks_for_a_fresh_list(
    town: Town, kari: Browser, cursor: str
) -> None:
    async with listening(kari, cursor=cursor) as stream:
        assert await stream.next("alarm", "beat", "resync") == ("resync", {})


async def test_a_cursor_from_before_an_archived_alarm_asks_for_a_fresh_list(
    town: Town, kari: Browser
) -> None:
    from routing.facts import AlarmArchived

    alarm = await town.press()
    _, body = await kari.get("/api/alarms")
    await kari.act(alarm, "accept")
    await kari.act(alarm, "close", outcome="talk")
    town.now += DAY
    async with listening(kari) as open_stream:
        await open_stream.next("beat")
        await town.append([AlarmArchived(alarm=alarm)])
        assert (await open_stream.next("alarm", "resync"))[0] == "resync"
    async with listening(kari, last=body["cursor"]) as stream:
        assert (await stream.next("alarm", "resync"))[0] == "resync"


async def test_a_quiet_stream_gives_signs_of_life_with_the_servers_time(kari: Browser) -> None:
    async with listening(kari) as stream:
        assert await stream.next("beat") == ("beat", {"now": "2026-11-23T12:00:00Z"})
        await stream.next("beat")


async def test_a_revoked_session_ends_its_stream(town: Town, kari: Browser) -> None:
    async with listening(kari) as stream:
        await stream.next("beat")
        town.directory.end_sessions_of("kari", town.now)
        await town.press()
        with pytest.raises(EOFError):
            await stream.next("alarm")


async def test_it_hears_no_names_on_the_stream(town: Town, someone: NewBrowser) -> None:
    ivar = await someone().sign_in("ivar")
    async with listening(ivar) as stream:
        await stream.next("beat")
        await town.press()
        _, seen = await stream.next("alarm")
    assert (seen["resident"], seen["resident_name"]) == (None, None)


async def test_open_streams_end_at_shutdown(town: Town) -> None:
    loop = asyncio.get_running_loop()
    async with town.open() as url, Browser(town, url) as browser:
        await browser.sign_in("kari")
        async with listening(browser) as stream:
            await stream.next("beat")
            asked = loop.time()
            town.site.stop.set()
            town.live.wake()
            await stream.end()
            assert loop.time() - asked < 2


def test_a_cursor_is_opaque_and_comes_back() -> None:
    text = to_opaque("fjordby", 1234)
    assert "1234" not in text
    assert from_opaque("fjordby", text) == 1234
    assert from_opaque("nordvik", text) is None
