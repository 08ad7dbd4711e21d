"""What tests without a connection share: pressing in a valley, and looking into the phone."""

import asyncio
import time
from collections.abc import Callable
from typing import Any

from playwright.async_api import BrowserContext, Locator, Page, expect

from hub.reads.port import Sought
from routing.inputs import Command
from routing.lifecycle import Action, Phase
from tests.browser.conftest import PATIENCE_S
from tests.web.town import Town

WAITS = "Ikke sendt: ingen forbindelse"


async def opened(page: Page, alarm: str) -> None:
    await page.locator(f'.card[data-key="{alarm}"]').click()
    await page.locator("#detail h1").wait_for()


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not holds():  # noqa: ASYNC110 - the town has no event for it
            await asyncio.sleep(0.02)


def accepts(town: Town, alarm: str) -> list[str]:
    said = [one for _, one in town.heard if isinstance(one, Command) and one.alarm == alarm]
    return [one.id for one in said if one.action is Action.ACCEPT]


async def stored(page: Page) -> list[dict[str, Any]]:
    """Return what lies in the browser's outbox."""
    found: list[dict[str, Any]] = await page.evaluate("() => vardeOutbox.all()")
    return found


async def lose_session(page: Page, **cookie: str) -> None:
    """Let the session's cookie be gone. No page is open meanwhile: one that asks the hub for
    anything leaves for the sign-in by itself, and aborts where the test is about to go."""
    await page.goto("about:blank")
    await page.context.clear_cookies(**cookie)


async def without_worker_sync(page: Page) -> None:
    """Let the page alone send what waits: the worker has its own clock and its own connection."""
    await page.add_init_script(
        "Object.defineProperty(ServiceWorkerRegistration.prototype, 'sync', { value: undefined })"
    )


async def with_clock(page: Page, ahead_ms: int = 0) -> None:
    """Give the page a clock that a test can turn, and load it anew. The service worker's cannot be
    turned: what waits would be young to it, so this page does not ask it to send."""
    await without_worker_sync(page)
    await page.evaluate("() => vardeZone.erase()")
    await page.clock.install(time=(time.time_ns() // 1_000_000 + ahead_ms) / 1000)
    await page.reload()
    await page.wait_for_selector("#link.live")
    await page.wait_for_function("() => vardeZone.listed('kari')")


async def zone_of(page: Page) -> Any:
    return await page.evaluate("() => vardeZone.listed('kari')")


async def unsent_accept(town: Town, page: Page) -> str:
    alarm = await town.press()
    await opened(page, alarm)
    await page.get_by_role("button", name="Kvitter").wait_for()
    await page.context.set_offline(True)
    await page.get_by_role("button", name="Kvitter").click()
    await expect(page.get_by_text(WAITS).first).to_be_visible()
    return alarm


async def taken_by_ola(town: Town, alarm: str) -> None:
    await town.take(
        Command(
            id="ola-takes-it",
            alarm=alarm,
            person="ola",
            action=Action.ACCEPT,
            seen_phase=Phase.LOOKING,
            made_at=town.now,
        )
    )


async def until_stored(page: Page, count: int) -> None:
    script = "async (count) => (await vardeOutbox.all()).length === count"
    await page.wait_for_function(script, arg=count)


async def shown_home(page: Page) -> Locator:
    home = page.locator('[data-home="r-1"]')
    await home.locator("summary").click()
    return home


def find(town: Town) -> list[Any]:
    return list(town.site.reads.find(Sought()))


async def worker_is_ready(context: BrowserContext, page: Page) -> None:
    await page.evaluate("async () => { await navigator.serviceWorker.ready; }")
    if not await page.evaluate("() => Boolean(navigator.serviceWorker.controller)"):
        await page.reload()
        await page.wait_for_selector("#link.live")
