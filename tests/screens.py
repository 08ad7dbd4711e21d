"""Pictures of every screen: `python -m tests.screens [--out DIR] [--language nb] [--only WORD]`.

Starts the town of the tests on a busy day (everybody in it is invented), opens every page in
Chromium as who may see it, on a phone and on a desk, light and dark, and some of what opens on a
tap. Ends everything it started.
"""

import argparse
import asyncio
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, NamedTuple

from playwright.async_api import Browser, Page, async_playwright

from hub.text import LANGUAGES
from tests.browser.conftest import ARGUMENTS, WallTown
from tests.browser.visits import SCHEMES, Visit, each, looked_at, signed_in, visits
from tests.web.lived_in import fill

SIZES: dict[str, dict[str, Any]] = {
    "phone": {
        "viewport": {"width": 390, "height": 844},
        "device_scale_factor": 2,
        "is_mobile": True,
        "has_touch": True,
    },
    "desk": {"viewport": {"width": 1366, "height": 900}},
}


GROWN = """async () => {
    const height = () => document.scrollingElement.scrollHeight;
    for (let last; last !== height();) {
        last = height();
        await new Promise(done => setTimeout(done, 300));
    }
    return height();
}"""
"""The height of a page to which nothing is added any more: lists are drawn after the page."""


class Deed(NamedTuple):
    """What opens on a page by a tap, as a screen of its own."""

    path: str
    name: str
    open: Callable[[Page], Awaitable[None]]


async def _more(page: Page) -> None:
    await page.locator(".bar [data-action=more], .bar .act").last.click()
    await page.locator("dialog[open]").wait_for()


async def _map(page: Page) -> None:
    await page.locator(".where > button").click()
    await page.locator(".map .map-here").wait_for()


async def _hold(page: Page) -> None:
    await page.locator("#hold").press("Enter")
    await page.locator("dialog[open]").wait_for()


async def _code(page: Page) -> None:
    await page.locator("[data-make]").first.click()
    await page.locator(".made svg").wait_for()


DEEDS = (
    Deed("/", "hold", _hold),
    Deed("/alarms/{alarm_id}", "map", _map),
    Deed("/alarms/{alarm_id}", "more", _more),
    Deed("/people/{person_id}/phones", "code", _code),
)


def main() -> None:
    """Take the pictures."""
    parser = argparse.ArgumentParser(prog="python -m tests.screens", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path(".test-results/screens"))
    parser.add_argument("--language", choices=LANGUAGES, default="nb")
    parser.add_argument("--only", default="", help="only screens whose name has this in it")
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    taken = asyncio.run(_take_all(args.out, args.language, args.only))
    print(f"{taken} pictures in {args.out}")


async def _take_all(out: Path, language: str, only: str) -> int:
    taken = 0
    async with _town() as (town, url, ids, chromium):
        for size, device in SIZES.items():
            for person, pages in each(visits()):
                wanted = [visit for visit in pages if only in visit.name]
                if not wanted:
                    continue
                async with signed_in(town, url, chromium, person, language, **device) as context:
                    for visit in wanted:
                        named = {**ids, "language": language}
                        async with looked_at(context, url, visit, named) as page:
                            taken += await _take(page, visit, out / size)
    return taken


@asynccontextmanager
async def _town() -> AsyncIterator[tuple[WallTown, str, dict[str, str], Browser]]:
    with tempfile.TemporaryDirectory() as folder:
        town = WallTown(Path(folder))
        await town.settle()
        async with town.open() as url, async_playwright() as playwright:
            chromium = await playwright.chromium.launch(
                executable_path="/usr/bin/chromium", args=[*ARGUMENTS, "--lang=nb-NO"]
            )
            yield town, url, await fill(town), chromium
            await chromium.close()


async def _take(page: Page, visit: Visit, start: Path) -> int:
    """Take one page in both colour schemes, and what opens on it."""
    taken = await _in_both(page, f"{start}-{visit.name}", whole=True)
    for deed in DEEDS:
        if deed.path == visit.path:
            await deed.open(page)
            taken += await _in_both(page, f"{start}-{visit.name}-{deed.name}", whole=False)
    return taken


async def _in_both(page: Page, start: str, *, whole: bool) -> int:
    """Take a picture in both schemes; of a whole page on a screen as long as the page, so that
    what is fixed to the screen's foot stands at the foot of the picture."""
    size = page.viewport_size
    assert size is not None
    if whole:
        height = await page.evaluate(GROWN)
        await page.set_viewport_size({**size, "height": max(height, size["height"])})
    for scheme in SCHEMES:
        await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        await page.screenshot(path=f"{start}-{scheme}.png")
    await page.set_viewport_size(size)
    return len(SCHEMES)


if __name__ == "__main__":
    main()
