"""The story on the phone: an alarm appears, is accepted, driven to and closed. And the rest."""

from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import expect

from routing.instant import to_datetime
from routing.kinds import Kind
from tests.browser.conftest import OpenPage
from tests.web.town import Town

pytestmark = pytest.mark.browser


async def test_from_alarm_to_outcome(town: Town, phone: OpenPage) -> None:
    page = await phone("kari")
    await expect(page.get_by_text("Alt er rolig")).to_be_visible()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(urlsplit(request.url).path))
    alarm = await town.press()
    card = page.locator(f'.card[data-key="{alarm}"]')
    await card.wait_for()
    # It came by the stream: the list was not asked for again.
    assert "/api/alarms" not in asked
    await expect(card).to_contain_text("Olga Eksempel")
    await expect(card).to_contain_text("Varsler deg")
    await expect(page).to_have_title("(1) Alarmer · Varde")
    await expect(page.locator("#assertive")).to_have_text(
        "Ny alarm: Alarmknapp trykket, Olga Eksempel"
    )

    await card.click()
    await expect(page.get_by_role("heading", name="Olga Eksempel")).to_be_focused()
    await expect(page.get_by_text("Prøveveien 7")).to_be_visible()
    await expect(page.get_by_text("Du er på vakt i Dagvakt øst")).to_be_visible()
    await expect(page.get_by_text("Sett av Kari Fjell")).to_be_visible()

    await page.get_by_role("button", name="Kvitter").click()
    await expect(page.get_by_text("Bekreftet: Kvitter")).to_be_visible()
    assert town.state.alarms[alarm].owner == "kari"
    await page.get_by_role("button", name="På vei").click()
    await page.get_by_role("button", name="20 min").click()
    await expect(page.get_by_text("Kari Fjell er på vei, fremme innen")).to_be_visible()
    await page.get_by_role("button", name="Hos bruker").click()
    await expect(page.get_by_text("Kari Fjell er hos bruker")).to_be_visible()

    await page.get_by_role("button", name="Avslutt").click()
    close = page.get_by_role("button", name="Avslutt alarmen")
    await expect(close).to_be_disabled()
    assert await page.get_by_role("radio").count() == 9
    await page.get_by_text("Samtale", exact=True).click()
    await page.get_by_label("Notat").fill("Ville snakke litt")
    await close.click()
    await expect(page.get_by_text("Kari Fjell avsluttet alarmen: Samtale")).to_be_visible()
    await expect(page.get_by_text("Ville snakke litt")).to_be_visible()
    assert town.state.alarms[alarm].outcome == "talk"

    await page.get_by_role("link", name="Tilbake til alarmene").click()
    await expect(page.get_by_role("heading", name="Nylig avsluttet")).to_be_visible()
    await expect(page).to_have_title("Alarmer · Varde")


async def test_what_happens_elsewhere_shows_by_itself(town: Town, phone: OpenPage) -> None:
    kari, ola = await phone("kari"), await phone("ola")
    alarm = await town.press()
    await kari.locator(f'.card[data-key="{alarm}"]').click()
    await kari.get_by_role("button", name="Kvitter").click()
    card = ola.locator(f'.card[data-key="{alarm}"]')
    await expect(card).to_contain_text("Kari Fjell: Kvittert")
    await expect(ola.locator("#polite")).to_have_text("Olga Eksempel: Kari Fjell: Kvittert")


async def test_a_repeat_is_announced_and_counted(town: Town, phone: OpenPage) -> None:
    page = await phone("kari")
    alarm = await town.press()
    await page.locator(f'.card[data-key="{alarm}"]').wait_for()
    await town.press()
    await expect(page.locator(".card")).to_contain_text("2 ganger")
    await expect(page.locator("#assertive")).to_contain_text("Igjen: Alarmknapp trykket")


async def test_who_comes_second_is_told_who_was_first(town: Town, phone: OpenPage) -> None:
    page = await phone("ola")
    alarm = await town.press()
    await page.locator(f'.card[data-key="{alarm}"]').click()
    button = page.get_by_role("button", name="Kvitter")
    await button.wait_for()
    town.deaf = True
    await button.click()
    await expect(page.get_by_text("Ikkje stadfesta, prøver igjen …").first).to_be_visible()
    assert town.state.alarms[alarm].owner is None
    from routing.inputs import Command
    from routing.lifecycle import Action, Phase

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
    town.deaf = False
    taken = page.get_by_role("alert").filter(has_text="Allereie teken av Kari Fjell")
    await expect(taken).to_be_visible()
    sent = {command.id for _, command in town.heard if command.action is Action.ACCEPT}
    assert len(sent) == 1


