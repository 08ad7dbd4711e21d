"""The map's pictures come through the hub: a phone asks nobody else."""

import base64
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import msgspec
import pytest
import pytest_asyncio
from aiohttp import web
from playwright.async_api import expect

from hub.journal.port import Document
from routing.inputs import Command
from routing.instant import MINUTE
from routing.lifecycle import Action, Phase
from tests.browser.conftest import OpenPage
from tests.browser.unconnected import find, opened, taken_by_ola, until, with_clock
from tests.web.map_server import Lab, Server
from tests.web.test_entry import located
from tests.web.town import Town

pytestmark = pytest.mark.browser

DOT = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
"""A picture of one red pixel."""


@pytest_asyncio.fixture(loop_scope="session")
async def server(town: Town, tmp_path: Path) -> AsyncIterator[Server]:
    """A map server of the town's, which draws only the tiles of even columns."""
    server = Server()

    async def draw(request: web.Request) -> web.Response:
        column = int(request.path.split("/")[3])
        if column % 2:
            raise web.HTTPNotFound
        return web.Response(body=DOT, content_type="image/png")

    server.answer = draw
    async with server.open() as address:
        tiles = Lab(server, address, tmp_path).tiles(attribution="© <b>Kart</b>")
        town.site = replace(town.site, tiles=tiles)
        yield server
        await tiles.close()


async def test_pictures_come_through_the_hub_and_gaps_are_a_plain_grid(
    server: Server, town: Town, phone: OpenPage
) -> None:
    page = await phone("kari")
    alarm = await town.press()
    await located(town, alarm)
    hosts: set[str] = set()
    page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    await opened(page, alarm)
    await page.get_by_role("button", name="Vis på kart").click()
    await expect(page.locator(".map .map-square img").first).to_be_visible()
    drawn = (
        "() => [...document.querySelectorAll('.map-square img')].every((one) => one.naturalWidth)"
    )
    await page.wait_for_function(drawn)
    squares, pictures = page.locator(".map .map-square"), page.locator(".map .map-square img")
    await expect(squares).not_to_have_count(await pictures.count())
    await expect(page.locator(".leaflet-control-attribution")).to_have_text("© <b>Kart</b>")
    assert hosts == {urlsplit(page.url).netloc}
    assert all("cookie" not in asked.headers for asked in server.asked)
    assert {asked.path.split("/")[2] for asked in server.asked} == {"16"}


async def test_a_position_that_nobody_looks_at_is_not_asked_for(
    town: Town, phone: OpenPage
) -> None:
    page = await phone("kari")
    await with_clock(page)
    alarm = await town.press()
    await located(town, alarm)
    await opened(page, alarm)
    await page.get_by_role("button", name="Vis på kart").click()
    await expect(page.locator(".map .leaflet-marker-icon")).to_be_visible()
    await page.locator("#detail .back").click()
    await expect(page.locator(".map")).to_have_count(0)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(urlsplit(request.url).path))
    await page.clock.fast_forward(16_000)
    await page.evaluate("fetch('/health')")
    await until(lambda: "/health" in asked)
    assert f"/api/alarms/{alarm}/position" not in asked


async def test_the_map_opens_with_the_position_and_goes_with_the_alarm(
    town: Town, phone: OpenPage
) -> None:
    page = await phone("kari")
    alarm = await town.press()
    place = {"lat": 59.9139, "lon": 10.7522, "accuracy_m": 40.0, "at": "2026-11-23T12:00:00Z"}
    await town.journal.append(
        [], town.now, [Document("position", alarm, msgspec.json.encode(place))]
    )
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url))
    await opened(page, alarm)
    button = page.get_by_role("button", name="Vis på kart")
    await button.wait_for()
    assert not any("leaflet" in one or "position" in one for one in fetched)
    await button.click()
    await expect(page.locator(".map .map-here")).to_be_visible()
    await expect(page.locator(".coordinates")).to_have_text("59.91390, 10.75220")
    assert ("position", alarm) in {(one.what, one.why) for one in find(town)}
    await taken_by_ola(town, alarm)
    close = Command(
        id="ola-closes",
        alarm=alarm,
        person="ola",
        action=Action.CLOSE,
        seen_phase=Phase.ACCEPTED,
        made_at=town.now,
        outcome="talk",  # type: ignore[arg-type]
    )
    town.now += MINUTE
    await town.take(close)
    await expect(page.locator(".map")).to_have_count(0)
