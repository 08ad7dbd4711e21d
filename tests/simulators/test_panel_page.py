"""The panel in a real browser, wide and narrow, with a stub phone page."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Page, async_playwright

from simulators.crew import Crew
from simulators.plan import Plan
from tests.simulators.stub_hub import StubHub
from tests.simulators.stub_phone_hub import StubPhoneHub
from tests.simulators.test_crew import TEXT, crew, ring, sms
from tests.simulators.test_panel import FLAT, PLAN, playing

CHROMIUM = "/usr/bin/chromium"
pytestmark = pytest.mark.browser
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


@asynccontextmanager
async def opened(
    size: dict[str, int], plan: Plan = PLAN, crew: Crew | None = None
) -> AsyncIterator[tuple[Page, list[str]]]:
    """The panel's page, and what the browser complained about."""
    complaints: list[str] = []
    async with (
        StubHub().served() as hub,
        playing(hub.web, plan=plan, crew=crew) as (panel, _),
        async_playwright() as p,
    ):
        browser = await p.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        page = await browser.new_page(
            viewport={"width": size["width"], "height": size["height"]}, locale="nb-NO"
        )
        page.on("console", lambda said: complaints.append(said.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        # What happens before its log listens is not told there.
        async with page.expect_response("**/events"):
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


async def test_a_fault_is_made_and_mended_with_one_button() -> None:
    async with opened(WIDE, FLAT) as (page, complaints):
        card = page.locator('[data-device="gps"]')
        await card.get_by_text("Lag en feil").click()
        button = card.get_by_role("button", name="Uten strøm")
        await button.click()
        await card.locator('[data-fault="off"][aria-pressed="true"]').wait_for()
        await card.get_by_role("button", name="SOS").click()
        await card.get_by_text("SOS: ikke besvart").wait_for()
        assert "Utstyret er slått av" in await page.get_by_role("log").inner_text()
        await button.click()
        await card.locator('[data-fault="off"][aria-pressed="false"]').wait_for()
        # The refused press is told by the page; the browser's own line about it is not ours.
        assert all("409" in said for said in complaints)


async def test_the_phone_stays_in_sight_while_the_rooms_go_by() -> None:
    async with opened(WIDE, FLAT) as (page, _):
        await page.get_by_text("Hva utstyret sendte").scroll_into_view_if_needed()
        box = await page.locator("#phone").bounding_box()
        assert box is not None
        assert box["y"] + box["height"] > 200


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
async def test_nothing_of_the_flat_is_cut_off_when_all_is_open(size: dict[str, int]) -> None:
    async with opened(size, FLAT) as (page, _):
        await page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        assert await page.evaluate("document.documentElement.scrollWidth") <= size["width"]


async def test_every_button_can_be_hit_with_a_thumb() -> None:
    async with opened(NARROW) as (page, _):
        await page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        sizes = await page.locator("button:visible").evaluate_all(
            "all => all.map(one => one.getBoundingClientRect().height)"
        )
        assert len(sizes) > 10
        assert min(sizes) >= 48


async def test_push_sms_and_a_call_are_seen_and_answered_on_the_panel() -> None:
    async with (
        crew() as made,
        StubPhoneHub().served() as hub,
        opened(WIDE, crew=made) as (page, complaints),
    ):
        await made.enrol("nora", hub.web, "ABCD-EFGH")
        await hub.push("s1")
        lock = page.locator(".lock")
        await lock.get_by_text("Trygghetsalarm, Nord").wait_for()
        await lock.get_by_role("button", name="Ta alarmen").click()
        await lock.get_by_text("Du tok alarmen").wait_for()
        await hub.push("t1", answer="answer-t1")
        await lock.get_by_role("button", name="Svar på prøvevarselet").click()
        await lock.get_by_text("Du svarte på prøvevarselet").wait_for()
        assert hub.used == ["accept-s1", "answer-t1"]
        await sms(made)
        nokia = page.locator(".nokia")
        await nokia.get_by_text(TEXT).wait_for()
        await nokia.get_by_role("button", name="Svar 1").click()
        await nokia.get_by_text("Svarte 1").wait_for()
        await ring(made)
        await page.get_by_text("Telefonen ringer").wait_for()
        await page.get_by_role("button", name="Ta telefonen").click()
        await page.get_by_text("Trykk 1.").wait_for()
        await page.get_by_role("button", name="Tast 1").click()
        await page.get_by_role("button", name="Legg på").click()
        await page.get_by_text("Ingen ringer.").wait_for()
        assert complaints == []


async def test_an_outage_is_made_and_ended_with_one_button() -> None:
    async with crew() as made, opened(WIDE, crew=made) as (page, complaints):
        button = page.get_by_role("button", name="SMS-tjenesten nede")
        await button.click()
        await page.locator('[data-outage="sms"][aria-pressed="true"]').wait_for()
        assert not made.sms.up
        await button.click()
        await page.locator('[data-outage="sms"][aria-pressed="false"]').wait_for()
        assert made.sms.up
        assert complaints == []


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
async def test_nothing_of_the_handsets_is_cut_off_and_all_can_be_hit(size: dict[str, int]) -> None:
    async with crew() as made, opened(size, crew=made) as (page, _):
        await sms(made, f"{TEXT}{'x' * 60}")
        await ring(made)
        await page.get_by_text("Telefonen ringer").wait_for()
        assert await page.evaluate("document.documentElement.scrollWidth") <= size["width"]
        heights = await page.locator(".handsets button:visible").evaluate_all(
            "all => all.map(one => one.getBoundingClientRect().height)"
        )
        assert len(heights) >= 8
        assert min(heights) >= 48
