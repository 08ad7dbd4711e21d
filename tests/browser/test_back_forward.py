"""A page that comes back from the back/forward cache is old until the hub has spoken."""

import asyncio
from urllib.parse import urljoin

import pytest
from playwright.async_api import Page, Route, expect

from routing.inputs import Command
from routing.lifecycle import Action, Phase
from tests.browser.conftest import OpenPage, listening
from tests.browser.test_duty import at_duty
from tests.web.town import Town

pytestmark = pytest.mark.browser
WITHOUT_CLOCK = "window.setInterval = () => 0;"
"""Nothing is drawn anew by the clock, so what is drawn is drawn for another reason."""


async def turns(page: Page, happening: str) -> None:
    """Let the page be put away (`pagehide`) or come back (`pageshow`), as a browser does it."""
    await page.evaluate(
        "(name) => dispatchEvent(new PageTransitionEvent(name, { persisted: true }))", happening
    )


async def test_the_list_is_not_live_before_it_has_been_asked_for_anew(
    town: Town, phone: OpenPage
) -> None:
    page = await phone("kari")
    asked, answered = asyncio.Event(), asyncio.Event()

    async def hold(route: Route) -> None:
        asked.set()
        await answered.wait()
        await route.continue_()

    await turns(page, "pagehide")
    await expect(page.locator("#link.live")).to_have_count(0)
    alarm = await town.press()
    await page.route("**/api/alarms", hold)
    await turns(page, "pageshow")
    await asked.wait()
    await expect(page.locator("#link.live")).to_have_count(0)
    assert await page.locator(".card").count() == 0
    answered.set()
    await expect(page.locator(f'.card[data-key="{alarm}"]')).to_be_visible()
    await expect(page.locator("#link.live")).to_be_visible()


async def test_what_the_server_wrote_is_drawn_anew_at_once(town: Town, phone: OpenPage) -> None:
    page = await at_duty(phone, "kari", WITHOUT_CLOCK)
    await expect(page.get_by_role("heading", name="Olga Eksempel")).to_have_count(0)
    alarm = await town.press()
    await town.take(
        Command(
            id="kari-takes-it",
            alarm=alarm,
            person="kari",
            action=Action.ACCEPT,
            seen_phase=Phase.LOOKING,
            made_at=town.now,
        )
    )
    await turns(page, "pageshow")
    await expect(page.get_by_role("heading", name="Olga Eksempel")).to_be_visible()


async def test_whose_session_is_over_sees_nothing_of_it_again(phone: OpenPage) -> None:
    page = await phone("kari")
    await page.add_init_script(WITHOUT_CLOCK)
    await page.goto(urljoin(page.url, "/tasks"))
    await listening(page)
    await page.context.clear_cookies()
    await turns(page, "pageshow")
    await page.wait_for_url("**/sign-in")
