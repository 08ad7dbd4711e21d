"""A real browser before the real pages; the town behind them lives in the same event loop."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page, Playwright, async_playwright

from tests.web.town import Town

ARGUMENTS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]
OpenPage = Callable[..., Awaitable[Page]]


class WallTown(Town):
    """A town on the wall clock: the browser's own clock cannot be told what time it is."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.now = time.time_ns() // 1000

    async def happens(self, *arguments: Any, **named: Any) -> str:
        self.now = max(self.now, time.time_ns() // 1000)
        return await super().happens(*arguments, **named)


@pytest.fixture
async def town(tmp_path: Path) -> Town:
    town = WallTown(tmp_path)
    await town.settle()
    return town


@pytest.fixture
async def url(town: Town) -> AsyncIterator[str]:
    async with town.open() as address:
        yield address


@pytest.fixture
async def playwright() -> AsyncIterator[Playwright]:
    async with async_playwright() as running:
        yield running


@pytest.fixture
async def chromium(playwright: Playwright) -> AsyncIterator[Browser]:
    browser = await playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
    yield browser
    await browser.close()


@pytest.fixture
async def phone(
    town: Town, url: str, playwright: Playwright, chromium: Browser
) -> AsyncIterator[OpenPage]:
    """Opens a phone on which a person has enrolled; a page error fails the test."""
    errors: list[str] = []
    async with AsyncExitStack() as stack:

        async def open_page(person: str, **options: Any) -> Page:
            device = {**playwright.devices["Pixel 7"], "locale": "nb-NO", **options}
            context = await stack.enter_async_context(await chromium.new_context(**device))
            page = await context.new_page()
            page.on("pageerror", lambda error: errors.append(str(error)))
            page.set_default_timeout(10_000)
            code = town.directory.issue_code(person, town.now)
            await page.goto(f"{url}/enrol#{code}")
            await page.wait_for_selector("#link.live")
            return page

        yield open_page
    assert errors == []
