"""A round through every page, on which everything is asked of a page while it is open: to load the
pages anew for each question would take most of the time."""

import tempfile
from collections.abc import Awaitable, Callable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple

from playwright.async_api import Browser, Page

from tests.browser.audit import AUDIT, TARGET, by_tab, said
from tests.browser.conftest import WallTown
from tests.browser.test_axe import violations
from tests.browser.visits import Visit, each, looked_at, signed_in, visits
from tests.web.lived_in import fill

DEVICES: Mapping[str, dict[str, Any]] = {
    "phone": {
        "viewport": {"width": 390, "height": 844},
        "has_touch": True,
        "is_mobile": True,
        "reduced_motion": "reduce",
    },
    "desk": {"viewport": {"width": 1366, "height": 900}},
}
NARROW: Any = {"width": 320, "height": 640}
"""WCAG 2.1, 1.4.10: 320 CSS pixels, which is 1280 at 400 %."""
LARGE = "() => { document.documentElement.style.fontSize = '200%'; }"
"""WCAG 2.1, 1.4.4."""
OF_THE_PERSON = {"/l/{token}"}
"""Pages in the language of whom they are for, whatever the browser prefers."""


class Asked(StrEnum):
    """What is asked of a page."""

    LANGUAGE = "language"
    """It says in which language it is."""
    MOVING = "moving"
    """Nothing moves for who wants no motion."""
    SMALL = "small"
    """What is tapped is large enough."""
    AXE = "axe"
    AXE_DARK = "axe-dark"
    FAINT = "faint"
    """Edges of fields and icons stand out."""
    FAINT_DARK = "faint-dark"
    TAB = "tab"
    """The Tab key reaches everything in the order of the page, and shows where it is."""
    NARROW = "narrow"
    """Nothing scrolls sideways or is cut on a narrow screen."""
    LARGE = "large"
    """The same with text at 200 %, which stays so: it is asked last."""


EVERYTHING = tuple(Asked)
ROUNDS: Mapping[tuple[str, str], tuple[Asked, ...]] = {
    ("phone", "nb"): EVERYTHING,
    ("phone", "nn"): tuple(one for one in EVERYTHING if one is not Asked.TAB),
    ("phone", "en"): tuple(one for one in EVERYTHING if one is not Asked.TAB),
    ("desk", "nb"): (Asked.LANGUAGE, Asked.AXE, Asked.TAB),
}
"""Where and in which language, and what is asked there, in this order."""


class Found(NamedTuple):
    """What a round has come to."""

    pages: list[str]
    wrong: Mapping[Asked, list[str]]
    """In words, with the page before them."""


async def go_round(chromium: Browser, device: str, language: str) -> Found:
    """Visit every page of a town on a busy day."""
    found = Found([], {asked: [] for asked in ROUNDS[device, language]})
    with tempfile.TemporaryDirectory() as folder:
        town = WallTown(Path(folder))
        await town.settle()
        async with town.open() as url:
            ids = {**await fill(town), "language": language}
            for person, pages in each(visits()):
                options = DEVICES[device]
                async with signed_in(town, url, chromium, person, language, **options) as context:
                    for visit in pages:
                        async with looked_at(context, url, visit, ids) as page:
                            await _ask(page, visit, language, found)
    return found


async def _ask(page: Page, visit: Visit, language: str, found: Found) -> None:
    found.pages.append(visit.path)
    await page.evaluate(AUDIT)
    for asked, wrong in found.wrong.items():
        if asked is Asked.LANGUAGE:
            words = [] if visit.path in OF_THE_PERSON else await _language(page, language)
        else:
            words = await QUESTIONS[asked](page)
        wrong += [f"{visit.path} {one}" for one in words]


async def _language(page: Page, language: str) -> list[str]:
    said_to_be = await page.locator("html").get_attribute("lang")
    return [] if said_to_be == language else [f"is said to be in {said_to_be}"]


async def _narrow(page: Page) -> list[str]:
    before: Any = page.viewport_size
    await page.set_viewport_size(NARROW)
    found = await said(page, "unfit()")
    await page.set_viewport_size(before)
    return found


async def _large(page: Page) -> list[str]:
    await page.evaluate(LARGE)
    return await said(page, "unfit()")


Question = Callable[[Page], Awaitable[list[str]]]


def _audited(question: str) -> Question:
    return lambda page: said(page, question)


def _in_the_dark(question: Question) -> Question:
    async def asked(page: Page) -> list[str]:
        await page.emulate_media(color_scheme="dark")
        found = await question(page)
        await page.emulate_media(color_scheme="light")
        return found

    return asked


QUESTIONS: Mapping[Asked, Question] = {
    Asked.MOVING: _audited("moving()"),
    Asked.SMALL: _audited(f"small({TARGET})"),
    Asked.AXE: violations,
    Asked.AXE_DARK: _in_the_dark(violations),
    Asked.FAINT: _audited("faint()"),
    Asked.FAINT_DARK: _in_the_dark(_audited("faint()")),
    Asked.TAB: by_tab,
    Asked.NARROW: _narrow,
    Asked.LARGE: _large,
}
