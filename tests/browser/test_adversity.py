"""A browser that keeps nothing or hangs, answers that get lost, and signing out of it all."""

import json
from typing import Any

import pytest
from playwright.async_api import Page, Request, Route, expect

from tests.browser.conftest import OpenPage
from tests.browser.pushes import Pushed
from tests.browser.test_duty import at_duty
from tests.browser.unconnected import accepts, opened, until
from tests.web.town import Town

pytestmark = pytest.mark.browser
HANGS = "IDBFactory.prototype.open = () => ({});"
FORBIDS = "IDBFactory.prototype.open = () => { throw new DOMException('', 'SecurityError'); };"
IS_FULL = """IDBObjectStore.prototype.put = () => {
  throw new DOMException('', 'QuotaExceededError');
};"""
RUNS_OUT = """() => {
  AbortSignal.timeout = () => AbortSignal.abort(new DOMException("", "TimeoutError"));
}"""
HEARS = """window.EventSource = class extends EventSource {
  constructor(...asked) { super(...asked); window.stream = this; }
};"""
CALL = {
    "notification": {"title": "Fall oppdaget", "body": "Øst", "lang": "nb", "navigate": "/"},
    "varde": {"alarm": "a-1", "accept": "right-1"},
}


async def anew(page: Page, script: str) -> None:
    """Load the page once more, in a browser that is as the script makes it."""
    await page.add_init_script(script)
    await page.reload()
    await page.wait_for_selector("#link.live")


@pytest.mark.parametrize("script", [HANGS, FORBIDS, IS_FULL])
async def test_an_alarm_is_taken_where_the_browser_keeps_nothing(
    town: Town, phone: OpenPage, script: str
) -> None:
    page = await phone("kari")
    await anew(page, script)
    alarm = await town.press()
    await opened(page, alarm)
    await page.get_by_role("button", name="Kvitter").click()
    await expect(page.get_by_text("Bekreftet: Kvitter")).to_be_visible()
    assert town.state.alarms[alarm].owner == "kari"
    assert len(set(accepts(town, alarm))) == 1


async def test_what_is_kept_in_memory_only_takes_nobody_elses_place(phone: OpenPage) -> None:
    page = await phone("kari")
    await anew(page, FORBIDS)
    left = await page.evaluate(
        """async () => {
          const asks = { person: "kari", state: "asks", path: "/", body: {} };
          const add = (id) => vardeOutbox.add({ ...asks, id });
          const first = await add("first");
          await add("second");
          await vardeOutbox.remove(first);
          await add("third");
          return (await vardeOutbox.all()).map(({ id }) => id);
        }"""
    )
    assert left == ["second", "third"]


async def test_a_database_that_the_browser_let_go_of_is_opened_again(phone: OpenPage) -> None:
    page = await phone("kari")
    kept = await page.evaluate(
        """async () => {
          const within = vardeDatabase("tried", { one: {} });
          const put = (value) => within("one", "readwrite", (store) => store.put(value, "key"));
          const opening = new Promise((got) => {
            const start = IDBDatabase.prototype.transaction;
            IDBDatabase.prototype.transaction = function (...asked) {
              got(this);
              return start.apply(this, asked);
            };
          });
          await put("before");
          (await opening).close();
          await put("after");
          return within("one", "readonly", (store) => store.get("key"));
        }"""
    )
    assert kept == "after"


async def test_what_is_erased_while_the_clock_is_noted_stays_erased(phone: OpenPage) -> None:
    page = await phone("kari")
    await page.wait_for_function("() => vardeZone.listed('kari')")
    found = await page.evaluate(
        """async () => {
          const now = Date.now;
          Date.now = () => now() + 61000; // So long after the last look that the clock is noted.
          const looks = vardeZone.eraseIfOver();
          await vardeZone.erase();
          await looks;
          return vardeZone.listed("kari");
        }"""
    )
    assert found is None


