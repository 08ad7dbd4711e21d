"""A planned look from the phone: the viewer opens in a tab of its own, which learns nothing."""

import asyncio
from urllib.parse import urljoin

import pytest
from playwright.async_api import Request, Route, expect

from tests.browser.conftest import OpenPage
from tests.web.test_look import LINK, decided, take_up, viewed
from tests.web.town import Town

pytestmark = pytest.mark.browser


async def test_the_viewer_opens_beside_the_page_and_learns_nothing(
    town: Town, phone: OpenPage
) -> None:
    page = await phone("kari")
    asked: list[Request] = []

    async def answer(route: Route) -> None:
        asked.append(route.request)
        await route.fulfill(body="<title>Viewer</title>", content_type="text/html")

    await page.context.route("https://camera.example.org/**", answer)
    await decided(town)
    await take_up(town, "kari")
    await page.goto(urljoin(page.url, "/tasks"))
    async with page.context.expect_page() as opened:
        await page.get_by_role("button", name="Se til").click()
    viewer = await opened.value
    await viewer.wait_for_url(LINK)
    assert await viewer.title() == "Viewer"
    assert await viewer.evaluate("[window.opener, document.referrer]") == [None, ""]
    assert [one.url for one in asked if one.is_navigation_request()] == [LINK]
    headers = [await one.all_headers() for one in asked]
    assert not any("referer" in sent for sent in headers)
    await expect(page.locator("#said")).to_be_visible()
    assert viewed(town) == ["kari"]


async def test_a_refusal_opens_nothing_and_is_said(town: Town, phone: OpenPage) -> None:
    page = await phone("kari")
    await decided(town)
    await take_up(town, "kari")
    await page.goto(urljoin(page.url, "/tasks"))
    await decided(town, objects=("viewing",))
    closed = asyncio.Event()
    page.context.on("page", lambda opened: opened.on("close", lambda _: closed.set()))
    await page.get_by_role("button", name="Se til").click()
    await expect(page.locator("#said")).to_contain_text("har reservert seg mot digitalt tilsyn")
    # The tab is opened by the click itself (later, a browser would block it); its end comes after.
    await closed.wait()
    assert len(page.context.pages) == 1
    assert viewed(town) == []
