"""A door opened from the phone: two taps, what becomes of it live, and the way in when it fails."""

import pytest
from playwright.async_api import expect

from routing.kinds import Kind
from tests.browser.conftest import OpenPage
from tests.browser.test_actions import more, opened
from tests.web.test_locks import key_box, lock_says, under_way, with_lock
from tests.web.town import Town

pytestmark = pytest.mark.browser


async def test_a_door_that_fails_and_then_opens(town: Town, phone: OpenPage) -> None:
    page = await phone("kari")
    await with_lock(town)
    note = await key_box(town)
    alarm = await town.press()
    await opened(page, alarm)
    await page.get_by_role("button", name="Kvitter").click()
    await more(page, "unlock")
    await expect(page.get_by_role("heading", name="Låse opp døren til")).to_be_visible()
    await page.get_by_role("button", name="Avbryt").click()
    assert town.state.locks.runs == {}
    await more(page, "unlock")
    await page.get_by_role("button", name="Ja, gjør det").click()
    await expect(page.locator('[data-lock-state="asked"]')).to_contain_text("Kari Fjell låser opp")
    await lock_says(town, Kind.LOCK_FAILED, under_way(town))
    failed = page.locator('[data-lock-state="failed"]')
    await expect(failed).to_contain_text("bruk nøkkelboksen")
    await expect(failed).to_contain_text(note)
    await more(page, "unlock")
    await page.get_by_role("button", name="Ja, gjør det").click()
    await expect(page.locator('[data-lock-state="asked"]')).to_be_visible()
    await lock_says(town, Kind.LOCK_UNLOCKED, under_way(town))
    await expect(page.locator('[data-lock-state="ok"]')).to_contain_text("er låst opp")


async def test_on_the_way_the_door_is_one_tap_from_its_question(
    town: Town, phone: OpenPage
) -> None:
    page = await phone("kari")
    await with_lock(town)
    alarm = await town.press()
    await opened(page, alarm)
    await page.get_by_role("button", name="Kvitter").click()
    await page.get_by_role("button", name="På vei").click()
    await page.get_by_role("button", name="10 min").click()
    await page.locator('.bar [data-action="unlock"]').click()
    await page.get_by_role("button", name="Ja, gjør det").click()
    await expect(page.locator('[data-lock-state="asked"]')).to_be_visible()
    (run,) = town.state.locks.runs.values()
    assert (run.about, run.person, str(run.action)) == (alarm, "kari", "unlock")