async def test_signing_out_takes_the_calls_from_the_phone(town: Town, phone: OpenPage) -> None:
    page = await phone("kari", permissions=["notifications"])
    pushed = await Pushed.of(town, page)
    await pushed.send(json.dumps(CALL))
    await pushed.until("(await kept.all('calls')).length === 1")
    assert len(await pushed.shown()) == 1
    await page.get_by_role("button", name="Logg ut").click()
    await page.wait_for_url("**/sign-in")
    await pushed.until("(await kept.all('calls')).length === 0")
    assert await pushed.shown() == []


async def test_nobody_is_signed_out_without_the_hub(town: Town, phone: OpenPage) -> None:
    page = await phone("kari")
    await page.wait_for_function("() => vardeZone.listed('kari')")
    await page.context.set_offline(True)
    await page.get_by_role("button", name="Logg ut").click()
    await expect(page.locator("#not-signed-out")).to_contain_text("forbindelse")
    assert await page.evaluate("() => vardeZone.listed('kari')") is None
    assert not page.url.endswith("/sign-in")


async def test_a_screen_reader_calls_for_help_after_a_finger_did(phone: OpenPage) -> None:
    page = await phone("kari")
    hold = page.get_by_role("button", name="Hold: hjelp meg")
    await hold.hover()
    await page.mouse.down()
    await expect(page.get_by_text("Kollegene dine varsles nå")).to_be_visible()
    await page.mouse.move(5, 400)
    await page.mouse.up()
    # Longer than the page waits for the click of the finger, and after it in the page's own order.
    await page.evaluate("() => new Promise((go) => setTimeout(go, 600))")
    await hold.focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("dialog")).to_be_visible()


async def test_what_the_hub_has_done_stays_done_where_the_list_does_not_come(
    town: Town, phone: OpenPage
) -> None:
    page = await at_duty(phone, "kari")

    async def lose(route: Route, request: Request) -> None:
        await (route.abort() if request.resource_type == "fetch" else route.continue_())

    await page.route("**/duty", lose)
    await page.get_by_role("button", name="Gå av vakt").click()
    await expect(page.locator("#said")).to_contain_text("Bekreftet: Gå av vakt")
    await expect(page.locator("#said.good")).to_be_visible()


async def test_a_form_that_is_drawn_anew_asks_the_same_again(town: Town, phone: OpenPage) -> None:
    page = await at_duty(phone, "kari")
    ids: list[str] = []

    async def unconfirmed(route: Route, request: Request) -> None:
        ids.append(json.loads(request.post_data or "")["id"])
        await route.fulfill(status=202, json={"text": "Ikke bekreftet ennå"})

    await page.route("**/api/duty/commands", unconfirmed)
    for _ in range(2):
        await page.get_by_role("button", name="Gå av vakt").click()
        await expect(page.locator("#said")).to_contain_text("Ikke bekreftet ennå")
        await page.evaluate("import('/static/js/fresh.js').then(({ refresh }) => refresh())")
    await until(lambda: len(ids) > 1)
    assert len(set(ids)) == 1


async def test_what_may_have_been_done_is_not_said_to_be_unsent(
    town: Town, phone: OpenPage
) -> None:
    page = await at_duty(phone, "kari")
    await page.evaluate(RUNS_OUT)
    await page.get_by_role("button", name="Gå av vakt").click()
    await expect(page.locator("#said.bad")).to_have_text(
        "Ikke bekreftet. Trykk igjen: det gjøres bare én gang."
    )


async def test_a_list_that_did_not_come_is_not_shown_as_fresh(town: Town, phone: OpenPage) -> None:
    page = await phone("kari")
    await anew(page, HEARS)
    tries: list[Any] = []

    async def refuse(route: Route) -> None:
        tries.append(route)
        await route.abort()

    await page.route("**/api/alarms", refuse)
    await page.evaluate("stream.dispatchEvent(new MessageEvent('resync', { data: '{}' }))")
    await until(lambda: len(tries) > 0)
    await expect(page.locator("#link.live")).to_have_count(0)
    await page.unroute("**/api/alarms")
    await expect(page.locator("#link.live")).to_be_visible()
