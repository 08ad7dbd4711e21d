"""What axe does not look at, asked of a page: by `audit.js` in it, and by the Tab key."""

from pathlib import Path
from typing import Any

from playwright.async_api import Page

AUDIT = (Path(__file__).parent / "audit.js").read_text("utf-8")
TARGET = 44
"""CSS pixels; WCAG 2.1, 2.5.5 (AAA). What is tapped in a hurry is 48 or more."""
HOME = """() => {
    document.body.tabIndex = -1;
    document.body.focus();
    document.body.removeAttribute("tabindex");
    scrollTo(0, 0);
}"""
"""Puts the place from which Tab goes on to the page's beginning."""
MOST = 400
"""Stops after which a page counts as a trap."""


async def said(page: Page, question: str) -> list[str]:
    """Return what the audit says."""
    found: list[str] = await page.evaluate(f"() => vardeAudit.{question}")
    return found


async def by_tab(page: Page) -> list[str]:
    """Return what is wrong on the way of the Tab key through the page."""
    stops = await walk(page)
    return judged(stops, await page.evaluate("() => vardeAudit.stops()"))


async def walk(page: Page) -> list[dict[str, Any]]:
    """Press Tab until the page is left; return every stop."""
    await page.evaluate(HOME)
    stops: list[dict[str, Any]] = []
    for _ in range(MOST):
        await page.keyboard.press("Tab")
        stop = await page.evaluate("() => vardeAudit.focus()")
        if stop is None or (stops and stop["place"] == stops[0]["place"] and len(stops) > 1):
            return stops
        stops.append(stop)
    raise AssertionError(f"the Tab key does not leave {page.url}")


def judged(stops: list[dict[str, Any]], expected: int) -> list[str]:
    """Return what is wrong with a walk: faint or hidden focus, a jump back, a stop left out."""
    found = [f"{stop['name']}: {wrong}" for stop in stops for wrong in stop["wrong"]]
    places = [stop["place"] for stop in stops]
    if places != sorted(places):
        found.append(f"the order jumps: {places}")
    if len(set(places)) != expected:
        found.append(f"{len(set(places))} of {expected} are reached")
    return found
