"""What a new user stumbled over: what stands first, what is in view, what a phone still knows."""

import asyncio
from typing import Any

import pytest
from playwright.async_api import Page, Route, expect

from routing.facts import ConfigurationSet
from routing.inputs import Command
from routing.kinds import Kind
from routing.lifecycle import Action, Phase
from routing.municipality import Device
from tests.browser.conftest import OpenPage
from tests.browser.unconnected import find, opened, until, worker_is_ready
from tests.web.test_entry import located
from tests.web.town import Town

pytestmark = pytest.mark.browser
SMALL = {"viewport": {"width": 390, "height": 844}}
ABOVE_BAR = """(one) => {
  const box = one.getBoundingClientRect();
  const bar = document.querySelector('.bar').getBoundingClientRect();
  return box.height > 0 && box.top >= 0 && box.bottom <= bar.top;
}"""
LAST_ALARMS = (
    "async () => (await vardeZone.listed('kari'))?.alarms.map(({ phase }) => phase).join()"
)


def says(town: Town, alarm: str, person: str, action: Action, **more: Any) -> Command:
    """Return what somebody says from another phone about an alarm as it is now."""
    return Command(
        id=f"{person}-{action}",
        alarm=alarm,
        person=person,
        action=action,
        seen_phase=town.state.alarms[alarm].phase,
        made_at=town.now,
        **more,
    )


async def owned(town: Town, page: Page) -> str:
    """Let Kari open Olga's alarm and accept it."""
    alarm = await town.press()
    await opened(page, alarm)
    await page.get_by_role("button", name="Kvitter").click()
    await expect(page.get_by_role("button", name="På vei")).to_be_visible()
    return alarm


async def test_the_important_note_is_seen_without_scrolling_and_by_the_owner_alone(
    town: Town, phone: OpenPage
) -> None:
    kari, ola = await phone("kari", **SMALL), await phone("ola", **SMALL)
    alarm = await owned(town, kari)
    note = kari.get_by_role("region", name="Viktig å vite")
    await expect(note).to_contain_text("Hører dårlig")
    # While the answer to the tap is under way a line above says so.
    await kari.wait_for_function(f"(one) => ({ABOVE_BAR})(one)", arg=await note.element_handle())
    await expect(kari.get_by_text("Hører dårlig")).to_have_count(1)
    await opened(ola, alarm)
    await expect(ola.locator(".timeline li").first).to_be_visible()
    await expect(ola.get_by_text("Hører dårlig")).to_have_count(0)


async def test_what_asks_me_stands_before_what_is_broken(town: Town, phone: OpenPage) -> None:
    page = await phone("ola")
    lost = ConfigurationSet(item=Device(id="door-1", subject="door:1"), author="test")
    await town.append([lost])
    broken = await town.happens(Kind.LINK_LOST, "door:1")
    alarm = await town.press()
    await town.take(says(town, alarm, "kari", Action.ACCEPT))
    cards = page.locator("#list a.card")
    await expect(cards).to_have_count(2)
    await expect(cards.first).to_have_attribute("data-key", broken)
    await town.take(says(town, alarm, "kari", Action.NEED_HELP))
    await expect(page.locator("#list section.asks-me h2")).to_contain_text("Ventar på deg")
    await expect(cards.first).to_have_attribute("data-key", alarm)
    await expect(cards.first).to_contain_text("Spør deg")


async def test_an_opened_map_is_in_view(town: Town, phone: OpenPage) -> None:
    page = await phone("kari", **SMALL, reduced_motion="reduce")
    alarm = await town.press()
    await located(town, alarm)
    await opened(page, alarm)
    await page.get_by_role("button", name="Vis på kart").click()
    await expect(page.locator(".map .map-here")).to_be_visible()
    await page.wait_for_function(f"() => ({ABOVE_BAR})(document.querySelector('.map'))")


