"""The app: it can be installed, it opens without a connection, it becomes a new version."""

from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
from playwright.async_api import Page, Playwright, expect

from hub.web.shell import worker
from tests.browser.conftest import ARGUMENTS, OpenPage
from tests.browser.pushes import worker_of
from tests.browser.visits import DRAWN
from tests.web.town import Town

pytestmark = pytest.mark.browser
READY = (
    "() => navigator.serviceWorker.ready.then(() => navigator.serviceWorker.controller !== null)"
)
IN_CACHES = """
async () => {
  const names = await caches.keys();
  const kept = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
  return kept.flat().map((request) => new URL(request.url).pathname);
}
"""
TOO_WIDE = "document.documentElement.scrollWidth - innerWidth"
PAGES = ("/", "/tasks", "/duty", "/more", "/readiness", "/board", "/incidents")


async def with_worker(page: Page) -> None:
    """Wait until the page is the worker's."""
    await page.wait_for_function(READY)


async def test_the_app_can_be_installed(
    town: Town, url: str, playwright: Playwright, tmp_path: Path
) -> None:
    context = await playwright.chromium.launch_persistent_context(
        str(tmp_path / "profile"),
        executable_path="/usr/bin/chromium",
        args=ARGUMENTS,
        locale="nb-NO",
    )
    page = await context.new_page()
    await page.goto(f"{url}/enrol#{town.directory.issue_code('kari', town.now)}")
    await page.wait_for_selector("#link.live")
    await with_worker(page)
    cdp = await context.new_cdp_session(page)
    found = await cdp.send("Page.getAppManifest")
    assert found["errors"] == []
    assert found["url"] == f"{url}/manifest/nb.webmanifest"
    assert (await cdp.send("Page.getInstallabilityErrors"))["installabilityErrors"] == []
    assert (await cdp.send("Page.getAppId"))["appId"] == f"{url}/"
    await context.close()


async def test_without_a_connection_every_page_has_one_that_stands_in(
    town: Town, phone: OpenPage
) -> None:
    page = await phone("ola", locale="nn-NO")
    await with_worker(page)
    await page.context.set_offline(True)
    for path in ("/", "/tasks", "/duty", "/alarms/whatever", "/board"):
        await page.goto(urljoin(page.url, path))
        await expect(page.locator("body.offline")).to_be_visible()
        await expect(page.locator("#link")).to_contain_text("Inga")
        assert await page.locator("html").get_attribute("lang") == "nn"
    await page.context.set_offline(False)
    await expect(page.get_by_role("heading", name="Vakttavle")).to_be_visible()


async def test_nothing_about_people_is_kept_beside_the_files(town: Town, phone: OpenPage) -> None:
    page = await phone("kari")
    await with_worker(page)
    await town.press()
    for path in PAGES:
        await page.goto(urljoin(page.url, path))
        await page.wait_for_function(DRAWN)
    kept = await page.evaluate(IN_CACHES)
    assert sorted(kept) == sorted(worker.shell())
    worker_page = await worker_of(page.context)
    texts = await worker_page.evaluate(
        """async () => {
          const cache = await caches.open(`varde-shell-${VARDE.version}`);
          const all = await Promise.all((await cache.matchAll()).map((one) => one.text()));
          return all.join("\\n");
        }"""
    )
    assert "Olga" not in texts
    assert "Kari" not in texts


