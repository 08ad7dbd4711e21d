"""A press counts although what is pressed would be drawn anew in the same moment."""

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.unconnected import opened, until
from tests.web.happenings import give_task
from tests.web.town import Town

pytestmark = pytest.mark.browser
HELD = ".bar [data-action=accept]"
TIMES = ".hero .kind .chip"


async def hold(page: Page, pressed: str) -> None:
    """Press, and do not let go."""
    await page.locator(pressed).hover()
    await page.mouse.down()


async def test_an_alarm_that_comes_again_under_the_finger_takes_no_tap_away(
    town: Town, phone: OpenPage
) -> None:
    page = await phone("kari")
    alarm = await town.press()
    await opened(page, alarm)
    await hold(page, HELD)
    await town.press()
    await expect(page.locator("#assertive")).to_contain_text("Igjen")
    await page.mouse.up()
    await until(lambda: town.state.alarms[alarm].owner == "kari")


async def test_a_finger_that_rests_hides_nothing(town: Town, phone: OpenPage) -> None:
    page = await phone("kari")
    alarm = await town.press()
    await opened(page, alarm)
    await expect(page.locator(TIMES)).to_have_count(0)
    await hold(page, HELD)
    await town.press()
    await expect(page.locator(TIMES)).to_have_text("2 ganger")


async def test_a_page_that_the_server_writes_waits_for_the_finger_too(
    town: Town, phone: OpenPage, url: str
) -> None:
    page = await phone("kari", service_workers="block")
    task = await give_task(town)
    await page.goto(f"{url}/tasks")
    await page.evaluate("() => import('/static/js/fresh.js').then((one) => { self.fresh = one; })")
    await hold(page, f'[data-key="{task}-accept"]')
    await give_task(town)
    await page.evaluate("() => self.fresh.refresh()")
    await page.mouse.up()
    await until(lambda: town.state.book.tasks[task].owners == ("kari",))
    await expect(page.locator("[data-key$=-accept]")).to_have_count(1)
