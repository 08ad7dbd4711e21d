"""Relatives and alarms: what they see and do, and everything that they must never see."""

import json

import pytest
from msgspec.structs import replace

from routing.instant import DAY, HOUR, MINUTE
from routing.lifecycle import OutcomeCode
from routing.proofs.command import ReachAction
from tests.web.conftest import NewBrowser
from tests.web.family import do, move_in, says, seen_by
from tests.web.happenings import configure
from tests.web.town import Browser, Town

STAFF_ONLY = (
    *("Kari", "Fjell", "Ola", "Strand", "Lise", "Vik"),
    *("Hører dårlig", "Nøkkelboks", "Prøveveien", "999 00 001"),
    *("pendant-1", "Smykke", "26317", "Dagvakt", "kari", "ola", "lise"),
)
"""What stands in the staff's view, and in no answer to a relative."""


async def test_who_cannot_after_all_asks_home_care_and_keeps_it_until_a_yes(
    town: Town, someone: NewBrowser, kari: Browser
) -> None:
    await move_in(town)
    rune = await someone().sign_in("rune")
    alarm = await town.press()
    await do(rune, alarm, "accept", arrive_within_s=600)
    status, body = await do(rune, alarm, "hand_over")
    (shown,) = body["family"]["alarms"]
    assert (status, town.state.alarms[alarm].owner) == (200, "rune")
    assert shown["state"] == "Vi har spurt hjemmetjenesten. Du har alarmen til noen svarer."
    assert "hand_over" not in shown["actions"]
    assert (await kari.act(alarm, "take_over"))[0] == 200
    (taken,) = (await seen_by(rune))["alarms"]
    assert taken["state"] == "Noen fra hjemmetjenesten har tatt alarmen."


async def test_who_has_asked_for_help_sees_what_has_become_of_it(
    town: Town, someone: NewBrowser, kari: Browser
) -> None:
    await move_in(town)
    rune = await someone().sign_in("rune")
    alarm = await town.press()
    _, body = await do(rune, alarm, "accept", arrive_within_s=600)
    assert body["family"]["alarms"][0]["help"] is None
    _, body = await do(rune, alarm, "need_help")
    asked = "Det er spurt om mer hjelp. Ingen har svart ennå."
    assert body["family"]["alarms"][0]["help"] == asked
    assert asked in (await rune.get("/family"))[1]
    assert (await kari.act(alarm, "join"))[0] == 200
    (shown,) = (await seen_by(rune))["alarms"]
    assert shown["help"] == "Noen kommer og hjelper deg."


async def test_accepting_with_a_time_being_there_and_closing(
    town: Town, someone: NewBrowser
) -> None:
    await move_in(town)
    rune, nina = await someone().sign_in("rune"), await someone().sign_in("nina")
    alarm = await town.press()
    status, body = await do(rune, alarm, "accept", arrive_within_s=1200)
    assert status == 200
    (mine,) = body["family"]["alarms"]
    assert mine["state"] == "Du har tatt alarmen. Du skal være der innen 13:20."
    assert town.state.alarms[alarm].due_at == town.now + 20 * MINUTE
    (told,) = (await seen_by(nina))["alarms"]
    assert told["state"] == "Ein annan pårørande har teke alarmen."
    assert (await do(rune, alarm, "on_the_way", arrive_within_s=600))[0] == 200
    assert (await seen_by(nina))["alarms"][0]["state"] == "Ein annan pårørande er på veg."
    assert (await do(rune, alarm, "arrive"))[0] == 200
    there = (await seen_by(rune))["alarms"][0]
    assert there["state"] == "Du er hos Olga Eksempel."
    assert there["actions"] == ["close", "need_help", "hand_over"]
    assert (await do(rune, alarm, "close", outcome="care"))[0] == 200
    assert town.state.alarms[alarm].outcome is OutcomeCode.CARE
    (over,) = (await seen_by(nina))["alarms"]
    assert (over["over"], over["state"]) == (
        True,
        "Over 13:00. Olga Eksempel har fått hjelp.",
    )


