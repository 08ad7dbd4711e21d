"""Codes and recovery links that are made on the pages, foreign pages that would sign somebody in,
and a directory that breaks or changes meanwhile."""

import re

import pytest

from routing.instant import HOUR, MINUTE
from tests.web.conftest import NewBrowser
from tests.web.town import Browser, Town

QUIET = 4
"""Modules around a QR code that scanners need, whose sides are 17 and a multiple of 4."""


async def test_a_code_for_ones_next_phone(town: Town, kari: Browser, someone: NewBrowser) -> None:
    status, made = await kari.post("/api/people/kari/code", {})
    assert status == 200
    assert made["url"].endswith(f"/enrol#{made['code']}")
    assert made["qr"].startswith("<svg ")
    assert not re.search(r"style|script|onload", made["qr"])
    (width,) = re.findall(r'viewBox="0 0 (\d+) \d+"', made["qr"])
    assert (int(width) - 2 * QUIET - 17) % 4 == 0
    assert 'fill="#fff"' in made["qr"]
    assert 'stroke="#000"' in made["qr"]
    assert (await someone().post("/api/sign-in", {"code": made["code"]}))[0] == 204
    town.now += HOUR + MINUTE
    status, answer = await kari.post("/api/people/kari/code", {})
    assert (status, answer["error"]) == (403, "sign_in_anew")


async def test_recovery_needs_a_tap_works_once_and_is_told(
    town: Town, kari: Browser, someone: NewBrowser
) -> None:
    lise = await someone().sign_in("lise")
    _, made = await lise.post("/api/people/kari/recovery", {})
    path, _, token = made["url"].partition("#")
    assert path.endswith("/recover")
    for _ in range(3):  # a preview opens it
        status, page = await someone().get("/recover")
        assert status == 200
        assert token not in page
    fresh = someone()
    assert (await fresh.post("/api/recover", {"token": token}))[0] == 204
    assert (await fresh.get("/api/me"))[1]["person"] == "kari"
    status, answer = await someone().post("/api/recover", {"token": token})
    assert (status, answer["error"]) == (401, "link_wrong")
    for reader, path in ((kari, "/phones"), (lise, "/people/kari/phones")):
        _, page = await reader.get(path)
        assert "lenke til innlogging laget · av Lise Vik" in page
        assert "logget inn med lenke" in page


async def test_a_link_is_too_old_after_fifteen_minutes(town: Town, someone: NewBrowser) -> None:
    link = town.directory.links.issue("kari", town.now)
    town.now += 15 * MINUTE
    assert (await someone().post("/api/recover", {"token": link}))[0] == 401


@pytest.mark.parametrize(
    "path",
    ["/api/sign-in/pin", "/api/recover", "/api/sign-in/passkey/begin", "/api/sign-in/passkey"],
)
@pytest.mark.parametrize(
    "headers",
    [{"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}],
)
async def test_no_foreign_page_signs_anybody_in(
    someone: NewBrowser, path: str, headers: dict[str, str]
) -> None:
    status, answer = await someone().post(path, {}, headers)
    assert (status, answer["error"]) == (403, "foreign_origin")


async def test_a_broken_directory_is_told_and_not_an_accident(town: Town, kari: Browser) -> None:
    with town.directory._file.transaction() as db:
        db.execute("ALTER TABLE session RENAME TO gone")
    status, answer = await kari.get("/api/me")
    assert (status, answer["error"]) == (503, "no_directory")
    status, answer = await kari.post("/api/sign-out", {})
    assert (status, answer["error"]) == (503, "no_directory")


async def test_a_directory_that_is_brought_up_meanwhile_goes_on(
    town: Town, someone: NewBrowser
) -> None:
    with town.directory._file.transaction() as db:
        for table in ("session", "code", "handset", "guess", "entry"):
            db.execute(f"ALTER TABLE {table} ADD COLUMN later INTEGER NOT NULL DEFAULT 0")
    kari = await someone().sign_in("kari")
    assert (await kari.get("/api/me"))[0] == 200
