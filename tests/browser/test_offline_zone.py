"""The homes that a phone stores for a shift: shown in a valley, and forgotten with the shift."""

from collections.abc import Awaitable, Callable

import pytest
from msgspec.structs import replace
from playwright.async_api import Page, expect

from hub.reads.port import Sought
from routing.duty import Absence
from routing.facts import ConfigurationSet
from routing.instant import HOUR
from routing.proofs.facts import ChannelProven
from routing.roster import local_time
from tests.browser.conftest import OpenPage
from tests.browser.unconnected import (
    find,
    opened,
    shown_home,
    unsent_accept,
    until,
    with_clock,
    worker_is_ready,
    zone_of,
)
from tests.web.happenings import configure
from tests.web.town import Town

pytestmark = pytest.mark.browser


async def test_the_zone_is_shown_without_a_connection_and_each_look_is_told(
    town: Town, phone: OpenPage
) -> None:
    page = await phone("kari")
    await page.wait_for_function("() => vardeZone.listed('kari')")
    await expect(page.locator("#zone")).to_be_hidden()
    await page.context.set_offline(True)
    home = await shown_home(page)
    await expect(home).to_contain_text("Prøveveien 7")
    await expect(home).to_contain_text("Nøkkelboks 0000")
    await expect(home.locator("summary")).to_have_css("justify-content", "flex-start")
    assert [str(one.what) for one in town.site.reads.find(Sought())] == ["zone"]
    await page.context.set_offline(False)
    # In any order: a slow page looked "a second ago", and the town's clock stands still.
    await until(lambda: sorted(str(one.what) for one in find(town)) == ["stored", "zone"])
    await expect(page.locator("#zone")).to_be_hidden()


async def test_the_way_in_is_there_in_a_valley(town: Town, phone: OpenPage) -> None:
    page = await phone("kari")
    await page.wait_for_function("() => vardeZone.listed('kari')")
    alarm = await unsent_accept(town, page)
    await page.get_by_role("button", name="Vis hvordan jeg kommer inn").click()
    await expect(page.locator(".way-in")).to_contain_text("Nøkkelboks 0000")
    await expect(page.locator(".way-in")).to_contain_text("Lagret på telefonen for vakten")
    await page.context.set_offline(False)
    await until(lambda: ("stored", alarm) in {(o.what, o.why) for o in find(town)})


async def test_what_is_stored_is_noise_without_the_key(town: Town, phone: OpenPage) -> None:
    page = await phone("kari")
    await page.wait_for_function("() => vardeZone.listed('kari')")
    raw = await page.evaluate(
        """async () => {
          const db = await new Promise((yes) => {
            const asked = indexedDB.open("varde-zone", 1);
            asked.onsuccess = () => yes(asked.result);
          });
          const found = await new Promise((yes) => {
            const asked = db.transaction("zone").objectStore("zone").get("zone");
            asked.onsuccess = () => yes(asked.result);
          });
          const text = new TextDecoder("latin1").decode(found.rows[0].body);
          const key = await crypto.subtle.exportKey("raw", found.key).catch((e) => e.name);
          return { text, key, octets: found.rows[0].iv.length };
        }"""
    )
    assert "Prøveveien" not in raw["text"]
    assert "0000" not in raw["text"]
    assert (raw["key"], raw["octets"]) == ("InvalidAccessError", 12)


async def signs_out(page: Page, town: Town) -> None:
    await page.get_by_role("button", name="Logg ut").click()


async def is_revoked(page: Page, town: Town) -> None:
    town.directory.end_sessions_of("kari", town.now)


async def test_it_is_forgotten_when_the_duty_ends(town: Town, phone: OpenPage, url: str) -> None:
    page = await phone("kari")
    await page.wait_for_function("() => vardeZone.listed('kari')")
    await page.goto(f"{url}/duty")
    await page.get_by_role("button", name="Gå av vakt").click()
    await page.wait_for_function("async () => (await vardeZone.listed('kari')) === null")


async def test_it_is_forgotten_at_sign_out(town: Town, phone: OpenPage) -> None:
    await forgotten(town, phone, signs_out)


