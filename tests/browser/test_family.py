"""A relative's phone by keyboard alone: the question, an alarm until it is over, and absence."""

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from routing.facts import AlarmAccepted
from routing.instant import MINUTE
from routing.lifecycle import OutcomeCode, Phase
from tests.browser.visits import signed_in
from tests.web.family import move_in
from tests.web.town import Town

pytestmark = pytest.mark.browser
PHONE = {"viewport": {"width": 390, "height": 844}}


async def press(page: Page, name: str) -> None:
    """Come to a button by the Tab key, and press it by the keyboard."""
    button = page.get_by_role("button", name=name, exact=True).first
    await expect(button).to_be_visible()
    await come_to(page, button)
    await page.keyboard.press("Enter")


async def come_to(page: Page, wanted: Locator) -> None:
    for _ in range(40):
        if await wanted.evaluate("one => one === document.activeElement"):
            return
        await page.keyboard.press("Tab")
    raise AssertionError("the Tab key does not come there")


async def test_from_the_question_to_the_end_by_keyboard(
    town: Town, url: str, chromium: Browser
) -> None:
    await move_in(town, agreed=())
    async with signed_in(town, url, chromium, "rune", "nb", **PHONE) as context:
        page = await context.new_page()
        await page.goto(f"{url}/family")
        question = page.get_by_role("heading", level=1)
        await expect(question).to_have_text("Vil du bli varslet når Olga Eksempel trenger hjelp?")
        await press(page, "Ja, varsle meg")
        await expect(page.get_by_role("status")).to_contain_text("Bekreftet: Ja, varsle meg")
        await expect(page.get_by_text("Alt er rolig.")).to_be_visible()
        async with page.expect_response("**/api/family/alarms/*/commands"):
            alarm = await town.press()
        await expect(page.locator("#news")).to_have_text(
            "Olga Eksempel ber om hjelp Vi leter etter noen som kan komme. Kan du?"
        )
        assert "rune" in town.state.alarms[alarm].seen
        await press(page, "20 min")
        await expect(page.locator(".state")).to_contain_text("Du har tatt alarmen.")
        assert town.state.alarms[alarm].lease_s == 1200
        await press(page, "Jeg er hos Olga Eksempel")
        await expect(page.locator(".state")).to_have_text("Du er hos Olga Eksempel.")
        assert town.state.alarms[alarm].phase is Phase.AT_RESIDENT
        end = page.locator("summary", has_text="Det er over")
        await come_to(page, end)
        await page.keyboard.press("Enter")
        await page.keyboard.press("Tab")
        for _ in range(2):
            await page.keyboard.press("ArrowDown")
        await expect(page.get_by_label("Jeg hjalp til")).to_be_checked()
        await press(page, "Si at det er over")
        await expect(page.locator(".state")).to_contain_text("Olga Eksempel har fått hjelp.")
        await expect(page.locator("article").locator("button, summary")).to_have_count(0)
        assert town.state.alarms[alarm].outcome is OutcomeCode.CARE


async def test_what_others_do_shows_by_itself_and_is_announced(
    town: Town, url: str, chromium: Browser
) -> None:
    await move_in(town)
    async with signed_in(town, url, chromium, "nina", "nn", **PHONE) as context:
        page = await context.new_page()
        await page.goto(f"{url}/family")
        await expect(page.get_by_text("Alt er roleg.")).to_be_visible()
        alarm = await town.press()
        await expect(page.locator("article h2")).to_have_text("Olga Eksempel ber om hjelp")
        due = town.now + 20 * MINUTE
        await town.append([AlarmAccepted(alarm=alarm, person="kari", due_at=due)])
        told = "Nokon frå heimetenesta har teke alarmen."
        await expect(page.locator("#news")).to_contain_text(told)
        assert await page.locator("article button").count() == 0


async def test_a_stale_page_is_told_and_drawn_anew(town: Town, url: str, chromium: Browser) -> None:
    await move_in(town)
    alarm = await town.press()
    async with signed_in(town, url, chromium, "rune", "nb", **PHONE) as context:
        page = await context.new_page()
        await page.goto(f"{url}/family")
        due = town.now + 20 * MINUTE
        await town.append([AlarmAccepted(alarm=alarm, person="kari", due_at=due)])
        await page.get_by_role("button", name="10 min").click()
        await expect(page.locator("#said")).to_contain_text("En annen tok alarmen")
        await expect(page.locator(".state")).to_have_text(
            "Noen fra hjemmetjenesten har tatt alarmen."
        )


async def test_absence_is_saved_and_ended(town: Town, url: str, chromium: Browser) -> None:
    await move_in(town)
    async with signed_in(town, url, chromium, "rune", "nb", **PHONE) as context:
        page = await context.new_page()
        await page.goto(f"{url}/family/settings")
        await page.get_by_role("button", name="Lagre fravær").click()
        await expect(page.get_by_text("Du er bortreist til")).to_be_visible()
        await page.get_by_role("button", name="Jeg er hjemme igjen").click()
        await expect(page.get_by_text("Du er bortreist til")).to_have_count(0)
