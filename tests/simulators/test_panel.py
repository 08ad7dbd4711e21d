"""The panel's server: who may press, and what a press answers."""

import json
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, ClassVar, cast

import aiohttp
import pytest

from simulators.crew import Crew
from simulators.devicelog import Answer, DeviceLog
from simulators.fleet import FAULTS, Act, Fleet
from simulators.hub_process import HubFailed
from simulators.kinds import FAMILIES
from simulators.panel.app import Panel
from simulators.panel.page import LANGUAGES, texts
from simulators.plan import Installed, Plan, Worker

HUB = "http://127.0.0.1:1"
PLAN = Plan(
    "Prøve <kommune>",
    {
        family: Installed("1", "Enhet", "Oline Oppdiktet", family, "any")
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
    return cast(Fleet, StubFleet(actions))


class StubFleet:
    """Devices that answer at once, and can lose their power."""

    names: ClassVar = {"scaip:1": "pendant"}

    def __init__(self, actions: Mapping[str, Mapping[str, Act]]) -> None:
        self.actions = actions
        self.wrong: dict[str, list[str]] = {key: [] for key in actions}

    def act(self, key: str, action: str) -> Act | None:
        return self.actions.get(key, {}).get(action)

    def faults_of(self, key: str) -> tuple[str, ...]:
        return ("duplicate", "off") if key in self.actions else ()

    async def set_fault(self, key: str, fault: str, *, on: bool) -> None:
        self.wrong[key] = [fault] if on else []


async def code(person: str) -> str:
    return "ABCD-EFGH"


FLAT = Plan(
    "Øvingsleilighet",
    {
        family: Installed("1", f"Enhet {family}", "", family, "any", room)
        for family, room in (("pendant", "Stuen"), ("door", "Gangen"), ("gps", "Gangen"))
    },
    {},
    (Worker("nora", "Nora Nattevakt"),),
    training=True,
)


@asynccontextmanager
async def playing(
    hub: str = HUB, code: Any = code, plan: Plan = PLAN, crew: Crew | None = None
) -> AsyncIterator[tuple[Panel, str]]:
    log = DeviceLog()
    listening = socket.create_server(("127.0.0.1", 0))
    origin = f"http://127.0.0.1:{listening.getsockname()[1]}"
    panel = Panel(stub_fleet(log), log, plan, hub, code, origin=origin, key="k" * 22, crew=crew)
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


@pytest.mark.parametrize(
    ("wanted", "language"),
    [("en-GB,en;q=0.9", "en"), ("de, nn-NO;q=0.8", "nn"), ("no", "nb"), ("fr", "nb"), ("", "nb")],
)
async def test_the_browsers_language_is_taken_where_none_was_chosen(
    wanted: str, language: str
) -> None:
    async with (
        playing() as (panel, _),
        aiohttp.ClientSession() as session,
        session.get(panel.url, headers={"Accept-Language": wanted}) as response,
    ):
        assert f'<html lang="{language}">' in await response.text()


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


async def test_a_flat_is_shown_by_room_and_says_that_it_is_an_exercise() -> None:
    async with (
        playing(plan=FLAT) as (panel, _),
        page(panel) as session,
        session.get(panel.url) as response,
    ):
        text = await response.text()
    assert 'class="training"' in text
    assert "Ingen brukere, pårørende eller 110/113 varsles" in text
    living, hall = text.index(">Stuen<"), text.index(">Gangen<")
    assert living < text.index("Enhet pendant") < hall < text.index("Enhet door")
    assert text.count('class="room"') == 2


async def test_the_demonstration_has_no_rooms_and_is_no_exercise() -> None:
    async with (
        playing() as (panel, _),
        page(panel) as session,
        session.get(panel.url) as response,
    ):
        text = await response.text()
    assert 'class="room"' not in text
    assert 'class="training"' not in text


async def test_a_script_lists_devices_presses_and_makes_faults_with_the_key_in_a_header() -> None:
    headers = {"Authorization": f"Bearer {'k' * 22}"}
    async with playing() as (_, origin), aiohttp.ClientSession(headers=headers) as session:
        async with session.get(f"{origin}/devices") as response:
            first = (await response.json())["devices"][0]
        assert first == {
            "device": "pendant",
            "family": "pendant",
            "name": "Enhet",
            "room": "",
            "actions": ["press", "fall", "cancel", "battery_low"],
            "faults": ["duplicate", "off"],
            "wrong": [],
        }
        wish = {"device": "pendant", "action": "press"}
        async with session.post(f"{origin}/act", json=wish) as response:
            assert (await response.json())["accepted"] is True
        fault = {"device": "pendant", "fault": "off", "state": "on"}
        async with session.post(f"{origin}/fault", json=fault) as response:
            assert await response.json() == {"wrong": ["off"]}
        async with session.post(f"{origin}/act", json=wish) as response:
            assert response.status == 409


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"device": "pendant", "fault": "gravity", "state": "on"}, 404),
        ({"device": "teapot", "fault": "off", "state": "on"}, 404),
        ({"device": "pendant", "fault": "off", "state": "maybe"}, 400),
    ],
)
async def test_a_fault_that_makes_no_sense_is_refused(body: dict[str, str], status: int) -> None:
    async with playing() as (panel, origin), page(panel) as session:
        own = {"Origin": origin}
        async with session.post(f"{origin}/fault", json=body, headers=own) as response:
            assert response.status == status


async def test_another_key_in_the_header_opens_nothing() -> None:
    headers = {"Authorization": "Bearer wrong"}
    async with playing() as (_, origin), aiohttp.ClientSession(headers=headers) as session:
        async with session.get(f"{origin}/devices") as response:
            assert response.status == 403
        wish = {"device": "pendant", "action": "press"}
        async with session.post(f"{origin}/act", json=wish) as response:
            assert response.status == 403


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_family_action_and_fault_has_its_words(
    language: str,
) -> None:
    known = texts(language)
    actions = {action for family in FAMILIES.values() for action in family.actions}
    assert set(FAMILIES) == set(known["families"])
    assert actions == set(known["actions"])
    assert set(FAULTS) == set(known["faults"])


def _shape(value: Any) -> Any:
    return {k: _shape(v) for k, v in value.items()} if isinstance(value, dict) else type(value)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_text(language: str) -> None:
    assert _shape(texts(language)) == _shape(texts("nb"))
