"""On and off duty from the phone: the tap that unlocks sound, handover, the last one's warning."""

from urllib.parse import urljoin

import pytest
from playwright.async_api import Page, expect

from routing.facts import ConfigurationSet
from routing.inputs import Command
from routing.lifecycle import Action, Phase
from routing.municipality import Person
from routing.proofs.facts import ChannelUnproven
from tests.browser.conftest import OpenPage, listening
from tests.web.test_duty import proven, with_ways
from tests.web.town import Town

pytestmark = pytest.mark.browser
BATTERY = """
(charging) => {
  const battery = new EventTarget();
  battery.charging = charging;
  window.battery = battery;
  Navigator.prototype.getBattery = async () => battery;
  window.locks = [];
  Object.defineProperty(Navigator.prototype, "wakeLock", { configurable: true, get: () => ({
    request: async () => {
      const lock = new EventTarget();
      lock.release = async () => {
        locks.splice(locks.indexOf(lock), 1);
        lock.dispatchEvent(new Event("release"));
      };
      locks.push(lock);
      return lock;
    },
  }) });
}
"""


async def at_duty(phone: OpenPage, person: str, script: str | None = None) -> Page:
    """Open the page of duty."""
    page = await phone(person)
    if script:
        await page.add_init_script(script)
    await page.goto(urljoin(page.url, "/duty"))
    await listening(page)
    return page


async def test_without_a_proven_way_nobody_goes_on_duty_and_is_shown_the_way(
    town: Town, phone: OpenPage
) -> None:
    await with_ways(town)
    page = await at_duty(phone, "kari")
    await expect(page.locator(".reach.bad")).to_contain_text("Ingen varslingsvei er bekreftet")
    await page.get_by_role("button", name="Gå på vakt").click()
    await expect(page.locator("#said")).to_have_attribute("role", "alert")
    assert town.state.proofs.present == {}
    await page.get_by_role("link", name="Prøv varslene nå").click()
    await page.wait_for_url("**/readiness")


async def test_a_failed_way_keeps_nobody_off_duty(town: Town, phone: OpenPage) -> None:
    await with_ways(town)
    await proven(town, "kari", "sms-1")
    await town.append([ChannelUnproven(person="kari", channel="push-1", code="no-answer")])
    page = await at_duty(phone, "kari")
    await expect(page.locator(".reach.good")).to_have_text("SMS virker")
    await page.get_by_role("button", name="Gå på vakt").click()
    await expect(page.get_by_text("Du meldte deg ")).to_be_visible()
    assert "kari" in town.state.proofs.present
    assert await page.evaluate("localStorage.getItem('varde-sound')") == "yes"


async def test_alarms_move_before_their_owner_goes(town: Town, phone: OpenPage) -> None:
    alarm = await town.press()
    await town.take(
        Command(
            id="karis-own",
            alarm=alarm,
            person="kari",
            action=Action.ACCEPT,
            seen_phase=Phase.LOOKING,
            made_at=town.now,
        )
    )
    page = await at_duty(phone, "kari")
    await expect(page.get_by_text("Gi videre eller avslutt alarmene dine først.")).to_be_visible()
    await expect(page.get_by_role("button", name="Gå av vakt")).to_have_count(0)
    await page.locator(f'details[data-key="{alarm}-to"] summary').click()
    await page.get_by_role("button", name="Spør Ola Strand").click()
    await expect(page.get_by_text("Ola Strand er spurt og har ikke svart ennå.")).to_be_visible()
    assert town.state.alarms[alarm].owner == "kari"


async def test_the_last_on_duty_is_warned(town: Town, phone: OpenPage) -> None:
    alone = Person(id="ola", roles=town.state.registry.people["ola"].roles, teams=())
    page = await at_duty(phone, "kari")
    await page.get_by_role("button", name="Gå av vakt").click()
    await expect(page.get_by_text("Du er ikke på vakt")).to_be_visible()
    await town.append([ConfigurationSet(item=alone, author="test")])
    page = await at_duty(phone, "ola")
    await expect(page.get_by_text("Du er den siste på vakt i Dagvakt øst.")).to_be_visible()
    await page.get_by_role("button", name="Gå av likevel").click()
    await expect(page.get_by_text("Du er ikkje på vakt")).to_be_visible()


async def test_the_screen_stays_awake_only_when_wished_for_and_charging(
    town: Town, phone: OpenPage
) -> None:
    page = await at_duty(phone, "kari", f"({BATTERY})(false)")
    wish = page.get_by_role("switch", name="Hold skjermen på mens telefonen lader")
    await expect(wish).not_to_be_checked()
    await wish.check()
    await expect(page.get_by_text("Venter på at telefonen lader.")).to_be_visible()
    assert await page.evaluate("locks.length") == 0
    await page.evaluate(
        "battery.charging = true; battery.dispatchEvent(new Event('chargingchange'))"
    )
    await expect(page.get_by_text("På: telefonen lader.")).to_be_visible()
    assert await page.evaluate("locks.length") == 1
    await page.evaluate(
        "battery.charging = false; battery.dispatchEvent(new Event('chargingchange'))"
    )
    await expect(page.get_by_text("Venter på at telefonen lader.")).to_be_visible()
    assert await page.evaluate("locks.length") == 0


async def test_a_browser_that_does_not_tell_of_charging_never_keeps_the_screen_on(
    town: Town, phone: OpenPage
) -> None:
    page = await at_duty(phone, "kari", "delete Navigator.prototype.getBattery")
    wish = page.get_by_role("switch", name="Hold skjermen på mens telefonen lader")
    await expect(wish).to_be_disabled()
    await expect(page.get_by_text("Denne nettleseren sier ikke om telefonen lader")).to_be_visible()


async def test_the_board_is_red_only_for_who_has_no_proven_way(town: Town, phone: OpenPage) -> None:
    await with_ways(town)
    await with_ways(town, "ola", "push-1")
    await proven(town, "kari", "sms-1")
    page = await phone("lise")
    await page.goto(urljoin(page.url, "/board"))
    kari = page.locator(".board .item", has_text="Kari Fjell")
    await expect(kari.locator(".reach.good")).to_have_text("SMS virker")
    await expect(kari.locator(".reach.bad")).to_have_count(0)
    ola = page.locator(".board .item", has_text="Ola Strand")
    await expect(ola.locator(".reach.bad")).to_be_visible()
    await expect(page.get_by_role("alert").filter(has_text="Ola Strand")).to_be_visible()
    await ola.locator("summary").click()
    await ola.get_by_role("button", name="Varsel på telefonen").click()
    await expect(ola).to_contain_text("Prøvevarselet er på vei.")
    (test,) = town.state.proofs.tests.values()
    assert (test.person, test.by) == ("ola", "lise")
