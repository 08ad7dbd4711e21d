"""Without a connection: what waits, what is asked about again, and what is done once."""

import re
from typing import Any

import msgspec
import pytest
from playwright.async_api import expect

from hub.journal.port import Document
from routing.inputs import Command
from routing.lifecycle import Action, Phase
from tests.browser.conftest import OpenPage
from tests.browser.unconnected import (
    WAITS,
    accepts,
    lose_session,
    stored,
    taken_by_ola,
    unsent_accept,
    until,
    until_stored,
    with_clock,
    worker_is_ready,
)
from tests.web.town import Town

pytestmark = pytest.mark.browser


async def test_what_was_pressed_outlives_the_page_and_is_done_once(
    town: Town, phone: OpenPage
) -> None:
    page = await phone("kari")
    alarm = await unsent_accept(town, page)
    assert town.state.alarms[alarm].owner is None
    other = await page.context.new_page()
    await page.close()
    await page.context.set_offline(False)
    await other.goto(str(page.url))
    await until(lambda: town.state.alarms[alarm].owner == "kari")
    await expect(other.get_by_role("button", name="På vei")).to_be_visible()
    await expect(other.locator("#outbox li")).to_have_count(0)
    assert len(set(accepts(town, alarm))) == 1
    assert await stored(other) == []


async def test_two_tabs_do_not_send_twice(town: Town, phone: OpenPage) -> None:
    page = await phone("kari")
    second = await page.context.new_page()
    await second.goto(page.url)
    await second.wait_for_selector("#link.live")
    alarm = await unsent_accept(town, page)
    await expect(second.locator('#outbox [data-state="waiting"]')).to_contain_text("Kvitter")
    await page.context.set_offline(False)
    await until(lambda: town.state.alarms[alarm].owner == "kari")
    await expect(second.locator("#outbox li")).to_have_count(0)
    await expect(page.get_by_text("Bekreftet: Kvitter")).to_be_visible()
    assert len(accepts(town, alarm)) == 1


async def test_a_conflict_is_told_with_name_and_time(town: Town, phone: OpenPage) -> None:
    page = await phone("kari")
    alarm = await unsent_accept(town, page)
    await taken_by_ola(town, alarm)
    await page.context.set_offline(False)
    told = page.get_by_role("alert").filter(has_text="Ola Strand")
    await expect(told.first).to_have_text(re.compile(r"Allerede tatt av Ola Strand \d\d:\d\d"))
    assert town.state.alarms[alarm].owner == "ola"


async def test_one_goes_on_without_a_connection_and_all_is_sent_in_order(
    town: Town, phone: OpenPage
) -> None:
    page = await phone("kari")
    alarm = await unsent_accept(town, page)
    await page.get_by_role("button", name="Hos bruker").click()
    await expect(page.get_by_text(WAITS).first).to_be_visible()
    await until_stored(page, 2)
    assert town.state.alarms[alarm].phase is Phase.LOOKING
    await page.context.set_offline(False)
    await until(lambda: town.state.alarms[alarm].phase is Phase.AT_RESIDENT)
    said = [one for _, one in town.heard if isinstance(one, Command) and one.alarm == alarm]
    steps = [one.action for one in said if one.action is not Action.SEE]
    assert steps == [Action.ACCEPT, Action.ARRIVE]


async def test_what_follows_on_a_refusal_is_not_sent_and_that_is_told(
    town: Town, phone: OpenPage
) -> None:
    page = await phone("kari")
    alarm = await unsent_accept(town, page)
    await page.get_by_role("button", name="Hos bruker").click()
    await until_stored(page, 2)
    await taken_by_ola(town, alarm)
    await page.context.set_offline(False)
    refused = page.get_by_text("fordi det du trykket før, ble avvist")
    await expect(refused.first).to_be_visible()
    said = [one for _, one in town.heard if isinstance(one, Command) and one.alarm == alarm]
    assert [one.action for one in said if one.action is not Action.SEE] == [Action.ACCEPT]
    assert town.state.alarms[alarm].owner == "ola"


async def test_what_has_waited_for_too_long_is_asked_about_again(
    town: Town, phone: OpenPage
) -> None:
    page = await phone("kari")
    await with_clock(page)
    alarm = await unsent_accept(town, page)
    await page.clock.fast_forward(121_000)
    await page.context.set_offline(False)
    await expect(page.get_by_text("Vil du det fortsatt?").first).to_be_visible()
    assert accepts(town, alarm) == []
    await page.get_by_role("button", name="Send nå").click()
    await until(lambda: town.state.alarms[alarm].owner == "kari")


