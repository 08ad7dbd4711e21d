"""From a locked phone: a push is shown, its receipt sent, and it is answered in one tap or two."""

import json
from urllib.parse import urljoin

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.pushes import SUBSCRIBES, Pushed, kept, with_push
from tests.browser.unconnected import lose_session, taken_by_ola
from tests.web.town import Town

pytestmark = pytest.mark.browser
HIDE = """
(hidden) => {
  Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
  document.dispatchEvent(new Event("visibilitychange"));
}
"""


async def subscribed(town: Town, phone: OpenPage, person: str = "kari") -> tuple[Page, Pushed, str]:
    """Open a phone that has allowed alerts; return its page, its worker and its handset's id."""
    await with_push(town, person, "sms-1")
    page = await phone(person)
    await page.context.grant_permissions(["notifications"])
    await page.context.add_init_script(SUBSCRIBES)
    await page.goto(urljoin(page.url, "/readiness"))
    await expect(page.locator("#check-permission")).to_have_attribute("data-state", "ok")
    await page.get_by_role("button", name="Koble til varsler").click()
    await expect(page.locator("#check-subscription")).to_have_attribute("data-state", "ok")
    await kept(page, person)
    (subscription,) = town.site.subscriptions.live(person)
    return page, await Pushed.of(town, page), subscription.handset


async def test_the_checklist_says_what_is_missing(town: Town, phone: OpenPage) -> None:
    await with_push(town, "kari")
    page = await phone("kari")
    await page.goto(urljoin(page.url, "/readiness"))
    said = {
        "installed": ("warn", "Varde er åpnet i nettleseren"),
        "permission": ("warn", "Varsler er ikke tillatt ennå."),
        "subscription": ("bad", "Varde kan ikke varsle denne telefonen ennå."),
        "receipt": ("warn", "Ingen varsler er vist"),
        "connection": ("ok", "Varde svarte på"),
        "sound": ("warn", "Lyden er av."),
    }
    for check, (state, text) in said.items():
        row = page.locator(f"#check-{check}")
        await expect(row).to_have_attribute("data-state", state)
        await expect(row).to_contain_text(text)
    await expect(page.get_by_text("Ingen varslingsvei er bekreftet")).to_be_visible()


async def test_a_test_of_push_is_passed_from_the_locked_screen_only(
    town: Town, phone: OpenPage
) -> None:
    page, pushed, handset = await subscribed(town, phone)
    way = page.locator('[data-channel="push-1"]')
    await way.get_by_role("button", name="Send prøvevarsel").click()
    await expect(page.get_by_role("heading", name="Lås telefonen nå")).to_be_visible()
    assert town.state.proofs.tests == {}
    await page.evaluate(HIDE, True)
    await pushed.until("(await fetch('/api/reach').then((r) => r.json())).reached.channels[0].test")
    (test,) = town.state.proofs.tests
    await pushed.owed("kari", handset)
    await pushed.until("(await onScreen()).length")
    (shown,) = await pushed.shown()
    assert (shown["tag"], shown["actions"], shown["lang"]) == (test, ["answer"], "nb")
    await page.evaluate(HIDE, False)
    await expect(way).to_contain_text("Prøvevarselet er kommet frem. Svar på det.")
    await expect(way.get_by_role("button")).to_have_count(0)
    opened = await pushed.tap(test)
    assert opened == ["focus"]
    await expect(way).to_contain_text("Virker")
    await expect(way).to_contain_text("Besvart ")
    proof = town.state.proofs.of("kari", "push-1")
    assert proof.proven_at is not None
    await expect(page.locator("#check-receipt")).to_have_attribute("data-state", "ok")


async def test_locked_phone_to_accepted_is_one_tap(town: Town, phone: OpenPage) -> None:
    _, pushed, handset = await subscribed(town, phone)
    alarm = await town.press()
    send = await pushed.owed("kari", handset)
    await pushed.until("(await onScreen()).length")
    (shown,) = await pushed.shown()
    assert shown["actions"] == ["accept", "refuse"]
    assert shown["requireInteraction"] is True
    assert (shown["tag"], shown["path"]) == (alarm, f"/alarms/{alarm}")
    for name in ("Olga", "Prøveveien"):
        assert name not in shown["title"] + shown["body"]
    assert (await pushed.receipt(send)).delivered
    await pushed.tap(alarm, "accept")
    assert (town.state.alarms[alarm].owner, town.state.alarms[alarm].phase) == ("kari", "accepted")
    (told,) = await pushed.shown()
    assert (told["title"], told["tag"]) == ("Du har alarmen", alarm)


