"""A newcomer at the demonstration: no coverage, a press, an SMS, a call, and a key that takes it.

The real hub with `examples/fjordvik.yaml`, seen through the panel in a browser.
"""

import time

import pytest
from playwright.async_api import async_playwright

from tests.simulators.test_whole_story import READY_WITHIN_S, demo

CHROMIUM = "/usr/bin/chromium"
pytestmark = [
    pytest.mark.broker,
    pytest.mark.browser,
    pytest.mark.timeout(240),
]
SMS_AFTER_S, CALL_AFTER_S = 5.0, 15.0
"""As the example says: no receipt of the push, and nothing seen or answered after the SMS."""
PATIENCE_MS = 40_000.0


async def test_without_coverage_an_sms_comes_and_then_a_call_that_takes_it() -> None:
    async with demo() as process, async_playwright() as p:
        assert process.stdout is not None
        opened = (await process.stdout.readline()).decode()
        browser = await p.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        page = await browser.new_page(viewport={"width": 1280, "height": 900}, locale="nb-NO")
        page.set_default_timeout(max(PATIENCE_MS, READY_WITHIN_S * 1000))
        try:
            await page.goto(opened.removeprefix("Open ").strip())
            await page.get_by_text("Ingen varsler ennå.").wait_for()
            await page.get_by_role("button", name="Uten datadekning").click()
            await page.locator('[data-state="coverage"][aria-pressed="true"]').wait_for()
            began = time.monotonic()
            await page.get_by_role("button", name="Trykk på alarmen").click()
            await page.locator(".nokia li").wait_for()
            assert time.monotonic() - began >= SMS_AFTER_S
            await page.get_by_text("Telefonen ringer").wait_for()
            assert time.monotonic() - began >= SMS_AFTER_S + CALL_AFTER_S
            assert await page.locator("#notifications li").count() == 0
            await page.get_by_role("button", name="Ta telefonen").click()
            await page.get_by_role("button", name="Tast 1").click()
            heard = page.locator("#call-said")
            await heard.get_by_text("Den er din").wait_for()
            await page.get_by_role("button", name="Legg på").click()
            # Coverage again: the push that waited comes, too late to take anything.
            await page.get_by_role("button", name="Uten datadekning").click()
            await page.locator("#notifications li").wait_for()
        finally:
            await browser.close()
