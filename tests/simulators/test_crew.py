"""The handsets of a demonstration, and the panel's buttons for them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest

from simulators.colleague import PhoneProblem
from simulators.crew import Crew, code_in
from simulators.plan import Worker
from tests.simulators.stub_phone_hub import StubPhoneHub
from tests.simulators.test_panel import playing
from tests.simulators.until import until

NUMBER = "+4700000101"
KEY = {"Authorization": f"Bearer {'k' * 22}"}
TEXT = "Trygghetsalarm, Nord. Svar 1 4821 for å ta den, 2 4821 for nei. http://h.example/l/x"


@asynccontextmanager
async def crew() -> AsyncIterator[Crew]:
    made = Crew([Worker("nora", "Nora Nattevakt", NUMBER), Worker("dag", "Dag Dagvakt")])
    await made.start()
    try:
        yield made
    finally:
        await made.stop()


@asynccontextmanager
async def panel(made: Crew) -> AsyncIterator[aiohttp.ClientSession]:
    async with (
        playing(crew=made) as (_, origin),
        aiohttp.ClientSession(origin, headers=KEY) as http,
    ):
        yield http


async def sms(made: Crew, text: str = TEXT) -> None:
    wish = {"to": NUMBER, "text": text, "reference": "r1"}
    async with (
        aiohttp.ClientSession() as http,
        http.post(f"{made.sms.origin}/sms", json=wish) as response,
    ):
        assert response.status == 200


async def ring(made: Crew) -> None:
    wish = {"to": NUMBER, "say": "Trykk 1.", "reference": "r1", "language": "nb"}
    async with (
        aiohttp.ClientSession() as http,
        http.post(f"{made.voice.origin}/call", json=wish) as response,
    ):
        assert response.status == 200


async def post(http: aiohttp.ClientSession, path: str, **wish: str) -> tuple[int, Any]:
    async with http.post(f"/handsets/{path}", json=wish) as response:
        is_json = response.content_type == "application/json"
        return response.status, await response.json() if is_json else await response.text()


async def seen(http: aiohttp.ClientSession, person: str = "nora") -> Any:
    async with http.get(f"/handsets?person={person}") as response:
        assert response.status == 200
        return await response.json()


async def test_before_anything_happens_the_handsets_are_quiet() -> None:
    async with crew() as made, panel(made) as http:
        assert await seen(http) == {
            "number": NUMBER,
            "enrolled": False,
            "coverage": True,
            "power": True,
            "notifications": [],
            "sms": [],
            "call": None,
            "down": {"push": False, "sms": False, "voice": False},
        }
        assert (await seen(http, "dag"))["number"] == ""


async def test_a_notification_is_shown_and_taken_by_its_button() -> None:
    async with crew() as made, panel(made) as http, StubPhoneHub().served() as hub:
        await made.enrol("nora", hub.web, "ABCD-EFGH")
        await hub.push("s1")
        await until(lambda: made.shown("nora")["notifications"] != [])
        (one,) = (await seen(http))["notifications"]
        assert (one["title"], one["may"]) == ("Trygghetsalarm, Nord", ["accept", "receipt"])
        assert await post(http, "press", person="nora", what="accept", of="s1") == (
            200,
            {"said": "done"},
        )
        assert hub.used == ["accept-s1"]
        assert (await seen(http))["notifications"][0]["answered"] == "accept"


async def test_a_test_of_the_locked_phone_is_answered_by_its_button() -> None:
    async with crew() as made, panel(made) as http, StubPhoneHub().served() as hub:
        await made.enrol("nora", hub.web, "ABCD-EFGH")
        await hub.push("t1", answer="answer-t1")
        await until(lambda: made.shown("nora")["notifications"] != [])
        assert await post(http, "press", person="nora", what="answer test", of="t1") == (
            200,
            {"said": "done"},
        )
        assert hub.used == ["answer-t1"]
        assert (await seen(http))["notifications"][0]["answered"] == "answer"


async def test_an_sms_is_shown_with_its_code_and_answered_by_a_button() -> None:
    async with crew() as made, panel(made) as http:
        await sms(made)
        (one,) = (await seen(http))["sms"]
        assert (one["text"], one["code"]) == (TEXT, "4821")
        assert (await post(http, "press", person="nora", what="reply 1", of="sms-1"))[0] == 200
        assert (await seen(http))["sms"][0]["answered"] == "1"


async def test_a_call_rings_and_is_taken_with_a_key() -> None:
    async with crew() as made, panel(made) as http:
        await ring(made)
        assert (await seen(http))["call"] == {"status": "ringing", "say": "", "heard": []}
        status, why = await post(http, "press", person="nora", what="1", of="")
        assert (status, "nobody can press 1" in why) == (409, True)
        await post(http, "press", person="nora", what="answer", of="")
        assert (await seen(http))["call"]["say"] == "Trykk 1."
        assert (await post(http, "press", person="nora", what="1", of=""))[0] == 200
        await post(http, "press", person="nora", what="hang_up", of="")
        assert (await seen(http))["call"] is None


async def test_a_phone_that_is_off_gets_nothing_until_it_is_on() -> None:
    async with crew() as made, panel(made) as http:
        await post(http, "state", person="nora", what="power", state="off")
        await sms(made)
        await ring(made)
        now = await seen(http)
        assert (now["sms"], now["call"], now["power"]) == ([], None, False)
        await post(http, "state", person="nora", what="power", state="on")
        assert len((await seen(http))["sms"]) == 1


async def test_without_data_coverage_sms_still_comes_and_push_later() -> None:
    async with crew() as made, panel(made) as http, StubPhoneHub().served() as hub:
        await made.enrol("nora", hub.web, "ABCD-EFGH")
        await post(http, "state", person="nora", what="coverage", state="off")
        assert await hub.push("s1") == 201
        await sms(made)
        now = await seen(http)
        assert (len(now["sms"]), now["notifications"]) == (1, [])
        with pytest.raises(PhoneProblem, match="no such notification"):
            await made.use("nora", "s1", "accept")
        await post(http, "state", person="nora", what="coverage", state="on")
        await until(lambda: len(made.shown("nora")["notifications"]) == 1)


@pytest.mark.parametrize("service", ["push", "sms", "voice"])
async def test_each_service_can_be_down_and_comes_back_where_it_was(service: str) -> None:
    async with crew() as made, panel(made) as http:
        one = made.services[service]
        origin = one.origin
        assert (await post(http, "outage", service=service, state="off"))[0] == 200
        assert not one.up
        assert (await seen(http))["down"][service] is True
        await post(http, "outage", service=service, state="on")
        assert (one.up, one.origin) == (True, origin)


@pytest.mark.parametrize(
    ("path", "wish", "status"),
    [
        ("press", {"person": "gro", "what": "accept", "of": ""}, 404),
        ("press", {"person": "nora", "what": "dance", "of": ""}, 404),
        ("press", {"person": "nora", "what": "accept", "of": "gone"}, 409),
        ("press", {"person": "nora", "what": "reply 1", "of": "gone"}, 409),
        ("press", {"person": "nora", "what": "answer", "of": ""}, 409),
        ("press", {"person": "nora", "what": "answer"}, 400),
        ("state", {"person": "nora", "what": "gravity", "state": "on"}, 404),
        ("state", {"person": "nora", "what": "power", "state": "maybe"}, 400),
        ("outage", {"service": "pigeons", "state": "on"}, 404),
    ],
)
async def test_a_wish_that_makes_no_sense_is_refused(
    path: str, wish: dict[str, str], status: int
) -> None:
    async with crew() as made, panel(made) as http:
        assert (await post(http, path, **wish))[0] == status


async def test_every_change_is_told() -> None:
    async with crew() as made, panel(made) as http, http.get("/handsets/changes") as changes:
        assert await changes.content.readline() == b"data: changed\n"
        await changes.content.readline()
        await sms(made)
        assert await changes.content.readline() == b"data: changed\n"


async def test_the_handsets_are_behind_the_panels_key() -> None:
    async with crew() as made, playing(crew=made) as (_, origin), aiohttp.ClientSession() as http:
        async with http.get(f"{origin}/handsets?person=nora") as response:
            assert response.status == 403
        async with http.post(f"{origin}/handsets/outage", json={}) as response:
            assert response.status == 403


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (TEXT, "4821"),
        ("Reply 1 0042 to take it, 2 0042 for no.", "0042"),
        ("Alarmen er tatt av Ola 12:03.", ""),
        ("1 48213", ""),
    ],
)
def test_the_code_is_found_in_the_text(text: str, code: str) -> None:
    assert code_in(text) == code
