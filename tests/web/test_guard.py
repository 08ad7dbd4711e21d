"""Sizes, headers, cookies, and what must never be told."""

import asyncio
import dataclasses
import logging

import pytest

from hub.directory.port import CodeWrong
from hub.web.app import make_app
from hub.web.guard import policy
from hub.web.sign_in.cookies import counted_as
from tests.web.conftest import NewBrowser
from tests.web.town import Browser, Town


@pytest.fixture
async def lise(someone: NewBrowser) -> Browser:
    return await someone().sign_in("lise")


async def test_pages_take_everything_from_here_and_nothing_inline(kari: Browser) -> None:
    async with kari.http.get("/") as response:
        page, headers = await response.text(), response.headers
    assert headers["Content-Security-Policy"] == (
        "default-src 'self'; base-uri 'none'; object-src 'none'; form-action 'self'; "
        "frame-ancestors 'self'"
    )
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"
    assert " style=" not in page
    assert "<style" not in page
    assert page.count("<script") == page.count('<script type="module" src="/static/')


def test_the_panel_of_the_demo_may_frame_the_pages_where_settings_say_so() -> None:
    assert policy(("http://127.0.0.1:9000",)).endswith(
        "frame-ancestors 'self' http://127.0.0.1:9000"
    )


@pytest.mark.parametrize("path", ["/api/alarms", "/api/me", "/health", "/api/nothing"])
async def test_answers_of_the_api_are_never_kept(kari: Browser, path: str) -> None:
    async with kari.http.get(path) as response:
        assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("length", "status", "code"), [(9000, 413, "too_large"), (8000, 400, "invalid_request")]
)
async def test_a_body_has_a_size(kari: Browser, length: int, status: int, code: str) -> None:
    answer = await kari.post("/api/sign-in", {"code": "A" * length})
    assert (answer[0], answer[1]["error"]) == (status, code)


async def test_a_body_of_unknown_length_is_refused(kari: Browser) -> None:
    async def endless() -> object:
        yield b'{"code":'

    async with kari.http.post("/api/sign-in", data=endless()) as response:
        assert response.status == 411


async def test_an_address_has_a_size(kari: Browser) -> None:
    assert (await kari.get("/api/alarms/" + "x" * 600))[0] == 413


async def test_a_bad_body_is_not_echoed(kari: Browser) -> None:
    status, answer = await kari.post("/api/sign-in", {"kode": "HEMMELIG"})
    assert (status, answer["error"]) == (400, "invalid_request")
    assert "HEMMELIG" not in str(answer)


async def test_the_session_cookie_is_out_of_reach_of_scripts(kari: Browser, town: Town) -> None:
    code = town.directory.issue_code("kari", town.now)
    async with kari.http.post("/api/sign-in", json={"code": code}) as response:
        cookie = response.headers["Set-Cookie"]
    assert cookie.startswith("varde_session=")
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Secure" not in cookie


async def test_over_https_the_cookie_is_bound_to_this_host(town: Town) -> None:
    town.site = dataclasses.replace(town.site, public_url="https://varde.example")
    from tests.web.town import Browser

    async with town.open() as url, Browser(town, url) as browser:
        code = town.directory.issue_code("kari", town.now)
        origin = {"Origin": "https://varde.example"}
        async with browser.http.post(
            "/api/sign-in", json={"code": code}, headers=origin
        ) as response:
            cookie = response.headers["Set-Cookie"]
            assert response.headers["Strict-Transport-Security"] == "max-age=31536000"
    assert cookie.startswith("__Host-varde_session=")
    assert "Secure" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie


async def test_sign_in_says_the_same_of_every_wrong_code(someone: NewBrowser) -> None:
    for code in ("AAAA-AAAA", "no code", ""):
        status, body = await someone().post("/api/sign-in", {"code": code})
        assert (status, body["error"]) == (401, "code_wrong")


async def test_guessing_is_stopped_and_told(someone: NewBrowser) -> None:
    browser = someone()
    for _ in range(10):
        assert (await browser.post("/api/sign-in", {"code": "no"}))[0] == 401
    status, body = await browser.post("/api/sign-in", {"code": "no"})
    assert (status, body["error"]) == (429, "too_many_guesses")
    assert body["text"] == "For mange feil koder. Vent 15 min og prøv igjen."


async def test_strangers_guesses_close_no_phone_that_is_known(
    town: Town, lise: Browser, someone: NewBrowser
) -> None:
    """Behind the same address, and after so many from everywhere that it is closed for all."""
    await lise.post("/api/sign-out", {})
    stranger = someone()
    for _ in range(11):
        status, _ = await stranger.post("/api/sign-in", {"code": "no"})
    assert status == 429
    for n in range(990):
        with pytest.raises(CodeWrong):
            town.directory.codes.redeem("no", f"10.0.{n // 250}.{n % 250}", town.now)
    code = town.directory.issue_code("lise", town.now)
    assert (await stranger.post("/api/sign-in", {"code": code}))[0] == 429
    assert (await lise.post("/api/sign-in", {"code": code}))[0] == 204


async def test_a_known_phone_guesses_no_oftener_than_an_address(lise: Browser) -> None:
    statuses = [(await lise.post("/api/sign-in", {"code": "no"}))[0] for _ in range(11)]
    assert statuses == [401] * 10 + [429]


@pytest.mark.parametrize(
    ("host", "counted"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("a socket", "a socket"),
    ],
)
def test_one_line_is_one_guesser(host: str, counted: str) -> None:
    assert counted_as(host) == counted


async def test_names_and_codes_stay_out_of_the_log(
    town: Town, kari: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    alarm = await town.press()
    await kari.get(f"/api/alarms/{alarm}")
    await kari.act(alarm, "accept", note="Fikk et glass vann")
    code = town.directory.issue_code("kari", town.now)
    await kari.post("/api/sign-in", {"code": code})
    for personal in ("Olga", "Prøveveien", "Kari Fjell", "glass vann", code):
        assert personal not in caplog.text


def test_there_is_no_page_about_the_api(town: Town) -> None:
    app = make_app(town.site)
    assert (app.docs_url, app.redoc_url, app.openapi_url) == (None, None, None)


async def test_a_header_does_not_give_a_guesser_a_new_address(someone: NewBrowser) -> None:
    browser, last = someone(), 0
    for number in range(11):
        forged = {"X-Forwarded-For": f"203.0.113.{number}"}
        last, _ = await browser.post("/api/sign-in", {"code": "no"}, headers=forged)
    assert last == 429


async def test_a_body_that_does_not_come_is_given_up(
    kari: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.web.guard.BODY_WITHIN_S", 0.1)
    url = kari.http._base_url
    assert url is not None
    reader, writer = await asyncio.open_connection(url.host, url.port)
    head = "POST /api/sign-in HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    writer.write(f"{head}Content-Length: 100\r\n\r\n{{".encode())
    async with asyncio.timeout(5):
        assert b"HTTP/1.1 4" in await reader.read(1000) or reader.at_eof()
    writer.close()
