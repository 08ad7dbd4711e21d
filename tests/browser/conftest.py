"""A real browser before the real pages; the town behind them lives in the same event loop.

One Chromium serves all tests of a worker, so they share its event loop. Each has a town of its own,
and browser profiles of its own, which share nothing.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Generator
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import (
    Browser,
    BrowserContext,
    Page,
    Playwright,
    Route,
    async_playwright,
    expect,
)

from tests.browser.witness import Witness
from tests.web.quick import quick_codes
from tests.web.town import Town

__all__ = ["quick_codes"]  # a fixture

ARGUMENTS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]
PATIENCE_S = 30.0
"""A machine that has other work is slow; what does not come at all is found all the same."""
CONFIRM_S = 3.0
"""Until a command counts as unconfirmed. What is confirmed at once here never waits for it."""
OpenPage = Callable[..., Awaitable[Page]]
WITNESS = Witness()
expect.set_options(timeout=PATIENCE_S * 1000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the tests of this folder run in the loop in which the browser lives."""
    for item in items:
        if item.path.parent == Path(__file__).parent and pytest_asyncio.is_async_test(item):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


def pytest_runtest_setup() -> None:
    WITNESS.begin()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Say with a failure what the browser did."""
    report = yield
    if report.failed:
        report.sections.append(("What the browser did", WITNESS.told()))
    return report


class WallTown(Town):
    """A town on the wall clock: the browser's own clock cannot be told what time it is."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.now = time.time_ns() // 1000
        self.site = replace(self.site, confirm_within_s=CONFIRM_S)

    async def happens(self, *arguments: Any, **named: Any) -> str:
        self.now = max(self.now, time.time_ns() // 1000)
        return await super().happens(*arguments, **named)


@pytest_asyncio.fixture(loop_scope="session")
async def town(tmp_path: Path) -> Town:
    town = WallTown(tmp_path)
    await town.settle()
    return town


@pytest_asyncio.fixture(loop_scope="session")
async def url(town: Town) -> AsyncIterator[str]:
    async with town.open() as address:
        yield address


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def playwright() -> AsyncIterator[Playwright]:
    async with async_playwright() as running:
        yield running


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium(playwright: Playwright) -> AsyncIterator[Browser]:
    browser = await playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
    browser.on("context", WITNESS.hear)
    yield browser
    await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def phone(
    town: Town, url: str, playwright: Playwright, chromium: Browser
) -> AsyncIterator[OpenPage]:
    """Opens a phone on which a person has enrolled; a page error fails the test."""
    errors: list[str] = []
    async with AsyncExitStack() as stack:

        async def open_page(person: str, **options: Any) -> Page:
            device = {**playwright.devices["Pixel 7"], "locale": "nb-NO", **options}
            context = await chromium.new_context(**device)
            stack.push_async_callback(_close, context)
            page = await context.new_page()
            page.on("pageerror", lambda error: errors.append(str(error)))
            page.set_default_timeout(PATIENCE_S * 1000)
            code = town.directory.issue_code(person, town.now)
            await page.goto(f"{url}/enrol#{code}")
            await page.wait_for_selector("#link.live")
            return page

        yield open_page
    assert errors == []


async def listening(page: Page) -> None:
    """Wait until a page that the server writes listens: its scripts wait for their texts, and the
    browser calls it loaded before they have come."""
    await page.evaluate("() => import('/static/js/fresh.js').then(() => {})")


async def hold_texts(page: Page) -> asyncio.Event:
    """Keep the page's scripts from listening until the event is set: they wait for their texts."""
    come = asyncio.Event()

    async def wait(route: Route) -> None:
        await come.wait()
        await route.continue_()

    await page.route("**/text/*.json*", wait)
    return come


async def _close(context: BrowserContext) -> None:
    """End it, or fail: a browser that hangs is not waited for until the night is over."""
    async with asyncio.timeout(PATIENCE_S):
        await context.close()