async def test_what_is_no_longer_wanted_is_let_be(town: Town, phone: OpenPage) -> None:
    page = await phone("kari")
    await with_clock(page)
    alarm = await unsent_accept(town, page)
    await page.clock.fast_forward(121_000)
    await page.context.set_offline(False)
    await page.get_by_role("button", name="Ikke send").click()
    await until_stored(page, 0)
    await expect(page.get_by_role("button", name="Kvitter")).to_be_visible()
    assert accepts(town, alarm) == []


async def test_hold_to_call_without_a_connection_rings_and_is_sent_later(
    town: Town, phone: OpenPage
) -> None:
    card = msgspec.json.encode({"name": "Fjordby", "help_number": "+47 22 00 00 00"})
    await town.journal.append([], town.now, [Document("municipality", "fjordby", card)])
    page = await phone("kari")
    await page.context.set_offline(True)
    await page.get_by_role("button", name="Hold: hjelp meg").hover()
    await page.mouse.down()
    ring = page.get_by_role("link", name="Ring responssenteret: +47 22 00 00 00")
    await expect(page.locator("#hold-said")).to_contain_text("det. Ring responssenteret: +47")
    await expect(ring).to_have_attribute("href", "tel:+4722000000")
    await page.mouse.up()
    assert town.state.alarms == {}
    await page.context.set_offline(False)
    await until(lambda: len(town.state.alarms) == 1)
    await expect(page.get_by_text("Kollegene dine varsles nå")).to_be_visible()


async def test_the_worker_sends_where_no_page_is_open(
    town: Town, phone: OpenPage, url: str
) -> None:
    page = await phone("kari")
    await worker_is_ready(page.context, page)
    debugger = await page.context.new_cdp_session(page)
    seen: list[str] = []

    def note(event: dict[str, Any]) -> None:
        seen.extend(one["registrationId"] for one in event["registrations"])

    debugger.on("ServiceWorker.workerRegistrationUpdated", note)
    await debugger.send("ServiceWorker.enable")
    alarm = await unsent_accept(town, page)
    await page.goto("about:blank")
    await page.context.set_offline(False)
    assert accepts(town, alarm) == []
    event = {"registrationId": seen[0], "tag": "varde-outbox", "lastChance": False}
    await debugger.send("ServiceWorker.dispatchSyncEvent", {"origin": url, **event})
    await until(lambda: town.state.alarms[alarm].owner == "kari")
    assert len(accepts(town, alarm)) == 1


async def test_what_one_person_pressed_is_never_sent_as_another(
    town: Town, phone: OpenPage, url: str
) -> None:
    page = await phone("kari")
    alarm = await unsent_accept(town, page)
    await lose_session(page)
    await page.context.set_offline(False)
    code = town.directory.issue_code("ola", town.now)
    await page.goto(f"{url}/enrol#{code}")
    await page.wait_for_selector("#link.live")
    await expect(page.locator("#outbox")).to_contain_text("Ein annan har trykt noko")
    assert accepts(town, alarm) == []
    await lose_session(page)
    code = town.directory.issue_code("kari", town.now)
    await page.goto(f"{url}/enrol#{code}")
    await until(lambda: town.state.alarms[alarm].owner == "kari")


async def test_no_door_opens_late(town: Town, phone: OpenPage) -> None:
    page = await phone("kari")
    await with_clock(page)
    alarm = await unsent_accept(town, page)
    script = """(alarm) => vardeOutbox.add({ id: "door", person: "kari", action: "unlock", alarm,
      kind: "help.pressed", path: `/api/alarms/${alarm}/commands`, life_ms: 10000,
      body: { id: "door-00000001", action: "unlock", seen_phase: "accepted" } })"""
    await page.evaluate(script, alarm)
    await page.clock.fast_forward(11_000)
    await page.context.set_offline(False)
    await until(lambda: town.state.alarms[alarm].owner == "kari")
    await expect(page.get_by_text("Ble ikke sendt: Lås opp døren").first).to_be_visible()
    said = [one.action for _, one in town.heard if isinstance(one, Command)]
    assert Action.UNLOCK not in said
