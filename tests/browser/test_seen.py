"""That a person has seen an alarm is told again until the hub has heard it, and is one command."""

import json

import pytest
from playwright.async_api import Browser, Page, Request, Route

from tests.browser.conftest import OpenPage
from tests.browser.unconnected import opened, until
from tests.browser.visits import signed_in
from tests.web.family import move_in
from tests.web.town import Town

pytestmark = pytest.mark.browser
LOST = 1


async def lose(page: Page, how: str) -> list[str]:
    """Let the first tellings be lost; return the ids of all, as they come."""
    ids: list[str] = []

    async def handle(route: Route, request: Request) -> None:
        ids.append(json.loads(request.post_data or "")["id"])
        if len(ids) > LOST:
            await route.continue_()
        elif how == "no connection":
            await route.abort()
        else:
            await route.fulfill(status=503, json={"text": "Starter"})

    await page.route("**/commands", handle)
    return ids


@pytest.mark.parametrize("how", ["no connection", "503"])
async def test_staff_have_seen_it_when_the_connection_is_back(
    town: Town, phone: OpenPage, how: str
) -> None:
    page = await phone("kari")
    ids = await lose(page, how)
    alarm = await town.press()
    await opened(page, alarm)
    await until(lambda: "kari" in town.state.alarms[alarm].seen)
    assert (len(ids), len(set(ids))) == (LOST + 1, 1)


async def test_a_relative_has_seen_it_when_the_hub_answers_again(
    town: Town, url: str, chromium: Browser
) -> None:
    await move_in(town)
    alarm = await town.press()
    async with signed_in(town, url, chromium, "rune", "nb") as context:
        page = await context.new_page()
        ids = await lose(page, "503")
        await page.goto(f"{url}/family")
        await until(lambda: "rune" in town.state.alarms[alarm].seen)
        assert (len(ids), len(set(ids))) == (LOST + 1, 1)
