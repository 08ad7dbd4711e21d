"""Signing in as a person sees it: passkeys with the browser's own virtual authenticator, a shared
phone, a recovery link, and the end of a lost phone."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from urllib.parse import urlsplit

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, Playwright, expect

from hub.directory.port import Means
from tests.browser.conftest import PATIENCE_S, OpenPage, hold_texts
from tests.web.town import Town

pytestmark = pytest.mark.browser


@pytest.fixture
def named(url: str) -> str:
    """The same pages by a name: browsers have no passkeys at a bare address."""
    return url.replace("127.0.0.1", "localhost")


@pytest_asyncio.fixture(loop_scope="session")
async def device(playwright: Playwright, chromium: Browser) -> AsyncIterator[Page]:
    """A phone on which nobody is signed in, with a platform authenticator."""
    async with AsyncExitStack() as stack:
        options = {**playwright.devices["Pixel 7"], "locale": "nb-NO"}
        context = await stack.enter_async_context(await chromium.new_context(**options))
        page = await context.new_page()
        page.set_default_timeout(PATIENCE_S * 1000)
        await authenticator(page)
        yield page


async def authenticator(page: Page) -> None:
    """Chrome DevTools Protocol, domain WebAuthn."""
    session = await page.context.new_cdp_session(page)
    await session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    await session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


async def home(page: Page) -> None:
    await page.wait_for_selector("#link.live")


async def test_after_the_first_code_a_passkey_is_enough(
    town: Town, named: str, device: Page
) -> None:
    await device.goto(f"{named}/enrol#{town.directory.issue_code('kari', town.now)}")
    await device.get_by_role("button", name="Lag passnøkkel her").click()
    await home(device)
    (passkey,) = town.directory.passkeys.of("kari")
    assert passkey.person == "kari"
    await device.goto(f"{named}/phones")
    await device.get_by_role("button", name="Logg ut").click()
    await device.wait_for_url("**/sign-in")
    await device.get_by_role("button", name="Logg inn med passnøkkel").click()
    await home(device)
    (used,) = town.directory.passkeys.of("kari")
    assert used.used_at is not None
    assert used.sign_count > 0
    assert urlsplit(device.url).path == "/"


async def test_who_wants_no_passkey_goes_on(town: Town, named: str, device: Page) -> None:
    await device.goto(f"{named}/enrol#{town.directory.issue_code('kari', town.now)}")
    await device.get_by_role("link", name="Ikke nå").click()
    await home(device)
    assert town.directory.passkeys.of("kari") == []


async def test_a_passkey_that_is_gone_here_is_told(town: Town, named: str, device: Page) -> None:
    await device.goto(f"{named}/enrol#{town.directory.issue_code('kari', town.now)}")
    await device.get_by_role("button", name="Lag passnøkkel her").click()
    await home(device)
    (passkey,) = town.directory.passkeys.of("kari")
    town.directory.passkeys.remove("kari", passkey.id)
    await device.goto(f"{named}/sign-in")
    await device.get_by_role("button", name="Logg inn med passnøkkel").click()
    await expect(device.get_by_role("alert")).to_contain_text("ikke kjent her")
    await device.get_by_label("Engangskode").fill(town.directory.issue_code("kari", town.now))
    await device.get_by_role("button", name="Logg inn", exact=True).click()
    await device.wait_for_url("**/welcome")


async def test_passkeys_are_named_and_removed_on_the_phones_page(
    town: Town, named: str, device: Page
) -> None:
    await device.goto(f"{named}/enrol#{town.directory.issue_code('kari', town.now)}")
    await device.get_by_role("link", name="Ikke nå").click()
    await home(device)
    await device.goto(f"{named}/phones")
    await device.get_by_role("button", name="Lag passnøkkel her").click()
    keys = device.get_by_role("region", name="Passnøkler")
    await expect(keys.locator(".item")).to_have_count(1)
    await keys.get_by_text("Gi nytt navn").click()
    await keys.get_by_label("Navn").fill("Jobbtelefonen")
    await keys.get_by_role("button", name="Lagre").click()
    await expect(keys.get_by_role("heading", name="Jobbtelefonen")).to_be_visible()
    await keys.get_by_text("Fjern", exact=False).first.click()
    await keys.get_by_role("button", name="Fjern denne passnøkkelen").click()
    await expect(keys.locator(".item")).to_have_count(0)


async def test_a_shared_phone_asks_for_name_and_pin(town: Town, url: str, device: Page) -> None:
    town.directory.pins.set("kari", "4711", town.now)
    await device.goto(f"{url}/enrol#{town.directory.codes.issue(town.now, unit='east')}")
    await expect(device.get_by_text("Fellestelefon for Øst.")).to_be_visible()
    await device.get_by_role("button", name="Kari Fjell").click()
    pin = device.get_by_label("PIN-kode")
    await expect(pin).to_be_focused()
    await pin.fill("9999")
    await device.keyboard.press("Enter")
    await expect(device.get_by_role("alert")).to_contain_text("PIN-koden er feil")
    await pin.fill("4711")
    await device.keyboard.press("Enter")
    await home(device)
    await device.goto(f"{url}/phones")
    await expect(device.get_by_text("Du er på en fellestelefon nå.")).to_be_visible()


async def test_a_recovery_link_waits_for_a_tap(town: Town, url: str, device: Page) -> None:
    link = town.directory.links.issue("kari", town.now)
    await device.goto(f"{url}/recover#{link}")
    await expect(device.get_by_role("heading", name="Kom inn igjen")).to_be_visible()
    assert "#" not in device.url
    assert town.directory.handsets("kari") == []
    await device.get_by_role("button", name="Logg meg inn").click()
    await home(device)
    (handset,) = town.directory.handsets("kari")
    assert handset.label == "Android · Chrome"


async def test_a_lost_phone_is_out_while_its_owner_looks_on(
    town: Town, phone: OpenPage, url: str
) -> None:
    kari, lise = await phone("kari"), await phone("lise")
    await lise.goto(f"{url}/people/kari/phones")
    await lise.get_by_text("Steng", exact=False).first.click()
    await lise.get_by_role("button", name="Den er mistet: steng nå").click()
    await expect(kari.get_by_text("Du ble logget ut.")).to_be_visible()
    assert town.directory.handsets("kari") == []
    await expect(lise.get_by_text("telefon stengt")).to_be_visible()


async def test_a_code_for_another_phone_is_shown_once_with_its_qr_code(
    town: Town, phone: OpenPage, url: str, device: Page
) -> None:
    kari = await phone("kari")
    await kari.goto(f"{url}/phones")
    await kari.get_by_role("button", name="Legg til en telefon").click()
    made = kari.locator("#made")
    await expect(made.get_by_role("img", name="QR-kode med lenken")).to_be_visible()
    code = await made.locator(".secret").inner_text()
    await device.goto(f"{url}/sign-in")
    await device.get_by_label("Engangskode").fill(code)
    await device.keyboard.press("Enter")
    await home(device)
    assert len(town.directory.handsets("kari")) == 2
    await kari.reload()
    await expect(kari.locator("#made")).to_be_hidden()


async def test_a_code_sent_before_the_page_listens_signs_in_when_it_does(
    town: Town, url: str, device: Page
) -> None:
    come = await hold_texts(device)
    await device.goto(f"{url}/sign-in")
    await device.get_by_label("Engangskode").fill(town.directory.issue_code("kari", town.now))
    await device.keyboard.press("Enter")
    assert town.directory.handsets("kari") == []
    come.set()
    await home(device)
    assert len(town.directory.handsets("kari")) == 1
    assert device.url == f"{url}/"


async def test_a_session_on_a_shared_phone_that_is_over_leads_back_to_the_names(
    town: Town, url: str, device: Page
) -> None:
    await device.goto(f"{url}/enrol#{town.directory.codes.issue(town.now, unit='east')}")
    await expect(device.get_by_role("button", name="Ola Strand")).to_be_visible()
    (handset,) = town.directory.phones.shared()
    token = town.directory.sessions.begin("ola", handset.id, Means.PIN, town.now, unit="east")
    await device.context.add_cookies([{"name": "varde_session", "value": token, "url": url}])
    await device.goto(url)
    await home(device)
    town.directory.sessions.end(token)
    await expect(device.get_by_role("button", name="Ola Strand")).to_be_visible()
