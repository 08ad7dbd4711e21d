"""What is on its way: the page says so in plain words, and shows by itself when it is done."""

import pytest
from playwright.async_api import expect

from tests.browser.conftest import OpenPage
from tests.browser.test_duty import at_duty
from tests.web.town import Town

pytestmark = pytest.mark.browser


async def test_one_press_is_enough_however_late_the_answer(town: Town, phone: OpenPage) -> None:
    page = await at_duty(phone, "kari")
    town.deaf = True
    await page.get_by_role("button", name="Gå av vakt").click()
    said = page.locator("#said")
    await expect(said).to_have_text("Det er på vei. Siden viser når det er gjort.")
    await expect(said).to_have_attribute("role", "status")
    town.deaf = False
    await expect(said).to_have_text("Bekreftet: Gå av vakt")
    assert len({one.id for _, one in town.heard}) == 1


async def test_a_switch_has_a_short_name_and_its_help_as_a_description(phone: OpenPage) -> None:
    page = await at_duty(phone, "kari")
    sound = page.get_by_role("switch", name="Lyd i appen", exact=True)
    await expect(sound).to_have_accessible_description(
        "Slås på når du går på vakt. Varsler på låst skjerm styres av telefonen."
    )
    awake = page.get_by_role("switch", name="Hold skjermen på mens telefonen lader", exact=True)
    await expect(awake).to_have_accessible_description("Av. Skjermen slukner som vanlig.")