async def test_the_stored_homes_do_not_show_before_the_hub_has_answered(
    town: Town, phone: OpenPage
) -> None:
    """A slow answer is no lost connection; a lost one shows them."""
    page = await phone("kari")
    await page.wait_for_function("() => vardeZone.listed('kari')")
    asked, go_on = asyncio.Event(), asyncio.Event()

    async def hold(route: Route) -> None:
        asked.set()
        await go_on.wait()
        await route.continue_()

    # However slow this machine is, no request is given up.
    await page.add_init_script("AbortSignal.timeout = () => new AbortController().signal")
    await page.add_init_script(
        """addEventListener('DOMContentLoaded', () => new MutationObserver(() => {
             if (document.querySelector('#zone:not([hidden])')) globalThis.flashed = true;
           }).observe(document.body, { childList: true, subtree: true, attributes: true }));"""
    )
    await page.route("**/api/alarms", hold)
    await page.clock.install()
    await page.reload()
    await asked.wait()
    await page.wait_for_function("() => vardeZone.listed('kari')")
    await page.clock.run_for(5000)
    await page.evaluate("() => vardeZone.listed('kari')")
    go_on.set()
    await page.wait_for_selector("#link.live")
    assert not await page.evaluate("() => Boolean(globalThis.flashed)")
    await page.context.set_offline(True)
    await expect(page.locator('#zone [data-home="r-1"]')).to_be_visible()


async def test_an_alarm_of_ones_own_outlives_a_reload_in_a_valley(
    town: Town, phone: OpenPage
) -> None:
    page = await phone("kari", **SMALL)
    await worker_is_ready(page.context, page)
    await page.wait_for_function("() => vardeZone.listed('kari')")
    alarm = await owned(town, page)
    await page.wait_for_function(f"async () => (await ({LAST_ALARMS})()) === 'accepted'")
    await page.context.set_offline(True)
    await page.get_by_role("button", name="På vei").click()
    await page.get_by_role("button", name="20 min").click()
    await expect(page.get_by_text("Ikke sendt: ingen forbindelse").first).to_be_visible()
    await page.reload()
    detail = page.locator("#detail")
    await expect(detail.locator("h1")).to_have_text("Bolig r-1")
    await expect(detail.locator('[data-state="waiting"]')).to_contain_text(
        "På vei (Bolig r-1, Alarmknapp trykket)"
    )
    assert "Prøveveien" not in await page.content()
    await page.get_by_role("button", name="Vis adressen og hvordan jeg kommer inn").click()
    for known in ("Prøveveien 7", "Nøkkelboks 0000", "Hører dårlig"):
        await expect(detail.locator(".way-in")).to_contain_text(known)
    await page.get_by_role("link", name="Tilbake til alarmene").click()
    home = page.locator('#zone [data-home="r-1"]')
    await expect(home).to_contain_text("Alarm: Alarmknapp trykket")
    await page.context.set_offline(False)
    await until(lambda: ("stored", alarm) in {(one.what, one.why) for one in find(town)})
    await until(lambda: town.state.alarms[alarm].phase is Phase.ON_THE_WAY)


async def test_which_alarms_one_has_is_sealed_and_without_names(
    town: Town, phone: OpenPage
) -> None:
    page = await phone("kari")
    await page.wait_for_function("() => vardeZone.listed('kari')")
    alarm = await owned(town, page)
    await page.wait_for_function(f"async () => (await ({LAST_ALARMS})()) === 'accepted'")
    lies = await page.evaluate(
        """async () => {
          const db = await new Promise((yes) => {
            const asked = indexedDB.open("varde-zone", 1);
            asked.onsuccess = () => yes(asked.result);
          });
          const found = await new Promise((yes) => {
            const asked = db.transaction("zone").objectStore("zone").get("zone");
            asked.onsuccess = () => yes(asked.result);
          });
          return new TextDecoder("latin1").decode(found.about.body);
        }"""
    )
    assert alarm not in lies
    told: list[dict[str, Any]] = await page.evaluate(
        "async () => (await vardeZone.listed('kari')).alarms"
    )
    assert [sorted(one) for one in told] == [
        ["category", "id", "kind", "mine", "phase", "received_at", "resident", "severity"]
    ]
    await town.take(says(town, alarm, "kari", Action.HAND_OVER, to_person="ola"))
    await town.take(says(town, alarm, "ola", Action.TAKE_OVER))
    await page.wait_for_function(f"async () => (await ({LAST_ALARMS})()) === ''")