async def test_of_a_shared_device_each_relative_hears_of_their_own(
    town: Town, someone: NewBrowser
) -> None:
    await move_in(town)
    pendant = town.state.registry.devices["pendant-1"]
    await configure(town, replace(pendant, shared_with=("r-9",)))
    rune, siv = await someone().sign_in("rune"), await someone().sign_in("siv")
    alarm = await town.press()
    for browser, name in ((rune, "Olga Eksempel"), (siv, "Nils Prøve")):
        (shown,) = (await seen_by(browser))["alarms"]
        assert (shown["resident_name"], shown["asks_me"]) == (name, True)
        others = {"Olga", "Nils"} - {name.split()[0]}
        assert not any(other in json.dumps(shown, ensure_ascii=False) for other in others)
    assert (await do(siv, alarm, "accept", arrive_within_s=600))[0] == 200
    assert town.state.alarms[alarm].owner == "siv"


async def test_a_no_asks_the_next_at_once(town: Town, someone: NewBrowser) -> None:
    await move_in(town)
    rune = await someone().sign_in("rune")
    alarm = await town.press()
    status, body = await do(rune, alarm, "refuse")
    assert status == 200
    assert town.state.alarms[alarm].calling == ("kari", "ola")
    (shown,) = body["family"]["alarms"]
    assert shown["state"] == "Du har sagt at du ikke kan. Vi spør andre."
    assert "refuse" not in shown["actions"]
    assert shown["asks_me"] is False


async def test_someone_is_there_and_nobody_is_named(
    town: Town, someone: NewBrowser, kari: Browser
) -> None:
    await move_in(town)
    rune = await someone().sign_in("rune")
    alarm = await town.press()
    await kari.act(alarm, "accept", note="Ringte legen")
    await kari.act(alarm, "arrive")
    (shown,) = (await seen_by(rune))["alarms"]
    assert shown["state"] == "Noen fra hjemmetjenesten er hos Olga Eksempel."
    assert shown["actions"] == []
    assert set(shown) == {
        *("id", "resident_name", "phase", "what", "state", "raised_at", "raised_text"),
        *("help", "asks_me", "mine", "over", "actions"),
    }
    _, page = await rune.get("/family")
    for answer in (json.dumps(await seen_by(rune), ensure_ascii=False), page):
        for word in (*STAFF_ONLY, "Ringte legen"):
            assert word not in answer, word


async def test_a_refusal_names_nobody_either(
    town: Town, someone: NewBrowser, kari: Browser
) -> None:
    await move_in(town)
    rune = await someone().sign_in("rune")
    alarm = await town.press()
    await kari.act(alarm, "accept")
    stale = {"id": "a-late-yes-of-rune", "action": "accept", "seen_phase": "looking"}
    status, body = await rune.post(f"/api/family/alarms/{alarm}/commands", stale)
    assert (status, body["error"]) == (409, "taken_by_other")
    assert body["text"] == "En annen tok alarmen 13:00. Du trenger ikke å komme."
    assert not any(word in json.dumps(body, ensure_ascii=False) for word in STAFF_ONLY)


async def test_who_is_told_may_do_nothing(town: Town, someone: NewBrowser) -> None:
    await move_in(town)
    nina = await someone().sign_in("nina")
    alarm = await town.press()
    (shown,) = (await seen_by(nina))["alarms"]
    assert shown["actions"] == []
    for action in ("accept", "refuse", "arrive", "need_help"):
        status, body = await do(nina, alarm, action)
        assert (status, body["text"]) == (
            409,
            "Det gjekk ikkje. Sida er henta på nytt. Ring heimetenesta om du er i tvil.",
        )
    assert town.state.alarms[alarm].owner is None


@pytest.mark.parametrize("action", ["see", "accept", "refuse", "arrive", "close", "need_help"])
async def test_another_residents_alarm_does_not_exist(
    town: Town, someone: NewBrowser, action: str
) -> None:
    await move_in(town)
    siv = await someone().sign_in("siv")
    alarm = await town.press()
    assert (await seen_by(siv))["alarms"] == []
    status, body = await do(siv, alarm, action, outcome="talk")
    guessed, _ = await siv.post(
        "/api/family/alarms/fjordby-000000000000/commands",
        {"id": "a-guess-of-siv", "action": action, "seen_phase": "looking"},
    )
    assert (status, body["error"], guessed) == (404, "not_found", 404)
    assert all(one.person != "siv" for _, one in town.heard if hasattr(one, "alarm"))