async def test_it_is_forgotten_when_the_session_is_revoked(town: Town, phone: OpenPage) -> None:
    await forgotten(town, phone, is_revoked)


async def forgotten(
    town: Town, phone: OpenPage, end: Callable[[Page, Town], Awaitable[None]]
) -> None:
    page = await phone("kari")
    await page.wait_for_function("() => vardeZone.listed('kari')")
    await end(page, town)
    await page.wait_for_url("**/sign-in")
    await page.wait_for_function("async () => (await vardeZone.listed('kari')) === null")
    assert await page.evaluate("() => vardeZone.open('kari', 'r-1')") is None


HOUR_MS = 3_600_000


async def test_a_phone_whose_clock_is_wrong_keeps_it_as_long_as_the_others(
    town: Town, phone: OpenPage
) -> None:
    """The shift ends in twenty hours; a phone three hours off counts from when it came."""
    ends = local_time(town.state.registry, town.now + 20 * HOUR)
    until_text = f"{ends:%Y-%m-%dT%H:%M}"
    away = Absence(id="off", person="kari", from_local=until_text, to_local="2999-01-01T00:00")
    await configure(town, away)
    for hours in (-3, 3):
        page = await phone("kari")
        await with_clock(page, hours * HOUR_MS)
        await page.context.set_offline(True)
        await page.clock.fast_forward(19 * HOUR_MS)
        assert await zone_of(page) is not None, hours
        await page.clock.fast_forward(2 * HOUR_MS)
        assert await zone_of(page) is None, hours


async def test_a_clock_that_is_set_back_ends_it(town: Town, phone: OpenPage) -> None:
    page = await phone("kari")
    await with_clock(page)
    await page.context.set_offline(True)
    await page.clock.fast_forward(2 * HOUR_MS)
    assert await zone_of(page) is not None
    await page.evaluate("() => { const now = Date.now(); Date.now = () => now - 600_000; }")
    assert await zone_of(page) is None


async def test_the_offline_page_shows_what_waits_and_the_homes(
    town: Town, phone: OpenPage, url: str
) -> None:
    page = await phone("kari")
    await page.wait_for_function("() => vardeZone.listed('kari')")
    await worker_is_ready(page.context, page)
    await unsent_accept(town, page)
    await page.reload()
    await expect(page.locator('#detail [data-state="waiting"]')).to_contain_text("Kvitter")
    await page.get_by_role("link", name="Tilbake til alarmene").click()
    await expect(page.locator('#outbox [data-state="waiting"]')).to_contain_text("Kvitter")
    home = await shown_home(page)
    await expect(home).to_contain_text("Nøkkelboks 0000")


async def test_the_page_without_a_connection_says_quietly_what_still_works(
    town: Town, phone: OpenPage
) -> None:
    known = town.state.registry.people["kari"]
    reachable = ConfigurationSet(item=replace(known, channels=("sms-1",)), author="test")
    proven = ChannelProven(test="test-1", person="kari", channel="sms-1", took_ms=4200)
    await town.append([reachable, proven])
    page = await phone("kari")
    await worker_is_ready(page.context, page)
    await page.wait_for_function("async () => (await vardeOutbox.recall('me')).ways === 'SMS'")
    await page.context.set_offline(True)
    await page.reload()
    await expect(page.locator("#link.quietly")).to_contain_text("SMS virker")


async def test_the_way_in_is_one_logged_tap(town: Town, phone: OpenPage) -> None:
    page = await phone("kari")
    alarm = await town.press()
    await opened(page, alarm)
    await page.get_by_role("button", name="Kvitter").click()
    await expect(page.get_by_text("Hører dårlig")).to_be_visible()
    assert "Nøkkelboks" not in await page.content()
    await page.get_by_role("button", name="Vis hvordan jeg kommer inn").click()
    await expect(page.locator(".way-in")).to_contain_text("Nøkkelboks 0000")
    assert ("entry", alarm) in {(one.what, one.why) for one in find(town)}
    way = page.get_by_role("link", name="Finn veien")
    await expect(way).to_have_attribute("href", "geo:0,0?q=Pr%C3%B8veveien%207")