async def test_signing_out_asks_first_who_has_an_open_alarm(town: Town, phone: OpenPage) -> None:
    page = await phone("kari", **SMALL)
    alarm = await owned(town, page)
    await page.get_by_role("link", name="Tilbake til alarmene").click()
    await page.get_by_role("button", name="Logg ut").click()
    sheet = page.get_by_role("dialog", name="Du har en åpen alarm")
    await expect(sheet).to_contain_text("Alarmer du har ansvaret for: 1.")
    await page.get_by_role("button", name="Avbryt").click()
    await expect(sheet).to_have_count(0)
    assert (await page.evaluate("async () => (await fetch('/api/me')).status")) == 200
    await page.get_by_role("button", name="Logg ut").click()
    await page.get_by_role("button", name="Logg ut likevel").click()
    await page.wait_for_url("**/sign-in")
    assert town.state.alarms[alarm].owner == "kari"


async def test_a_recovery_link_outlives_a_reload_before_the_tap(
    town: Town, phone: OpenPage, url: str
) -> None:
    page = await phone("ola")
    link = town.directory.links.issue("kari", town.now)
    await page.goto(f"{url}/recover#{link}")
    await expect(page.locator("#recover")).to_be_enabled()
    assert link not in page.url
    await page.reload()
    await page.locator("#recover").click()
    await expect(page.locator("#link.live")).to_be_visible()
    assert (await page.evaluate("async () => (await (await fetch('/api/me')).json()).person")) == (
        "kari"
    )
    assert await page.evaluate("() => sessionStorage.getItem('varde-recovery')") is None


async def test_a_recovery_link_is_told_to_be_sent_and_not_to_be_typed(
    phone: OpenPage, url: str
) -> None:
    page = await phone("lise")
    await page.goto(f"{url}/people/kari/phones")
    await page.locator('[data-key="link"]').click()
    await expect(page.locator("#made")).to_contain_text("send lenken til den det gjelder")
    await expect(page.locator("#made")).not_to_contain_text("skriv den inn")


@pytest.mark.parametrize(("width", "lines"), [(390, 1), (320, 2)])
async def test_names_in_the_list_stay_whole_with_text_at_200_percent(
    town: Town, phone: OpenPage, width: int, lines: int
) -> None:
    """On a common phone; on the narrowest a long word may be hyphenated once."""
    page = await phone("kari", viewport={"width": width, "height": 844})
    await town.press()
    await page.evaluate("() => { document.documentElement.style.fontSize = '200%'; }")
    await expect(page.locator("#list .card")).to_have_count(1)
    words: list[list[Any]] = await page.evaluate(
        """() => [...document.querySelectorAll('.card strong, .card .kind')].flatMap((one) => {
          const text = one.firstChild;
          const range = document.createRange();
          return [...text.data.matchAll(/\\S+/g)].map(({ 0: word, index }) => {
            range.setStart(text, index);
            range.setEnd(text, index + word.length);
            return [word, new Set([...range.getClientRects()].map(({ top }) => top)).size];
          });
        })"""
    )
    assert [word for word, _ in words] == ["Olga", "Eksempel", "Alarmknapp", "trykket"]
    assert max(over for _, over in words) <= lines
    assert await page.evaluate("() => document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("path", ["duty", "more"])
async def test_text_at_200_percent_has_room_for_words(phone: OpenPage, url: str, path: str) -> None:
    """On a common phone what is said beside a sign, a switch or an icon keeps most of the width."""
    page = await phone("kari", **SMALL)
    await page.goto(f"{url}/{path}")
    await page.evaluate("() => { document.documentElement.style.fontSize = '200%'; }")
    widths: list[float] = await page.evaluate(
        """() => [...document.querySelectorAll(
          '.stand-head > div, .reach > span, .switches label > span, .ways a > span'
        )].map((one) => one.getBoundingClientRect().width)"""
    )
    assert widths
    assert min(widths) > 160
