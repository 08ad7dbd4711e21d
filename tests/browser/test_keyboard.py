"""Every page by the Tab key: it comes to everything in the order of the page, shows where it is,
and leaves again."""

from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser.test_fit import AUDIT
from tests.browser.visits import each, looked_at, signed_in, visits
from tests.web.lived_in import fill
from tests.web.town import Town

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
DESK = {"viewport": {"width": 1366, "height": 900}}
PHONE = {"viewport": {"width": 390, "height": 844}}
HOME = """() => {
    document.body.tabIndex = -1;
    document.body.focus();
    document.body.removeAttribute("tabindex");
    scrollTo(0, 0);
}"""
"""Puts the place from which Tab goes on to the page's beginning."""
MOST = 400
"""Stops after which a page counts as a trap."""


async def walk(page: Page) -> list[dict[str, Any]]:
    """Press Tab until the page is left; return every stop."""
    await page.evaluate(HOME)
    stops: list[dict[str, Any]] = []
    for _ in range(MOST):
        await page.keyboard.press("Tab")
        stop = await page.evaluate("() => vardeAudit.focus()")
        if stop is None or (stops and stop["place"] == stops[0]["place"] and len(stops) > 1):
            return stops
        stops.append(stop)
    raise AssertionError(f"the Tab key does not leave {page.url}")


def judged(stops: list[dict[str, Any]], expected: int) -> list[str]:
    """Return what is wrong with a walk: faint or hidden focus, a jump back, a stop left out."""
    found = [f"{stop['name']}: {wrong}" for stop in stops for wrong in stop["wrong"]]
    places = [stop["place"] for stop in stops]
    if places != sorted(places):
        found.append(f"the order jumps: {places}")
    if len(set(places)) != expected:
        found.append(f"{len(set(places))} of {expected} are reached")
    return found


@pytest.mark.parametrize("device", [PHONE, DESK], ids=["phone", "desk"])
async def test_the_tab_key_reaches_everything_in_order_and_shows_where(
    town: Town, url: str, chromium: Browser, device: dict[str, Any]
) -> None:
    ids = await fill(town)
    found: list[str] = []
    for person, pages in each(visits()):
        async with signed_in(town, url, chromium, person, "nb", **device) as context:
            for visit in pages:
                async with looked_at(context, url, visit, ids) as page:
                    await page.evaluate(AUDIT)
                    stops = await walk(page)
                    expected = await page.evaluate("() => vardeAudit.stops()")
                    found += [f"{visit.path} {one}" for one in judged(stops, expected)]
    assert found == [], "\n".join(found)


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
