"""The panel in a real browser, wide and narrow, with a stub phone page."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Page, async_playwright

from tests.simulators.stub_hub import StubHub
from tests.simulators.test_panel import playing

CHROMIUM = shutil.which("chromium")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed"),
]
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


@asynccontextmanager
async def opened(size: dict[str, int]) -> AsyncIterator[tuple[Page, list[str]]]:
    """The panel's page, and what the browser complained about."""
    complaints: list[str] = []
    async with StubHub().served() as hub, playing(hub.web) as (panel, _), async_playwright() as p:
        browser = await p.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        page = await browser.new_page(
            viewport={"width": size["width"], "height": size["height"]}, locale="nb-NO"
        )
        page.on("console", lambda said: complaints.append(said.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        await page.goto(panel.url)
        try:
            yield page, complaints
        finally:
            await browser.close()


async def test_a_press_is_told_on_its_card_and_in_the_log() -> None:
    async with opened(WIDE) as (page, complaints):
        await page.get_by_role("button", name="Trykk på alarmen").click()
        await page.get_by_text("Trykk på alarmen: besvart 12 ms").wait_for()
        lines = page.get_by_role("log").get_by_role("listitem")
        assert "besvart (snu 0)" in await lines.first.inner_text()
        assert complaints == []


async def test_phone_and_devices_stand_side_by_side_and_the_key_is_gone_from_the_address() -> None:
    async with opened(WIDE) as (page, complaints):
        await page.frame_locator("#phone").get_by_text("the phone page").wait_for()
        phone = await page.locator(".phone").bounding_box()
        devices = await page.locator(".devices").bounding_box()
        assert phone is not None
        assert devices is not None
        assert phone["x"] + phone["width"] <= devices["x"]
        assert "key" not in page.url
        assert complaints == []


async def test_on_a_phone_one_of_them_shows_and_nothing_is_cut_off() -> None:
    async with opened(NARROW) as (page, _):
        assert not await page.locator(".phone").is_visible()
        await page.get_by_role("button", name="Telefonen").click()
        assert await page.locator(".phone").is_visible()
        assert not await page.locator(".devices").is_visible()
        assert await page.evaluate("document.documentElement.scrollWidth") <= 390


async def test_every_button_can_be_hit_with_a_thumb() -> None:
    async with opened(NARROW) as (page, _):
        sizes = await page.locator("button:visible").evaluate_all(
            "all => all.map(one => one.getBoundingClientRect().height)"
        )
        assert len(sizes) > 10
        assert min(sizes) >= 48