async def test_a_new_version_is_told_and_takes_nothing_with_it(
    town: Town, phone: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = await phone("kari")
    await with_worker(page)
    waiting = '{ id: "w", path: "/api/nothing", body: {}, told: null, at: Date.now() + 1e9 }'
    first = await worker_of(page.context)
    await first.evaluate(f"kept.put('settings', 'kept-by-test', {waiting})")
    worker._script.cache_clear()
    monkeypatch.setattr(worker, "version", lambda: "0123456789ab")
    try:
        await page.evaluate("navigator.serviceWorker.ready.then((one) => one.update())")
        note = page.locator(".new-version")
        await expect(note).to_contain_text("Det er kommet en ny versjon av Varde.")
        assert await note.get_attribute("role") == "status"
        # Drawn anew at a tap, and never by itself while somebody is reading.
        await expect(page.locator("#link.live")).to_be_visible()
        names = await page.evaluate("caches.keys()")
        assert names == ["varde-shell-0123456789ab"]
        newest = page.context.service_workers[-1]
        assert (
            await newest.evaluate("kept.get('settings', 'kept-by-test').then((one) => one.id)")
            == "w"
        )
        async with page.expect_navigation():
            await note.get_by_role("button", name="Ta den i bruk").click()
    finally:
        worker._script.cache_clear()


async def test_every_screen_is_one_or_two_taps_from_the_foot_of_the_phone(
    town: Town, phone: OpenPage
) -> None:
    page = await phone("lise")
    bar = page.get_by_role("navigation", name="Sider")
    shown = [one for one in await bar.get_by_role("link").all() if await one.is_visible()]
    assert [(await one.inner_text()).strip() for one in shown] == [
        *("Alarmer", "Oppgaver", "Vakt", "Mer")
    ]
    box = await bar.bounding_box()
    assert box is not None
    assert abs(box["y"] + box["height"] - 839) < 2
    await bar.get_by_role("link", name="Vakt", exact=True).click()
    await expect(page.get_by_role("heading", name="Vakt", exact=True)).to_be_visible()
    await bar.get_by_role("link", name="Mer", exact=True).click()
    await page.wait_for_url("**/more")
    for name, path in {
        "Vakttavle": "/board",
        "Hendelser": "/incidents",
        "Bemanning": "/coverage",
        "Er telefonen klar?": "/readiness",
    }.items():
        await page.locator(".ways").get_by_role("link", name=name).click()
        await page.wait_for_url(f"**{path}")
        await expect(page.get_by_role("heading", level=1)).to_be_visible()
        await expect(bar.locator("[aria-current]")).to_have_count(1)
        await bar.get_by_role("link", name="Mer", exact=True).click()
        await page.wait_for_url("**/more")


async def test_on_a_desk_the_whole_menu_stands_in_the_head(town: Town, phone: OpenPage) -> None:
    desk: dict[str, Any] = {"viewport": {"width": 1366, "height": 900}, "is_mobile": False}
    page = await phone("lise", **desk)
    bar = page.get_by_role("navigation", name="Sider")
    for name in ("Alarmer", "Oppgaver", "Vakt", "Vakttavle", "Hendelser", "Bemanning", "Mer"):
        await expect(bar.get_by_role("link", name=name, exact=True)).to_be_visible()
    box = await bar.bounding_box()
    assert box is not None
    assert box["y"] < 100


@pytest.mark.parametrize("width", [320, 640])
async def test_the_pages_fit_a_narrow_phone_and_text_at_200_percent(
    town: Town, phone: OpenPage, width: int
) -> None:
    page = await phone("lise", viewport={"width": width, "height": 800})
    for path in (*PAGES, "/coverage", "/offline/nb", "/called/nb"):
        await page.goto(urljoin(page.url, path))
        if width == 640:
            await page.evaluate("document.documentElement.style.fontSize = '200%'")
        await page.wait_for_function(DRAWN)
        assert await page.evaluate(TOO_WIDE) <= 0, path
        small = await page.evaluate(
            "[...document.querySelectorAll('button, .act, .menu a, summary')]"
            ".filter(e => e.offsetParent && e.getBoundingClientRect().height < 44)"
            ".map(e => e.outerHTML)"
        )
        assert small == [], path


async def test_the_foot_never_hides_what_has_the_focus(town: Town, phone: OpenPage) -> None:
    page = await phone("kari", viewport={"width": 390, "height": 700})
    await page.goto(urljoin(page.url, "/readiness"))
    await page.locator("#check-connection[data-state=ok]").wait_for()
    hidden = await page.evaluate(
        """() => {
          const bar = document.querySelector(".menu").getBoundingClientRect();
          const found = [];
          for (const one of document.querySelectorAll("main a, main button, main summary")) {
            if (!one.offsetParent) continue;
            one.focus();
            const box = one.getBoundingClientRect();
            if (box.bottom > bar.top + 1) found.push(one.textContent.trim());
          }
          return found;
        }"""
    )
    assert hidden == []


async def test_a_page_without_a_worker_works_all_the_same(town: Town, phone: OpenPage) -> None:
    """An old browser, or plain HTTP from another machine."""
    page = await phone("kari")
    await page.add_init_script("delete Navigator.prototype.serviceWorker")
    await page.goto(urljoin(page.url, "/readiness"))
    await expect(page.locator("#check-connection")).to_have_attribute("data-state", "ok")
    await expect(page.locator("#check-subscription")).to_have_attribute("data-state", "bad")
    await page.goto(urljoin(page.url, "/"))
    await expect(page.locator("#link.live")).to_be_visible()
