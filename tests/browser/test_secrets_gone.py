"""A one-time code leaves the page: hidden, too old, or left behind."""

import re
from collections.abc import Awaitable, Callable
from urllib.parse import urljoin

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import OpenPage

pytestmark = pytest.mark.browser


async def hides(page: Page) -> None:
    await page.get_by_role("button", name="Skjul", exact=True).click()
    await expect(page.get_by_role("button", name="Legg til en telefon")).to_be_focused()


async def waits(page: Page) -> None:
    await page.clock.fast_forward(15 * 60 * 1000)


async def leaves(page: Page) -> None:
    await page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))")


@pytest.mark.parametrize("ends", [hides, waits, leaves])
async def test_nothing_of_a_code_stays_in_the_page(
    phone: OpenPage, ends: Callable[[Page], Awaitable[None]]
) -> None:
    page = await phone("kari")
    await page.clock.install()
    await page.goto(urljoin(page.url, "/phones"))
    await page.get_by_role("button", name="Legg til en telefon").click()
    code = await page.locator("#made .secret").inner_text()
    assert re.fullmatch(r"[0-9A-Z]{4}-[0-9A-Z]{4}", code)
    assert code in await page.content()
    await ends(page)
    await expect(page.locator("#made")).to_be_hidden()
    assert code not in await page.content()
    assert await page.locator("#made").inner_html() == ""


async def test_a_form_sent_before_its_script_has_come_sends_nothing_anywhere(
    phone: OpenPage,
) -> None:
    page = await phone("kari", service_workers="block")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    await page.route("**/js/forms.js*", lambda route: route.abort())
    await page.goto(urljoin(page.url, "/phones"))
    await page.locator("input[name=pin]").fill("4711")
    await page.locator("[data-key=pin]").click()
    await page.reload()
    assert page.url.endswith("/phones")
    assert not [one for one in asked if "4711" in one]
