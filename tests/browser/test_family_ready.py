"""A relative tries out by what they can be reached, from their own settings."""

import pytest
from playwright.async_api import Browser, expect

from tests.browser.visits import signed_in
from tests.web.family import move_in
from tests.web.test_duty import with_ways
from tests.web.town import Town

pytestmark = pytest.mark.browser


async def test_a_relative_tests_their_own_channels(town: Town, url: str, chromium: Browser) -> None:
    await move_in(town)
    await with_ways(town, "rune", "sms-1", "voice-1")
    async with signed_in(town, url, chromium, "rune", "nb") as context:
        page = await context.new_page()
        await page.goto(f"{url}/family/settings")
        await page.get_by_role("link", name="Prøv varslingen").click()
        await page.wait_for_url("**/readiness")
        sms = page.locator('[data-channel="sms-1"]')
        await sms.get_by_role("button", name="Prøv").click()
        await expect(sms).to_have_attribute("data-state", "testing")
        (test,) = town.state.proofs.tests.values()
        assert (test.person, test.channel) == ("rune", "sms-1")
