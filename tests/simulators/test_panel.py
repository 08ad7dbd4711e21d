"""The panel's server: who may press, and what a press answers."""

import json
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any, cast

import aiohttp
import pytest

from simulators.devicelog import Answer, DeviceLog
from simulators.fleet import Act, Fleet
from simulators.hub_process import HubFailed
from simulators.panel.app import Panel
from simulators.panel.page import LANGUAGES, texts
from simulators.plan import Installed, Plan, Worker

HUB = "http://127.0.0.1:1"
PLAN = Plan(
    "Prøve <kommune>",
    {
        family: Installed("1", "Enhet", "Oline Oppdiktet")
        for family in ("pendant", "door", "dispenser", "gps")
    },
    {},
    (Worker("nora", "Nora Nattevakt"),),
)


def stub_fleet(log: DeviceLog) -> Fleet:
    async def press() -> Answer:
        log.note("scaip:1", "sent", "press", "A1")
        return log.ended("scaip:1", "answered", "press", Answer(True, 12.34, "A1", "snu 0"))

    actions: Mapping[str, Mapping[str, Act]] = {
        "pendant": dict.fromkeys(("press", "fall", "cancel", "battery_low"), press),
        "door": dict.fromkeys(("open", "close"), press),
        "dispenser": dict.fromkeys(("miss", "take"), press),
        "gps": dict.fromkeys(("sos", "leave_zone", "enter_zone"), press),
    }
    return cast(Fleet, SimpleNamespace(actions=actions, names={"scaip:1": "pendant"}))


async def code(person: str) -> str:
    return "ABCD-EFGH"


@asynccontextmanager
async def playing(hub: str = HUB, code: Any = code) -> AsyncIterator[tuple[Panel, str]]:
    log = DeviceLog()
    listening = socket.create_server(("127.0.0.1", 0))
    origin = f"http://127.0.0.1:{listening.getsockname()[1]}"
    panel = Panel(stub_fleet(log), log, PLAN, hub, code, origin=origin, key="k" * 22)
    async with panel.served(listening):
        yield panel, origin


@asynccontextmanager
async def page(panel: Panel) -> AsyncIterator[aiohttp.ClientSession]:
    """A browser that has opened the printed URL."""
    jar = aiohttp.CookieJar(unsafe=True)
    session = aiohttp.ClientSession(cookie_jar=jar)
    async with session, session.get(panel.url) as response:
        assert response.status == 200
        yield session


async def test_the_page_is_in_bokmal_and_allows_only_itself_and_the_hub() -> None:
    async with (
        playing() as (panel, _),
        aiohttp.ClientSession() as session,
        session.get(panel.url) as response,
    ):
        text = await response.text()
        policy = response.headers["Content-Security-Policy"]
        cookie = response.cookies["varde_panel"]
    assert '<html lang="nb">' in text
    assert "Trykk på alarmen" in text
    assert "Prøve &lt;kommune&gt;" in text
    assert "<script>" not in text
    assert "style=" not in text
    assert "default-src 'self'" in policy
    assert f"frame-src {HUB};" in policy
    assert "unsafe" not in policy
    assert cookie["httponly"]
    assert cookie["samesite"] == "Strict"


@pytest.mark.parametrize(("language", "word"), [("nn", "Tryggleiksalarm"), ("en", "Safety alarm")])
async def test_the_language_can_be_chosen_and_is_kept(language: str, word: str) -> None:
    async with playing() as (panel, origin), page(panel) as session:
        async with session.get(f"{origin}/?lang={language}") as response:
            assert word in await response.text()
        async with session.get(f"{origin}/") as response:
            assert word in await response.text()


async def test_a_press_answers_with_its_milliseconds() -> None:
    async with playing() as (panel, origin), page(panel) as session:
        wish = {"device": "pendant", "action": "press"}
        async with session.post(f"{origin}/act", json=wish, headers={"Origin": origin}) as response:
            assert await response.json() == {"accepted": True, "ms": 12.3, "detail": "snu 0"}


async def test_the_log_is_told_as_it_happens() -> None:
    async with playing() as (panel, origin), page(panel) as session:
        async with session.get(f"{origin}/events") as events:
            assert await events.content.readline() == b": open\n"
            wish = {"device": "pendant", "action": "press"}
            async with session.post(f"{origin}/act", json=wish, headers={"Origin": origin}):
                pass
            lines = [(await events.content.readline()).decode() for _ in range(5)]
        told = [json.loads(line[6:]) for line in lines if line.startswith("data: ")]
        assert [(entry["device"], entry["what"], entry["ms"]) for entry in told] == [
            ("pendant", "sent", None),
            ("pendant", "answered", 12.3),
        ]


async def test_the_phone_is_opened_with_a_code() -> None:
    async with playing() as (panel, origin), page(panel) as session:
        own, phone = {"Origin": origin}, f"{origin}/phone"
        async with session.post(phone, json={"person": "nora"}, headers=own) as response:
            assert await response.json() == {"url": f"{HUB}/enrol#ABCD-EFGH"}
        async with session.post(phone, json={"person": "gro"}, headers=own) as response:
            assert response.status == 404


async def test_a_code_that_cannot_be_made_is_said() -> None:
    async def broken(person: str) -> str:
        raise HubFailed("`varde code nora` ended with 1: no journal")

    async with playing(code=broken) as (panel, origin), page(panel) as session:
        own, phone = {"Origin": origin}, f"{origin}/phone"
        async with session.post(phone, json={"person": "nora"}, headers=own) as response:
            assert response.status == 502
            assert "no journal" in (await response.json())["problem"]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 403),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "OWN", "Content-Type": "text/plain"}, 415),
    ],
)
async def test_a_foreign_page_cannot_press(headers: dict[str, str], status: int) -> None:
    async with playing() as (panel, origin), page(panel) as session:
        sent = {name: value.replace("OWN", origin) for name, value in headers.items()}
        body = b'{"device": "pendant", "action": "press"}'
        async with session.post(f"{origin}/act", data=body, headers=sent) as response:
            assert response.status == status


async def test_without_the_key_nothing_is_shown() -> None:
    async with playing() as (_, origin), aiohttp.ClientSession() as session:
        for path in ("/", "/?key=wrong", "/events", "/static/panel.css"):
            async with session.get(f"{origin}{path}") as response:
                assert response.status == 403


async def test_another_host_name_is_refused() -> None:
    async with playing() as (panel, _), aiohttp.ClientSession() as session:
        headers = {"Host": "rebound.example"}
        async with session.get(panel.url, headers=headers) as response:
            assert response.status == 421


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b"[]", 400),
        (b'{"device": 1, "action": "x"}', 400),
        (b'{"device": "pendant", "action": "explode"}', 404),
    ],
)
async def test_a_wish_that_makes_no_sense_is_refused(body: bytes, status: int) -> None:
    async with playing() as (panel, origin), page(panel) as session:
        headers = {"Origin": origin, "Content-Type": "application/json"}
        async with session.post(f"{origin}/act", data=body, headers=headers) as response:
            assert response.status == status


def _shape(value: Any) -> Any:
    return {k: _shape(v) for k, v in value.items()} if isinstance(value, dict) else type(value)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_text(language: str) -> None:
    assert _shape(texts(language)) == _shape(texts("nb"))
