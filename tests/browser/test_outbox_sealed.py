"""What waits lies sealed on the phone: none is lost for want of a key, none done after a month."""

import json
from urllib.parse import urljoin

import pytest
from playwright.async_api import Page, expect

from routing.inputs import Command
from routing.lifecycle import Action
from tests.browser.conftest import OpenPage
from tests.browser.unconnected import until, until_stored
from tests.web.town import Town

pytestmark = pytest.mark.browser
ID = "a-note-of-kari"
NOTE = "Satt i stolen og var blek"
WRITE = """async ([alarm, id, note]) => {
  const { put } = await import("/static/js/outbox.js");
  const body = { id, action: "note", seen_phase: "looking", note };
  const path = `/api/alarms/${alarm}/commands`;
  await put({ action: "note", alarm, kind: "help.pressed", path, body });
}"""
RAW = """async () => {
  const asked = (request) => new Promise((yes) => (request.onsuccess = () => yes(request.result)));
  const db = await asked(indexedDB.open("varde-outbox", 1));
  const rows = await asked(db.transaction("waiting").objectStore("waiting").getAll());
  const held = await asked(db.transaction("facts").objectStore("facts").get("key"));
  db.close();
  const latin = (octets) => new TextDecoder("latin1").decode(octets ?? new Uint8Array());
  return {
    text: rows.map((row) => JSON.stringify(row) + latin(row.sealed)).join(),
    names: rows.map((row) => Object.keys(row).sort().join(" ")),
    key: held ? await crypto.subtle.exportKey("raw", held.key).catch((e) => e.name) : null,
  };
}"""
SEALED = ["iv number person pressed_ms sealed"]
LEFT = """async ([alarm, person, days]) => {
  const body = { id: `left-${person}-${days}`, action: "note", seen_phase: "looking", note: "x" };
  const path = `/api/alarms/${alarm}/commands`;
  const pressed_ms = Date.now() - days * 86400000;
  await vardeOutbox.add({ id: body.id, person, action: "note", alarm, path, body, pressed_ms });
}"""


def notes(town: Town) -> set[str]:
    """Return the ids of the notes that the hub has been sent."""
    said = [one for _, one in town.heard if isinstance(one, Command)]
    return {one.id for one in said if one.action is Action.NOTE}


async def has_key(page: Page) -> None:
    await page.wait_for_function("() => vardeOutbox.has('kari')")


async def test_a_note_is_noise_on_the_phone_until_it_is_sent(town: Town, phone: OpenPage) -> None:
    page = await phone("kari")
    await has_key(page)
    alarm = await town.press()
    await page.context.set_offline(True)
    await page.evaluate(WRITE, [alarm, ID, NOTE])
    raw = await page.evaluate(RAW)
    assert (raw["names"], raw["key"]) == (SEALED, "InvalidAccessError")
    assert not any(word in raw["text"] for word in ("blek", alarm, "note"))
    async with page.expect_request("**/commands") as sent:
        await page.context.set_offline(False)
    assert json.loads((await sent.value).post_data or "")["note"] == NOTE
    await until(lambda: notes(town) == {ID})


async def test_signing_out_takes_the_key_and_the_note_waits_for_its_writer(
    town: Town, phone: OpenPage, url: str
) -> None:
    page = await phone("kari")
    await has_key(page)
    alarm = await town.press()
    town.connected = False
    await page.evaluate(WRITE, [alarm, ID, NOTE])
    await page.get_by_role("button", name="Logg ut").click()
    await page.wait_for_url("**/sign-in")
    await page.wait_for_function("async () => !(await vardeOutbox.has('kari'))")
    raw = await page.evaluate(RAW)
    assert (raw["names"], raw["key"]) == (SEALED, None)
    assert notes(town) == set()
    town.connected = True
    await page.goto(f"{url}/enrol#{town.directory.issue_code('kari', town.now)}")
    await until(lambda: notes(town) == {ID})


async def test_what_was_written_before_the_key_came_is_sealed_when_it_comes(
    town: Town, phone: OpenPage
) -> None:
    page = await phone("kari")
    await has_key(page)
    alarm = await town.press()
    town.connected = False
    await page.evaluate("() => vardeOutbox.forget()")
    await page.evaluate(WRITE, [alarm, ID, NOTE])
    assert NOTE in (await page.evaluate(RAW))["text"]
    await page.reload()
    await has_key(page)
    await page.wait_for_function(f"async () => (await ({RAW})()).names[0] === '{SEALED[0]}'")
    town.connected = True
    await until(lambda: notes(town) == {ID})


async def test_after_a_month_ones_own_is_told_and_anothers_is_gone_and_none_is_sent(
    town: Town, phone: OpenPage
) -> None:
    page = await phone("kari")
    alarm = await town.press()
    town.connected = False
    for person, days in (("kari", 31), ("ola", 31), ("ola", 29)):
        await page.evaluate(LEFT, [alarm, person, days])
    town.connected = True
    await page.reload()
    over = page.locator('#outbox [data-state="over"]')
    await expect(over).to_contain_text("Ble ikke sendt: Notat")
    await expect(page.locator("#outbox")).to_contain_text("En annen har trykket noe")
    await expect(page.locator("#outbox")).to_contain_text("(1)")
    await over.get_by_role("button", name="OK, sett").click()
    await expect(over).to_have_count(0)
    left = await page.evaluate("async () => (await vardeOutbox.all()).map(({ id }) => id)")
    assert (left, notes(town)) == (["left-ola-29"], set())


async def test_what_can_never_be_opened_is_told_and_not_dropped_in_silence(
    town: Town, phone: OpenPage
) -> None:
    page = await phone("kari")
    alarm = await town.press()
    town.connected = False
    await page.evaluate("() => vardeOutbox.learn('kari', 'A'.repeat(43))")
    await page.evaluate(LEFT, [alarm, "kari", 0])
    await page.evaluate("() => vardeOutbox.forget()")
    await page.goto(urljoin(page.url, "/"))
    locked = page.locator('#outbox [data-state="locked"]')
    await expect(locked).to_contain_text("Det kan ikke leses lenger.")
    await locked.get_by_role("button", name="OK, sett").click()
    await until_stored(page, 0)
