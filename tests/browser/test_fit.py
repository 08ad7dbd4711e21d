"""Every page on a narrow screen, with large text, by touch, without motion, and by its edges."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page

from tests.browser.visits import SCHEMES, Visit, each, looked_at, signed_in, visits
from tests.web.lived_in import fill
from tests.web.town import Town

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

AUDIT = (Path(__file__).parent / "audit.js").read_text("utf-8")
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
NARROW = {"viewport": {"width": 320, "height": 640}, "has_touch": True}
"""WCAG 2.1, 1.4.10: 320 CSS pixels, which is 1280 at 400 %."""
LARGE = "() => { document.documentElement.style.fontSize = '200%'; }"
"""WCAG 2.1, 1.4.4."""
TARGET = 44
"""CSS pixels; WCAG 2.1, 2.5.5 (AAA). What is tapped in a hurry is 48 or more."""

Opened = Callable[..., AsyncIterator[tuple[Visit, Page]]]


@pytest.fixture
def opened(town: Town, url: str, chromium: Browser) -> Opened:
    """Opens page after page as who looks at it, with the audit in it."""

    async def pages(device: dict[str, Any], language: str = "nb") -> AsyncIterator[Any]:
        ids = await fill(town)
        for person, some in each(visits()):
            async with signed_in(town, url, chromium, person, language, **device) as context:
                for visit in some:
                    async with looked_at(
                        context, url, visit, {**ids, "language": language}
                    ) as page:
                        await page.evaluate(AUDIT)
                        yield visit, page

    return pages


async def said(page: Page, question: str) -> list[str]:
    """Return what the audit says."""
    found: list[str] = await page.evaluate(f"() => vardeAudit.{question}")
    return found


@pytest.mark.parametrize("language", ["nb", "en"])
async def test_nothing_scrolls_sideways_or_is_cut_on_a_narrow_screen(
    opened: Opened, language: str
) -> None:
    found: list[str] = []
    async for visit, page in opened(NARROW, language):
        found += [f"{visit.path} {one}" for one in await said(page, "unfit()")]
    assert found == [], "\n".join(found)


async def test_nothing_scrolls_sideways_or_is_cut_with_text_at_200_percent(opened: Opened) -> None:
    found: list[str] = []
    async for visit, page in opened(PHONE):
        await page.evaluate(LARGE)
        found += [f"{visit.path} {one}" for one in await said(page, "unfit()")]
    assert found == [], "\n".join(found)


async def test_what_is_tapped_is_large_enough(opened: Opened) -> None:
    found: list[str] = []
    async for visit, page in opened(PHONE):
        found += [f"{visit.path} {one}" for one in await said(page, f"small({TARGET})")]
    assert found == [], "\n".join(found)


async def test_edges_of_fields_and_icons_stand_out_in_light_and_dark(opened: Opened) -> None:
    found: list[str] = []
    async for visit, page in opened(PHONE):
        for scheme in SCHEMES:
            await page.emulate_media(color_scheme=scheme)
            found += [f"{visit.path} {scheme} {one}" for one in await said(page, "faint()")]
    assert found == [], "\n".join(found)


async def test_nothing_moves_for_who_wants_no_motion(opened: Opened) -> None:
    found: list[str] = []
    async for visit, page in opened({**PHONE, "reduced_motion": "reduce"}):
        found += [f"{visit.path} {one}" for one in await said(page, "moving()")]
    assert found == [], "\n".join(found)
