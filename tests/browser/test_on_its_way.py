"""What is on its way: the page says so in plain words, and shows by itself when it is done."""

import json
import re

import pytest
from playwright.async_api import Request, Route, expect

from tests.browser.conftest import OpenPage
from tests.browser.test_duty import at_duty
from tests.browser.unconnected import opened, without_worker_sync
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


async def test_what_went_out_and_was_not_answered_is_never_called_unsent(
    town: Town, phone: OpenPage
) -> None:
    page = await phone("kari")
    await without_worker_sync(page)
    await page.reload()
    alarm = await town.press()
    await opened(page, alarm)

    async def lose_the_answer(route: Route, request: Request) -> None:
        if json.loads(request.post_data or "")["action"] != "accept":
            await route.continue_()
            return
        await page.route("**/api/me", lambda asked: asked.abort())
        await route.fetch()
        await route.abort()

    await page.route("**/commands", lose_the_answer)
    await page.get_by_role("button", name="Kvitter", exact=True).click()
    unsure = page.get_by_text(re.compile("ikke bekreftet", re.IGNORECASE))
    await expect(unsure.first).to_be_visible()
    await expect(page.get_by_text("Ikke sendt")).to_have_count(0)
    await page.unroute("**/commands")
    await page.unroute("**/api/me")
    await expect(unsure).to_have_count(0)
    assert len({one.id for _, one in town.heard if one.action == "accept"}) == 1
    assert town.state.alarms[alarm].owner == "kari"
