"""A dialog by the Tab key: it stays in the dialog, and comes back to where it was."""

import pytest
from playwright.async_api import Browser, expect

from tests.browser.conftest import OpenPage
from tests.browser.visits import signed_in
from tests.web.lived_in import fill
from tests.web.town import Town

pytestmark = pytest.mark.browser
DESK = {"viewport": {"width": 1366, "height": 900}}


async def test_a_sheet_gives_the_focus_back_to_what_was_drawn_anew_meanwhile(
    town: Town, phone: OpenPage
) -> None:
    page = await phone("kari")
    alarm = await town.press()
    await page.locator(f'.card[data-key="{alarm}"]').click()
    button = page.get_by_role("button", name="Mer", exact=True)
    await button.focus()
    await page.evaluate("() => { window.opener_of_the_sheet = document.activeElement; }")
    await page.keyboard.press("Enter")
    await page.locator("dialog[open]").wait_for()
    await town.press()
    await page.wait_for_function("() => !window.opener_of_the_sheet.isConnected")
    await page.keyboard.press("Escape")
    await expect(button).to_be_focused()


@pytest.mark.parametrize("opener", ["Mer", "Samtale", "Hold: hjelp meg"])
async def test_a_dialog_holds_the_focus_and_gives_it_back(
    town: Town, url: str, chromium: Browser, opener: str
) -> None:
    await fill(town)
    async with signed_in(town, url, chromium, "kari", "nb", **DESK) as context:
        page = await context.new_page()
        await page.goto(url)
        card = page.locator("a.card", has_text="Olga Eksempel").first
        await card.click()
        button = page.get_by_role("button", name=opener, exact=True)
        await button.focus()
        await page.keyboard.press("Enter")
        await page.locator("dialog[open]").wait_for()
        within = await page.locator("dialog[open] :is(button, a[href], input, textarea)").count()
        for _ in range(within + 2):
            await page.keyboard.press("Tab")
            where = await page.evaluate(
                "() => document.activeElement === document.body"
                " || document.activeElement.closest('dialog[open]') !== null"
            )
            assert where, "the focus has left the dialog"
        await page.keyboard.press("Escape")
        await expect(button).to_be_focused()
