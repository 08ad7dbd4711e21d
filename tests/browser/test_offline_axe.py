"""What stands on the page only after a tap or without a connection, by axe-core, light and dark."""

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.test_axe import violations
from tests.browser.unconnected import opened, shown_home, taken_by_ola, unsent_accept, with_clock
from tests.browser.visits import SCHEMES
from tests.web.test_entry import located
from tests.web.town import Town

pytestmark = pytest.mark.browser


async def no_violations(page: Page) -> None:
    for scheme in SCHEMES:
        await page.emulate_media(color_scheme=scheme)
        assert await violations(page) == [], scheme


async def test_the_way_in_and_the_map(town: Town, phone: OpenPage) -> None:
    page = await phone("kari")
    alarm = await town.press()
    await located(town, alarm)
    await opened(page, alarm)
    await page.get_by_role("button", name="Kvitter").click()
    await page.get_by_role("button", name="Vis hvordan jeg kommer inn").click()
    await page.locator(".facts.entry").wait_for()
    await page.get_by_role("button", name="Vis på kart").click()
    await expect(page.locator(".map .map-here")).to_be_visible()
    await no_violations(page)


async def test_the_outbox_and_the_homes(town: Town, phone: OpenPage) -> None:
    page = await phone("kari")
    await page.wait_for_function("() => vardeZone.listed('kari')")
    await unsent_accept(town, page)
    await no_violations(page)
    await page.get_by_role("link", name="Tilbake til alarmene").click()
    home = await shown_home(page)
    await expect(home).to_contain_text("Prøveveien 7")
    await no_violations(page)


async def test_what_is_asked_again_and_what_was_refused(town: Town, phone: OpenPage) -> None:
    page = await phone("kari")
    await with_clock(page)
    alarm = await unsent_accept(town, page)
    await page.clock.fast_forward(121_000)
    await taken_by_ola(town, alarm)
    await page.context.set_offline(False)
    await expect(page.get_by_text("Vil du det fortsatt?").first).to_be_visible()
    await no_violations(page)
    await page.get_by_role("button", name="Send nå").click()
    await page.get_by_role("link", name="Tilbake til alarmene").click()
    await expect(page.locator('#outbox [data-state="refused"]')).to_be_visible()
    await no_violations(page)
