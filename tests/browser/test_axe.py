"""Every page in every language, light and dark, by axe-core: no violation of WCAG 2.1 A or AA, and
of axe's best practice none that is not judged here."""

import hashlib
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page

from hub.text import LANGUAGES
from tests.browser.visits import SCHEMES, each, looked_at, signed_in, visits
from tests.web.lived_in import fill
from tests.web.town import Town

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

AXE = Path(__file__).parent / "axe"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
JUDGED: dict[str, str] = {}
"""Rules of best practice that we break knowingly, and why."""
OF_THE_PERSON = {"/l/{token}"}
"""Pages in the language of whom they are for, whatever the browser prefers."""
RUN = """tags => axe.run(document, {runOnly: {type: "tag", values: tags}})
    .then(found => found.violations.map(one => ({
        rule: one.id,
        best: one.tags.includes("best-practice"),
        where: one.nodes.map(node => node.target.join(" ") + ": " + node.failureSummary),
    })))"""


def test_axe_is_the_one_that_was_vendored() -> None:
    for line in (AXE / "SHA256SUMS").read_text("utf-8").splitlines():
        digest, name = line.split()
        assert hashlib.sha256((AXE / name).read_bytes()).hexdigest() == digest


async def violations(page: Page) -> list[str]:
    """Return what axe finds wrong with the page as it is now."""
    await page.evaluate((AXE / "axe.min.js").read_text("utf-8"))
    found: list[dict[str, Any]] = await page.evaluate(RUN, TAGS)
    return [f"{one['rule']}: {'; '.join(one['where'][:4])}" for one in found if wrong(one)]


def wrong(one: dict[str, Any]) -> bool:
    return not (one["best"] and one["rule"] in JUDGED)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_page(town: Town, url: str, chromium: Browser, language: str) -> None:
    ids = await fill(town)
    found: list[str] = []
    for person, pages in each(visits()):
        async with signed_in(
            town, url, chromium, person, language, viewport={"width": 390, "height": 844}
        ) as context:
            for visit in pages:
                async with looked_at(context, url, visit, {**ids, "language": language}) as page:
                    if visit.path not in OF_THE_PERSON:
                        assert await page.locator("html").get_attribute("lang") == language
                    for scheme in SCHEMES:
                        await page.emulate_media(color_scheme=scheme)
                        wrongs = await violations(page)
                        found += [f"{visit.path} {scheme} {one}" for one in wrongs]
    assert found == [], "\n".join(found)


async def test_every_page_on_a_desk(town: Town, url: str, chromium: Browser) -> None:
    ids = await fill(town)
    found: list[str] = []
    for person, pages in each(visits()):
        async with signed_in(
            town, url, chromium, person, "nb", viewport={"width": 1366, "height": 900}
        ) as context:
            for visit in pages:
                async with looked_at(context, url, visit, ids) as page:
                    found += [f"{visit.path} {one}" for one in await violations(page)]
    assert found == [], "\n".join(found)