async def test_who_comes_second_is_told_who_has_it(town: Town, phone: OpenPage) -> None:
    _, pushed, handset = await subscribed(town, phone)
    alarm = await town.press()
    await pushed.owed("kari", handset)
    await pushed.until("(await onScreen()).length")
    await taken_by_ola(town, alarm)
    await pushed.tap(alarm, "accept")
    (told,) = await pushed.shown()
    assert told["title"] == "Det gikk ikke"
    assert "Ola Strand" in told["body"]
    assert town.state.alarms[alarm].owner == "ola"


async def test_an_answer_without_a_connection_waits_and_is_never_shown_as_done(
    town: Town, phone: OpenPage
) -> None:
    _, pushed, handset = await subscribed(town, phone)
    alarm = await town.press()
    await pushed.receipt(await pushed.owed("kari", handset))
    await pushed.cut()
    await pushed.tap(alarm, "accept")
    (told,) = await pushed.shown()
    assert told["title"] == "Ikke sendt ennå"
    assert town.state.alarms[alarm].owner is None
    await pushed.join()
    await pushed.until("(await onScreen())[0]?.title === 'Du har alarmen'")
    assert town.state.alarms[alarm].owner == "kari"
    await pushed.until("(await kept.all('posts')).length === 0")


async def test_a_receipt_without_a_connection_goes_out_when_there_is_one(
    town: Town, phone: OpenPage
) -> None:
    _, pushed, handset = await subscribed(town, phone)
    await town.press()
    await pushed.cut()
    send = await pushed.owed("kari", handset)
    await pushed.until("(await kept.all('posts')).length === 1")
    assert len(await pushed.shown()) == 1
    assert town.receipts == []
    await pushed.join()
    assert (await pushed.receipt(send)).delivered
    await pushed.until("(await kept.all('posts')).length === 0")


async def test_the_same_send_rings_once_and_is_always_shown(town: Town, phone: OpenPage) -> None:
    _, pushed, _ = await subscribed(town, phone)
    message = """{"notification": {"title": "Alarm", "lang": "nb", "tag": "an-alarm"},
                  "varde": {"send": "one-and-the-same"}}"""
    await pushed.send(message)
    await pushed.until("(await onScreen()).length")
    (first,) = await pushed.shown()
    await pushed.send(message)
    await pushed.until("(await onScreen())[0].silent")
    (second,) = await pushed.shown()
    assert (first["renotify"], first["silent"]) == (True, False)
    assert (second["renotify"], second["silent"]) == (False, True)


OVER_AND_OVER = """
() => {
  const end = Date.now() + 1000;
  const again = async () => { while (Date.now() < end) await takeAway({ alarm: "another" }); };
  for (let number = 0; number < 10; number += 1) again();
}
"""


async def test_a_call_stays_that_comes_while_another_is_taken_away(
    town: Town, phone: OpenPage
) -> None:
    """Chromium takes a notification away that is put up while their list is read."""
    _, pushed, handset = await subscribed(town, phone)
    alarm = await town.press()
    await pushed.worker.evaluate(OVER_AND_OVER)
    await pushed.receipt(await pushed.owed("kari", handset))
    assert [one["tag"] for one in await pushed.shown()] == [alarm]
    await pushed.tap(alarm, "accept")
    assert town.state.alarms[alarm].owner == "kari"


@pytest.mark.parametrize("message", ["not json", "{}", '{"notification": {}}', "[]", "null"])
async def test_what_cannot_be_read_is_still_shown(
    town: Town, phone: OpenPage, message: str
) -> None:
    _, pushed, _ = await subscribed(town, phone)
    await pushed.send(message)
    await pushed.until("(await onScreen()).length")
    (shown,) = await pushed.shown()
    assert (shown["title"], shown["path"]) == ("Noen trenger deg", "/")


async def test_a_browser_that_reads_the_declarative_form_itself_is_understood(
    town: Town, phone: OpenPage
) -> None:
    """It hands over the notification that it would show, and no text (W3C, Push API)."""
    _, pushed, handset = await subscribed(town, phone)
    alarm = await town.press()
    message = json.loads(pushed.message("kari", handset)[1])
    event = {**message["notification"], "data": {"varde": message["varde"]}}
    await pushed.worker.evaluate("(one) => pushed({ data: null, notification: one })", event)
    (shown,) = await pushed.shown()
    assert (shown["tag"], shown["actions"]) == (alarm, ["accept", "refuse"])
    await pushed.tap(alarm, "accept")
    assert town.state.alarms[alarm].owner == "kari"