async def test_an_alarm_that_calls_no_relative_is_not_shown(
    town: Town, someone: NewBrowser
) -> None:
    await move_in(town)
    rune = await someone().sign_in("rune")
    staff = replace(
        town.state.registry.policies["home"], steps=(town.state.registry.policies["home"].steps[1],)
    )
    await configure(town, staff)
    alarm = await town.press()
    assert (await seen_by(rune))["alarms"] == []
    assert (await do(rune, alarm, "accept"))[0] == 404


async def test_an_exercise_never_reaches_a_relative(town: Town, someone: NewBrowser) -> None:
    await move_in(town)
    rune = await someone().sign_in("rune")
    pendant = replace(town.state.registry.devices["pendant-1"], exercise=True)
    await configure(town, pendant)
    alarm = await town.press()
    assert "exercise" in town.state.alarms[alarm].marks
    assert not {"rune", "nina"} & {*town.state.alarms[alarm].called}
    assert (await seen_by(rune))["alarms"] == []


@pytest.mark.parametrize(
    "more",
    [
        {"action": "hand_over", "to_person": "kari"},
        {"action": "jump", "step": 1},
        {"action": "unlock"},
        {"action": "note", "note": "x"},
        {"action": "accept", "arrive_within_s": 1},
        {"action": "close", "outcome": "technical"},
        {"action": "accept", "person": "kari"},
    ],
)
async def test_what_is_not_for_relatives_cannot_even_be_said(
    town: Town, someone: NewBrowser, more: dict[str, object]
) -> None:
    await move_in(town)
    rune = await someone().sign_in("rune")
    alarm = await town.press()
    body = {"id": "a-bad-wish-of-rune", "seen_phase": "looking", **more}
    status, answer = await rune.post(f"/api/family/alarms/{alarm}/commands", body)
    assert (status, answer["error"]) == (400, "invalid_request")


async def test_how_it_ended_is_shown_for_a_day(town: Town, someone: NewBrowser) -> None:
    await move_in(town)
    rune = await someone().sign_in("rune")
    alarm = await town.press()
    await do(rune, alarm, "accept", arrive_within_s=600)
    await do(rune, alarm, "close", outcome="medical")
    (over,) = (await seen_by(rune))["alarms"]
    told = "Olga Eksempel har fått hjelp. Hjemmetjenesten kan fortelle mer."
    assert over["state"] == f"Over 13:00. {told}"
    town.now += DAY - HOUR
    (over,) = (await seen_by(await someone().sign_in("rune")))["alarms"]
    assert over["state"] == f"Over 23.11. 13:00. {told}"
    town.now += HOUR
    assert (await seen_by(await someone().sign_in("rune")))["alarms"] == []


@pytest.mark.parametrize("path", ["/", "/alarms/x", "/tasks", "/coverage"])
async def test_staffs_pages_lead_a_relative_home(
    town: Town, someone: NewBrowser, path: str
) -> None:
    rune = await someone().sign_in("rune")
    async with rune.http.get(path, allow_redirects=False) as response:
        assert (response.status, response.headers["location"]) == (303, "/family")


async def test_a_promise_that_is_broken_is_asked_about_and_taken_back(
    town: Town, someone: NewBrowser
) -> None:
    """A relative who says yes is never the last: when nobody comes, the alarm looks again."""
    from routing.inputs import TimeReached

    await move_in(town)
    rune = await someone().sign_in("rune")
    alarm = await town.press()
    await do(rune, alarm, "accept", arrive_within_s=600)
    for _ in range(3):
        town.now = max(town.now, town.state.alarms[alarm].due_at or 0)
        await town.take(TimeReached())
        if town.state.alarms[alarm].owner is None:
            break
    assert str(town.state.alarms[alarm].phase) == "looking"
    await says(town, "rune", ReachAction.WITHDRAW, of="r-1")
    assert (await seen_by(rune))["alarms"] == []
