"""Coverage and dry runs over the API, for those who answer for the roster."""

import pytest
from msgspec.structs import replace

from routing.municipality import Person, Role
from tests.web.conftest import NewBrowser
from tests.web.happenings import configure, need_people
from tests.web.town import Browser, Town


@pytest.fixture
async def lise(someone: NewBrowser) -> Browser:
    return await someone().sign_in("lise")


async def test_without_needs_nothing_can_be_lacking(lise: Browser) -> None:
    _, body = await lise.get("/api/coverage")
    assert (body["needs"], body["spots"]) == (0, [])
    _, page = await lise.get("/coverage")
    assert "Ingen behov er satt opp" in page


async def test_a_thin_spot_is_told_in_local_time_and_words(town: Town, lise: Browser) -> None:
    await need_people(town, 3, weekdays=(1,), from_minute=22 * 60 + 45, to_minute=23 * 60)
    _, body = await lise.get("/api/coverage")
    first, second = body["spots"]
    assert (first["from_at"], first["to_at"]) == ("2026-11-24T21:45:00Z", "2026-11-24T22:00:00Z")
    assert (first["day"], first["time"]) == ("tirsdag 24.11.", "22:45–23:00")
    assert (first["required"], first["have"], first["gap"]) == (3, 2, False)
    assert (first["team_name"], first["lack"]) == ("Dagvakt øst", "2 på vakt, 3 trengs")
    assert second["day"] == "tirsdag 01.12."
    assert (await lise.get("/api/coverage?days=3"))[1]["spots"] == [first]


async def test_nobody_with_the_competence_is_a_gap(town: Town, lise: Browser) -> None:
    await need_people(town, 1, competence="medicine", from_minute=480, to_minute=540)
    _, body = await lise.get("/api/coverage?days=1")
    (spot,) = body["spots"]
    assert (spot["gap"], spot["soon"]) == (True, True)
    assert spot["lack"] == "Ingen med medicine på vakt, 1 trengs"
    _, page = await lise.get("/coverage")
    assert "Hull: 14 · Tynne tider: 0 · Utenfor rekkevidde: 0" in page


async def test_a_zone_nobody_can_reach_in_time_is_told(town: Town, lise: Browser) -> None:
    home = replace(town.state.registry.policies["home"], target_s=1200)
    slow = [replace(town.state.registry.people[one], arrive_s=2700) for one in ("kari", "ola")]
    await configure(town, home, *slow)
    _, body = await lise.get("/api/coverage?days=1")
    far = body["far"][0]
    assert (far["unit_name"], far["target_s"], far["soonest_s"]) == ("Øst", 1200, 2700)
    assert far["lack"] == "Ingen på vakt er fremme innen 20 min; nærmeste trenger 45 min"
    _, page = await lise.get("/coverage")
    assert "For langt" in page


async def test_who_may_not_offer_a_gap_sees_no_button(
    town: Town, someone: NewBrowser, lise: Browser
) -> None:
    await need_people(town, 3, weekdays=(1,), from_minute=1320, to_minute=1380)
    await configure(town, Person(id="otto", roles=(Role.OPERATOR,)))
    otto = await someone().sign_in("otto")
    assert 'class="offer"' in (await lise.get("/coverage"))[1]
    assert 'class="offer"' not in (await otto.get("/coverage"))[1]


async def test_a_gap_is_offered_to_the_pool_by_the_lead(town: Town, lise: Browser) -> None:
    await need_people(town, 3, weekdays=(1,), from_minute=1320, to_minute=1380)
    _, body = await lise.get("/api/coverage?days=3")
    spot = body["spots"][0]
    new = {"kind": "duty", "need": "n-day", "start": spot["from_at"], "end": spot["to_at"]}
    status, answer = await lise.post(
        "/api/tasks", {"id": "offer-0001", "action": "make", "new": new}
    )
    assert status == 200, answer
    _, body = await lise.get("/api/coverage?days=3")
    assert body["spots"][0]["offers"] == [answer["task"]["id"]]


async def test_a_duty_of_two_is_no_address_of_two(town: Town, lise: Browser) -> None:
    await need_people(town, 4, weekdays=(1,), from_minute=1320, to_minute=1380)
    _, body = await lise.get("/api/coverage?days=3")
    spot = body["spots"][0]
    new = {"kind": "duty", "need": "n-day", "start": spot["from_at"], "end": spot["to_at"]}
    _, answer = await lise.post("/api/tasks", {"id": "offer-0002", "action": "make", "new": new})
    assert answer["task"]["people"] == 2
    _, story = await lise.get(f"/api/tasks/{answer['task']['id']}/story")
    assert story["people_needed"] == 1


@pytest.mark.parametrize("days", ["0", "15", "many"])
async def test_only_the_days_ahead_that_are_looked_at(lise: Browser, days: str) -> None:
    assert (await lise.get(f"/api/coverage?days={days}"))[0] == 400


ASKED: dict[str, object] = {
    "resident": "r-1",
    "kind": "help.pressed",
    "at": "2026-11-24T03:10",
}


async def test_a_dry_run_tells_who_would_be_called_and_sends_nothing(
    town: Town, lise: Browser
) -> None:
    seq = town.state.seq
    status, body = await lise.post("/api/route", ASKED)
    assert (status, body["local"], body["rings"]) == (200, "2026-11-24 03:10:00", True)
    called = [call["person"] for step in body["steps"] for call in step["calls"]]
    assert called[:2] == ["kari", "ola"]
    assert town.state.seq == seq


async def test_a_dry_run_as_text_in_another_language(lise: Browser) -> None:
    status, text = await lise.post("/api/route", {**ASKED, "as": "text", "language": "en"})
    assert status == 200
    first = "Help button pressed at r-1, 2026-11-24 03:10:00 (Europe/Oslo), and nobody answers."
    assert text.startswith(first)


WRONG: list[tuple[dict[str, object], str]] = [
    ({"resident": "r-9"}, "no_such_resident"),
    ({"device": "d"}, "no_such_device"),
    ({"at": "2027-03-28T02:30"}, "no_such_time"),
    ({"kind": "device.alive"}, "never_rings"),
    ({"kind": "help.danced"}, "invalid_request"),
    ({"at": None}, "invalid_request"),
    ({"rounds": 99}, "invalid_request"),
]


@pytest.mark.parametrize(("wrong", "code"), WRONG, ids=str)
async def test_a_wrong_question_is_answered_in_words(
    lise: Browser, wrong: dict[str, object], code: str
) -> None:
    status, body = await lise.post("/api/route", {**ASKED, **wrong})
    assert (status, body["error"]) == (400, code)
    assert len(body["text"]) > 10


@pytest.mark.parametrize(
    ("language", "head"),
    [
        ("nb", "Alarm {}: Alarmknapp trykket, Høy, hos r-1"),
        ("nn", "Alarm {}: Alarmknapp trykt, Høg, hos r-1"),
        ("en", "Alarm {}: Help button pressed, High, at r-1"),
    ],
)
async def test_a_story_as_text_in_each_language(
    town: Town, kari: Browser, language: str, head: str
) -> None:
    alarm = await town.press()
    _, text = await kari.get(f"/api/alarms/{alarm}/story?as=text&language={language}")
    assert text.splitlines()[0] == head.format(alarm)
    assert (await kari.get(f"/api/alarms/{alarm}/story?language=de"))[0] == 400