async def test_without_a_session_a_call_is_answered_by_its_right(
    town: Town, phone: OpenPage
) -> None:
    """Tap one opens it, tap two accepts; name and address stay away until somebody signs in."""
    page, pushed, handset = await subscribed(town, phone)
    alarm = await town.press()
    await pushed.owed("kari", handset)
    await pushed.until("(await kept.all('calls')).length")
    here = page.url
    await lose_session(page, name=town.site.cookie)
    await page.goto(urljoin(here, f"/alarms/{alarm}"))
    await expect(page.get_by_role("heading", level=1)).to_be_focused()
    await expect(page.locator("main")).not_to_contain_text("Olga")
    await page.get_by_role("button", name="Kvitter").click()
    await expect(page.get_by_text("Bekreftet: Kvitter")).to_be_visible()
    assert town.state.alarms[alarm].owner == "kari"
    await expect(page.get_by_role("button", name="Kvitter")).to_be_hidden()
    await page.reload()
    await page.wait_for_url("**/sign-in")


async def test_a_phone_that_knows_no_call_promises_no_answer(phone: OpenPage) -> None:
    page = await phone("kari")
    await page.goto(urljoin(page.url, "/called/nb"))
    await expect(page.get_by_role("heading", level=1)).to_have_text(
        "Telefonen vet ikke mer om denne alarmen"
    )
    await expect(page.get_by_text("Du kan svare uten å logge inn")).to_be_hidden()


async def test_a_right_of_another_handset_is_worth_nothing(town: Town, phone: OpenPage) -> None:
    _, pushed, _ = await subscribed(town, phone)
    alarm = await town.press()
    await pushed.owed("kari", "another-handset")
    await pushed.until("(await onScreen()).length")
    await pushed.tap(alarm, "accept")
    assert town.state.alarms[alarm].owner is None
    (told,) = await pushed.shown()
    assert told["title"] == "Det gikk ikke"


async def test_a_tapped_notification_opens_in_the_page_that_is_there(
    town: Town, phone: OpenPage
) -> None:
    page, pushed, handset = await subscribed(town, phone)
    alarm = await town.press()
    await page.goto(urljoin(page.url, "/"))
    await page.locator(".card").wait_for()
    await pushed.owed("kari", handset)
    await pushed.until("(await onScreen()).length")
    assert await pushed.tap(alarm) == ["focus"]
    await page.wait_for_url(f"**/alarms/{alarm}")
    await expect(page.get_by_role("heading", name="Olga Eksempel")).to_be_visible()


async def test_who_signs_in_after_another_is_pushed_to_without_pressing_anything(
    town: Town, phone: OpenPage
) -> None:
    """A shared phone: the subscription follows whoever is signed in."""
    page, _, _ = await subscribed(town, phone)
    await with_push(town, "ola")
    here = page.url
    await lose_session(page, name=town.site.cookie)
    await page.goto(urljoin(here, f"/enrol#{town.directory.issue_code('ola', town.now)}"))
    await expect(page.locator("#link.live")).to_be_visible()
    await page.wait_for_function("() => sessionStorage.getItem('varde-push-kept') === 'ola'")
    await page.goto(urljoin(page.url, "/readiness"))
    await expect(page.locator("#check-subscription")).to_have_attribute("data-state", "ok")
    assert len(town.site.subscriptions.live("ola")) == 1
    assert town.site.subscriptions.live("kari") == []


async def test_a_call_that_somebody_has_answered_leaves_the_screen(
    town: Town, phone: OpenPage
) -> None:
    page, pushed, handset = await subscribed(town, phone)
    alarm = await town.press()
    await page.goto(urljoin(page.url, "/"))
    await page.locator(".card.calls").wait_for()
    await pushed.owed("kari", handset)
    await pushed.until("(await kept.all('calls')).length")
    await taken_by_ola(town, alarm)
    await pushed.until("(await onScreen()).length === 0")
    await pushed.until("(await kept.all('calls')).length === 0")


async def test_when_the_browser_exchanges_the_subscription_the_hub_learns_it(
    town: Town, phone: OpenPage
) -> None:
    _, pushed, handset = await subscribed(town, phone)
    played = (
        SUBSCRIBES.replace("/push/played", "/push/exchanged")
        .replace("localStorage.setItem(KEPT", "void (KEPT")
        .replace("JSON.parse(localStorage.getItem(KEPT))", "[]")
        .replace("window.", "self.")
    )
    await pushed.worker.evaluate(f"() => {{ {played} }}")
    await pushed.worker.evaluate("() => renew(null)")
    now = town.site.subscriptions.of(handset)
    assert now is not None
    assert now.endpoint == "http://127.0.0.1:9/push/exchanged"