async def test_a_lost_connection_is_told_and_nothing_is_pretended(
    town: Town, phone: OpenPage
) -> None:
    page = await phone("kari")
    alarm = await town.press()
    await page.locator(f'.card[data-key="{alarm}"]').click()
    await page.get_by_role("button", name="Kvitter").wait_for()
    await page.context.set_offline(True)
    await expect(page.locator("#link")).to_contain_text("Ingen forbindelse siden")
    await expect(page.locator("#link")).to_contain_text("Listen kan være gammel.")
    await page.get_by_role("button", name="Kvitter").click()
    await expect(page.get_by_text("Ikke sendt: ingen forbindelse").first).to_be_visible()
    assert town.state.alarms[alarm].owner is None
    await page.context.set_offline(False)
    await expect(page.get_by_text("Bekreftet: Kvitter")).to_be_visible()
    await expect(page.locator("#link")).to_have_text("Tilkoblet")
    assert town.state.alarms[alarm].owner == "kari"


async def test_the_bar_is_red_when_what_is_shown_is_older_than_40_seconds(
    town: Town, phone: OpenPage
) -> None:
    page = await phone("kari")
    await page.clock.install()
    await page.reload()
    await page.wait_for_selector("#link.live")
    await page.context.set_offline(True)
    await expect(page.locator("#link.lost")).to_be_visible()
    await page.clock.fast_forward(41_000)
    await expect(page.locator("#link.old")).to_be_visible()


async def test_who_is_signed_out_elsewhere_lands_on_the_sign_in_page(
    town: Town, phone: OpenPage
) -> None:
    page = await phone("kari")
    town.directory.end_sessions_of("kari", town.now)
    await expect(page.get_by_text("Du ble logget ut.")).to_be_visible()


async def test_the_language_follows_the_person_and_the_switch(town: Town, phone: OpenPage) -> None:
    page = await phone("ola", locale="nb-NO")
    await expect(page.get_by_text("Alt er roleg")).to_be_visible()
    await page.get_by_role("button", name="English").click()
    await expect(page.get_by_text("All is calm")).to_be_visible()
    assert await page.locator("html").get_attribute("lang") == "en"
    await town.happens(Kind.FALL_DETECTED)
    await expect(page.locator(".card")).to_contain_text("Fall detected")


async def test_a_code_is_typed_as_it_is_read(town: Town, phone: OpenPage, url: str) -> None:
    page = await phone("kari")
    await page.get_by_role("button", name="Logg ut").click()
    await page.wait_for_url("**/sign-in")
    field = page.get_by_label("Engangskode")
    await field.press_sequentially("aaaa aaaa")
    await expect(field).to_have_value("AAAA-AAAA")
    await page.get_by_role("button", name="Logg inn").click()
    await expect(page.get_by_role("alert")).to_contain_text("Koden er feil")
    await field.fill(town.directory.issue_code("kari", town.now))
    await field.press("Enter")
    await expect(page.get_by_text("Alt er rolig")).to_be_visible()


async def test_everything_can_be_done_from_the_keyboard(town: Town, phone: OpenPage) -> None:
    page = await phone("kari")
    alarm = await town.press()
    card = page.locator(f'.card[data-key="{alarm}"]')
    await card.focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Olga Eksempel")).to_be_focused()
    accept = page.get_by_role("button", name="Kvitter")
    await accept.focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("Bekreftet: Kvitter")).to_be_visible()
    leave = page.get_by_role("button", name="Avslutt")
    await leave.focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("dialog")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_be_hidden()
    await expect(page.get_by_role("button", name="Avslutt")).to_be_focused()


@pytest.mark.parametrize("width", [320, 640])
async def test_nothing_is_cut_off_on_a_narrow_phone_or_with_text_at_200_percent(
    town: Town, phone: OpenPage, width: int
) -> None:
    page = await phone("kari", viewport={"width": width, "height": 800})
    if width == 640:
        await page.evaluate("document.documentElement.style.fontSize = '200%'")
    alarm = await town.press()
    card = page.locator(f'.card[data-key="{alarm}"]')
    await card.wait_for()
    too_wide = "document.documentElement.scrollWidth - innerWidth"
    assert await page.evaluate(too_wide) <= 0
    await card.click()
    await page.get_by_role("button", name="Kvitter").wait_for()
    assert await page.evaluate(too_wide) <= 0
    small = await page.evaluate(
        "[...document.querySelectorAll('button, .detail a, .card')].filter(e => e.offsetParent)"
        ".filter(e => e.getBoundingClientRect().height < 48).map(e => e.outerHTML)"
    )
    assert small == []


async def test_times_are_the_municipalitys_whatever_the_phone_believes(
    town: Town, phone: OpenPage
) -> None:
    page = await phone("kari")
    alarm = await town.press()
    await page.locator(f'.card[data-key="{alarm}"]').click()
    received = to_datetime(town.state.alarms[alarm].received_at).astimezone(ZoneInfo("Europe/Oslo"))
    phone_zone = await page.evaluate("Intl.DateTimeFormat().resolvedOptions().timeZone")
    assert phone_zone != "Europe/Oslo"
    await expect(page.get_by_role("definition").get_by_text(f"{received:%H:%M:%S}")).to_be_visible()
