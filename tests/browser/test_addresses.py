"""Addresses that no encoder writes: `%E0` alone is no UTF-8."""

import pytest
from playwright.async_api import expect

from tests.browser.conftest import OpenPage
from tests.browser.unconnected import lose_session, worker_is_ready

pytestmark = pytest.mark.browser
BAD = "%E0"


async def test_an_alarm_that_cannot_be_named_is_not_found(phone: OpenPage, url: str) -> None:
    page = await phone("kari")
    answer = await page.goto(f"{url}/alarms/{BAD}")
    assert answer is not None
    assert answer.status == 404
    await expect(page.get_by_role("heading", name="Ikke funnet")).to_be_visible()


async def test_a_page_that_is_open_says_that_there_is_no_such_alarm(phone: OpenPage) -> None:
    page = await phone("kari")
    await page.evaluate(
        "(bad) => { history.pushState(null, '', `/alarms/${bad}`);"
        " dispatchEvent(new PopStateEvent('popstate')); }",
        BAD,
    )
    await expect(page.locator("#detail")).to_contain_text("Denne alarmen er ikke her lenger.")


async def test_codes_that_cannot_be_read_are_wrong_codes(phone: OpenPage, url: str) -> None:
    page = await phone("kari")
    await page.goto(f"{url}/enrol#{BAD}")
    await expect(page.locator("#problem")).to_have_text("Koden har 8 bokstaver og tall.")
    await page.goto(f"{url}/recover#{BAD}")
    await page.get_by_role("main").get_by_role("button").first.click()
    await expect(page.locator("#problem")).not_to_be_empty()


async def test_the_worker_leads_a_stranger_to_the_sign_in(phone: OpenPage, url: str) -> None:
    page = await phone("kari")
    await worker_is_ready(page.context, page)
    await lose_session(page)
    await page.goto(f"{url}/alarms/{BAD}")
    await page.wait_for_url("**/sign-in")
