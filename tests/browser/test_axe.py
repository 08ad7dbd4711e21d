"""What axe-core says of a page: no violation of WCAG 2.1 A or AA, and of axe's best practice none
that is not judged here."""

import hashlib
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page

pytestmark = pytest.mark.browser

AXE = Path(__file__).parent / "axe"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
JUDGED: dict[str, str] = {}
"""Rules of best practice that we break knowingly, and why."""
RUN = """tags => axe
    .run(document, {runOnly: {type: "tag", values: tags}, resultTypes: ["violations"]})
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
    if not await page.evaluate("() => 'axe' in window"):
        await page.evaluate((AXE / "axe.min.js").read_text("utf-8"))
    found: list[dict[str, Any]] = await page.evaluate(RUN, TAGS)
    return [f"{one['rule']}: {'; '.join(one['where'][:4])}" for one in found if wrong(one)]


def wrong(one: dict[str, Any]) -> bool:
    return not (one["best"] and one["rule"] in JUDGED)
