"""The screen-reader script of docs/accessibility/screen-reader.md, walked by keyboard: after each
step Chromium's accessibility tree holds what the script says is announced, in that order."""

import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.async_api import Browser, BrowserContext, Locator, Page, expect

from tests.browser.conftest import PATIENCE_S
from tests.browser.spoken import missing, spoken
from tests.browser.visits import signed_in
from tests.web.family import move_in
from tests.web.town import Town

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
SCRIPT = Path(__file__).parents[2] / "docs" / "accessibility" / "screen-reader.md"
PHONE = {"viewport": {"width": 390, "height": 844}}


class Said(NamedTuple):
    """A row of the script."""

    step: str
    lines: list[str]


def script() -> list[Said]:
    """Return the script's rows: `| step | do | what is said |`, each line in a code span."""
    rows = re.findall(r"^\| (\w+) \|[^|]*\|([^|]*)\|$", SCRIPT.read_text("utf-8"), re.MULTILINE)
    return [Said(step, re.findall(r"`([^`]+)`", said)) for step, said in rows if "`" in said]


class Walk:
    """One person at the keyboard."""

    def __init__(self, town: Town, page: Page, url: str) -> None:
        self.town, self.page, self.url = town, page, url

    async def to(self, path: str) -> None:
        await self.page.goto(self.url + path)

    async def tab_to(self, wanted: Locator) -> None:
        await expect(wanted).to_be_visible()
        for _ in range(60):
            if await wanted.evaluate("one => one === document.activeElement"):
                return
            await self.page.keyboard.press("Tab")
        raise AssertionError(f"the Tab key does not come to {wanted}")

    async def press(self, role: str, name: str) -> None:
        wanted = self.page.get_by_role(role, name=name, exact=True).first  # type: ignore[arg-type]
        await self.tab_to(wanted)
        await self.page.keyboard.press("Enter")


Step = Callable[[Walk], Awaitable[None]]


async def wrong_code(walk: Walk) -> None:
    await walk.page.keyboard.type("AAAA-AAAA")
    await walk.page.keyboard.press("Enter")


async def new_alarm(walk: Walk) -> None:
    await walk.town.press()


async def open_alarm(walk: Walk) -> None:
    card = walk.page.locator("a.card").first
    await walk.tab_to(card)
    await walk.page.keyboard.press("Enter")


async def choose_talk(walk: Walk) -> None:
    await walk.tab_to(walk.page.get_by_role("radio").first)
    await walk.page.keyboard.press("ArrowDown")
    await walk.press("button", "Avslutt alarmen")


async def choose_helped(walk: Walk) -> None:
    end = walk.page.locator("summary", has_text="Det er over")
    await walk.tab_to(end)
    await walk.page.keyboard.press("Enter")
    await walk.page.keyboard.press("Tab")
    await walk.page.keyboard.press("ArrowDown")
    await walk.page.keyboard.press("ArrowDown")
    await walk.press("button", "Si at det er over")


def at(path: str) -> Step:
    return lambda walk: walk.to(path)


def button(name: str) -> Step:
    return lambda walk: walk.press("button", name)


async def escape(walk: Walk) -> None:
    await walk.page.keyboard.press("Escape")


async def back(walk: Walk) -> None:
    await walk.press("link", "Tilbake til alarmene")


STRANGER: dict[str, Step] = {"A1": at("/sign-in"), "A2": wrong_code}
STAFF: dict[str, Step] = {
    "B1": at("/"),
    "B2": new_alarm,
    "B3": open_alarm,
    "B4": button("Kvitter"),
    "B5": button("På vei"),
    "B6": escape,
    "B7": button("På vei"),
    "B8": button("20 min"),
    "B9": button("Hos bruker"),
    "B10": button("Avslutt"),
    "B11": choose_talk,
    "B12": back,
    "B13": button("Hold: hjelp meg"),
    "B14": escape,
    "B15": at("/tasks/new"),
    "B16": at("/duty"),
    "B17": at("/readiness"),
}
RELATIVE: dict[str, Step] = {
    "C1": at("/family"),
    "C2": button("Ja, varsle meg"),
    "C3": new_alarm,
    "C4": button("20 min"),
    "C5": button("Jeg er hos Olga Eksempel"),
    "C6": choose_helped,
    "C7": at("/family/settings"),
}


def test_every_row_of_the_script_is_walked() -> None:
    assert [said.step for said in script()] == [*STRANGER, *STAFF, *RELATIVE]


@pytest.mark.parametrize(
    ("person", "steps"),
    [(None, STRANGER), ("kari", STAFF), ("rune", RELATIVE)],
    ids=["stranger", "staff", "relative"],
)
async def test_the_script(
    town: Town, url: str, chromium: Browser, person: str | None, steps: dict[str, Step]
) -> None:
    if person == "rune":
        await move_in(town, agreed=())
    async with signed_in(town, url, chromium, person, "nb", **PHONE) as context:
        wrong = await walked(town, context, url, steps)
    assert wrong == [], "\n".join(wrong)


async def walked(
    town: Town, context: BrowserContext, url: str, steps: dict[str, Step]
) -> list[str]:
    """Walk the steps; return what was to be said and was not."""
    page = await context.new_page()
    walk = Walk(town, page, url)
    wrong: list[str] = []
    for said in script():
        if said.step in steps:
            await steps[said.step](walk)
            lacking = await heard(page, said.lines)
            wrong += [f"{said.step} {one}" for one in lacking]
    return wrong


async def heard(page: Page, lines: list[str]) -> list[str]:
    """Return what is not said within a reader's patience."""
    lacking = lines
    for _ in range(int(PATIENCE_S) * 4):
        lacking = missing(await spoken(page), lines)
        if not lacking:
            return []
        await page.wait_for_timeout(250)
    return lacking
