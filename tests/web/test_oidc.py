"""Signing in with the municipality's own login, against an OpenID provider in a process of its
own."""

import asyncio
import dataclasses
import socket
import sys
import time
from collections.abc import AsyncIterator
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest

from hub.settings.sign_in import OidcSettings
from hub.web.sign_in.oidc import Provider
from hub.web.sign_in.oidc_http import Client
from routing.instant import MINUTE
from tests.web.town import Browser, Town

CALLBACK = "http://127.0.0.1:1/oidc/callback"
"""The provider sends the browser here; these tests read where, and go to the town's own port."""


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@pytest.fixture
async def issuer() -> AsyncIterator[str]:
    port = free_port()
    process = await asyncio.create_subprocess_exec(
        *(
            sys.executable,
            "-m",
            "oidc_provider_mock",
            "--port",
            str(port),
            "--require-nonce",
            "true",
        ),
        *("--user-claims", '{"sub": "u-1", "ansattnr": "1001"}', "--user", "kari"),
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(60), aiohttp.ClientSession() as http:
            while True:
                try:
                    async with http.get(f"http://127.0.0.1:{port}/jwks") as answer:
                        if answer.status == 200:
                            break
                except aiohttp.ClientConnectionError:
                    await asyncio.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        await process.wait()


class Login:
    """A browser that goes to the provider and comes back."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser

    async def go(self, path: str) -> str:
        """Return where the town sends the browser."""
        async with self.browser.http.get(path, allow_redirects=False) as answer:
            assert answer.status == 303, await answer.text()
            return answer.headers["Location"]

    async def at_provider(self, url: str, sub: str = "kari", **form: str) -> dict[str, str]:
        """Choose who to be there; return what it gives the browser to bring back."""
        async with (
            aiohttp.ClientSession() as http,
            http.post(url, data={"sub": sub, **form}, allow_redirects=False) as answer,
        ):
            location = answer.headers["Location"]
        assert location.startswith(f"{CALLBACK}?")
        return {name: value for name, (value,) in parse_qs(urlsplit(location).query).items()}

    async def back(self, **brought: str) -> str:
        """Bring it back; return where the town sends the browser then."""
        query = "&".join(f"{name}={value}" for name, value in brought.items())
        return await self.go(f"/oidc/callback?{query}")

    async def who(self) -> str | None:
        status, me = await self.browser.get("/api/me")
        return str(me["person"]) if status == 200 else None


class Site:
    """The town with a login of its own."""

    def __init__(self, town: Town, url: str) -> None:
        self.town, self.url = town, url
        self.browsers: list[Browser] = []

    async def login(self) -> Login:
        self.browsers.append(Browser(self.town, self.url))
        return Login(await self.browsers[-1].__aenter__())


def settings(issuer: str, **more: object) -> OidcSettings:
    told = {"issuer": issuer, "client_id": "varde", "name": "Fjordby-ID", **more}
    return OidcSettings.model_validate(told)


async def opened(town: Town, provider: Provider) -> AsyncIterator[Site]:
    town.site = dataclasses.replace(
        town.site, provider=provider, clock=lambda: time.time_ns() // 1000
    )
    async with town.open() as url:
        site = Site(town, url)
        yield site
        for browser in site.browsers:
            await browser.http.close()
    await provider.close()


@pytest.fixture
async def site(town: Town, issuer: str) -> AsyncIterator[Site]:
    async for one in opened(town, Provider(settings(issuer), "a secret", CALLBACK, Client())):
        yield one


@pytest.fixture
async def mapped(town: Town, issuer: str) -> AsyncIterator[Site]:
    terms = settings(issuer, claim="ansattnr", people={"1001": "ola"})
    async for one in opened(town, Provider(terms, "a secret", CALLBACK, Client())):
        yield one


async def test_who_is_let_in_there_is_signed_in_here(site: Site) -> None:
    login = await site.login()
    url = await login.go("/oidc/start?next=/tasks")
    brought = await login.at_provider(url)
    assert await login.back(**brought) == "/tasks"
    assert await login.who() == "kari"
    (handset,) = site.town.directory.handsets("kari")
    assert (await login.browser.get("/api/me"))[1]["handset"] == handset.id


async def test_another_claim_names_the_person_by_the_settings(mapped: Site) -> None:
    login = await mapped.login()
    brought = await login.at_provider(await login.go("/oidc/start"), "u-1")
    assert await login.back(**brought) == "/"
    assert await login.who() == "ola"
    other = await mapped.login()
    brought = await other.at_provider(await other.go("/oidc/start"), "kari")
    assert await other.back(**brought) == "/sign-in?why=oidc_failed"  # without that claim
    assert await other.who() is None


async def test_who_is_known_there_and_not_here_stays_out(site: Site) -> None:
    login = await site.login()
    brought = await login.at_provider(await login.go("/oidc/start"), "a-stranger")
    where = await login.back(**brought)
    assert where == "/sign-in?why=oidc_unknown"
    assert await login.who() is None
    _, page = await login.browser.get(where)
    assert "den brukeren er ikke knyttet til noen her" in page


async def test_a_code_and_a_state_count_once(site: Site) -> None:
    login = await site.login()
    brought = await login.at_provider(await login.go("/oidc/start"))
    assert await login.back(**brought) == "/"
    await login.browser.post("/api/sign-out", {})
    assert await login.back(**brought) == "/sign-in?why=oidc_failed"
    begun = await login.at_provider(await login.go("/oidc/start"))
    replayed = {**begun, "code": brought["code"]}
    assert await login.back(**replayed) == "/sign-in?why=oidc_failed"
    assert await login.who() is None


async def test_a_state_of_another_browser_is_worth_nothing(site: Site) -> None:
    """A link with the attacker's code must not sign a victim in as the attacker."""
    attacker, victim = await site.login(), await site.login()
    brought = await attacker.at_provider(await attacker.go("/oidc/start"))
    assert await victim.back(**brought) == "/sign-in?why=oidc_failed"
    await victim.go("/oidc/start")
    assert await victim.back(**brought) == "/sign-in?why=oidc_failed"
    assert await victim.who() is None


@pytest.mark.parametrize("wrong", [{"state": "x"}, {"state": ""}, {"code": ""}, {"code": "x"}])
async def test_what_is_brought_back_changed_is_refused(site: Site, wrong: dict[str, str]) -> None:
    login = await site.login()
    brought = await login.at_provider(await login.go("/oidc/start"))
    assert await login.back(**{**brought, **wrong}) == "/sign-in?why=oidc_failed"
    assert await login.who() is None


async def test_a_code_of_another_sign_in_has_the_wrong_nonce(site: Site) -> None:
    one, other = await site.login(), await site.login()
    ones = await one.at_provider(await one.go("/oidc/start"))
    others = await other.at_provider(await other.go("/oidc/start"), "ola")
    assert await one.back(**{**ones, "code": others["code"]}) == "/sign-in?why=oidc_failed"
    assert await one.who() is None


async def test_an_answer_that_names_another_issuer_is_refused(site: Site) -> None:
    login = await site.login()
    brought = await login.at_provider(await login.go("/oidc/start"))
    where = await login.back(**brought, iss="https://other.example")
    assert where == "/sign-in?why=oidc_failed"


async def test_who_says_no_there_is_told_so_here(site: Site) -> None:
    login = await site.login()
    brought = await login.at_provider(await login.go("/oidc/start"), action="deny")
    assert "error" in brought
    state = brought.get("state", "")
    begun = await login.back(**{**brought, "state": state, "error": "access_denied"})
    assert begun in {"/sign-in?why=oidc_denied", "/sign-in?why=oidc_failed"}
    assert await login.who() is None


async def test_what_was_begun_too_long_ago_is_over(site: Site) -> None:
    login = await site.login()
    brought = await login.at_provider(await login.go("/oidc/start"))
    with site.town.directory._file.transaction() as db:
        db.execute("UPDATE pending SET expires_at = expires_at - ?", (5 * MINUTE,))
    assert await login.back(**brought) == "/sign-in?why=oidc_failed"


async def test_a_provider_that_is_away_is_told_and_the_other_ways_stay(town: Town) -> None:
    nobody = f"http://127.0.0.1:{free_port()}"
    async for site in opened(town, Provider(settings(nobody), None, CALLBACK, Client())):
        login = await site.login()
        where = await login.go("/oidc/start")
        assert where == "/sign-in?why=oidc_away"
        _, page = await login.browser.get(where)
        assert "Innloggingstjenesten svarer ikke" in page
        assert 'id="code"' in page


async def test_only_known_reasons_are_shown(site: Site) -> None:
    login = await site.login()
    _, page = await login.browser.get("/sign-in?why=<b>ring-999</b>")
    assert "ring-999" not in page
