"""Relatives' yes and no: what they are asked, who is called, absence, and how it ends."""

import pytest

from routing.facts import AlarmClosed, ConfigurationRemoved, ConfigurationSet
from routing.instant import MINUTE
from routing.lifecycle import OutcomeCode
from routing.municipality import Resident
from tests.web.conftest import NewBrowser
from tests.web.family import do, move_in, seen_by
from tests.web.town import Town


async def test_the_first_page_says_what_is_expected_and_asks(
    town: Town, someone: NewBrowser
) -> None:
    await move_in(town, agreed=())
    rune = await someone().sign_in("rune")
    _, page = await rune.get("/family")
    assert "Vil du bli varslet når Olga Eksempel trenger hjelp?" in page
    assert "Da regner vi med deg." in page
    assert "Du er aldri den siste vi spør." in page
    assert "Du ser ikke notater, helseopplysninger eller navn på de ansatte." in page
    assert "Sier du nei, eller svarer du ikke, blir du ikke varslet." in page
    (home,) = (await seen_by(rune))["homes"]
    assert home == {
        "id": "r-1",
        "name": "Olga Eksempel",
        "part": "responsible",
        "agreed": None,
    }


async def test_who_is_only_told_is_not_asked_to_come(town: Town, someone: NewBrowser) -> None:
    await move_in(town, agreed=())
    _, page = await (await someone().sign_in("nina")).get("/family")
    assert "Vil du få beskjed når noko skjer med Olga Eksempel?" in page
    assert "Du skal ikkje gjere noko." in page
    assert "Då reknar vi med deg." not in page


async def test_without_a_yes_nobody_is_called_and_nothing_is_seen(
    town: Town, someone: NewBrowser
) -> None:
    await move_in(town, agreed=("nina",))
    alarm = await town.press()
    rune = await someone().sign_in("rune")
    assert "rune" not in town.state.alarms[alarm].called
    assert (await seen_by(rune))["alarms"] == []
    status, body = await do(rune, alarm, "accept", arrive_within_s=600)
    assert (status, body["error"]) == (404, "not_found")


async def test_where_silence_is_no_no_who_is_called_sees_why_and_is_still_asked(
    town: Town, someone: NewBrowser
) -> None:
    await move_in(town, agreed=(), only_after_yes=False)
    alarm = await town.press()
    rune = await someone().sign_in("rune")
    assert town.state.alarms[alarm].calling == ("rune",)
    (shown,) = (await seen_by(rune))["alarms"]
    assert shown["asks_me"] is True
    _, page = await rune.get("/family")
    assert "Sier du nei, blir du ikke varslet. Til du har svart, kan vi varsle deg." in page
    assert "Olga Eksempel ber om hjelp" in page


async def test_nobody_stops_being_called_while_having_an_alarm(
    town: Town, someone: NewBrowser
) -> None:
    await move_in(town)
    rune = await someone().sign_in("rune")
    alarm = await town.press()
    await do(rune, alarm, "accept", arrive_within_s=600)
    no = {"id": "a-no-that-is-early", "agreed": False}
    status, body = await rune.post("/api/family/residents/r-1/answer", no)
    assert (status, body["error"]) == (409, "has_open_alarms")
    assert body["text"] == (
        "Du har en alarm nå. Si at den er over, eller spør hjemmetjenesten, før du slutter."
    )
    assert town.state.alarms[alarm].owner == "rune"


async def test_a_yes_is_kept_and_the_next_alarm_calls(town: Town, someone: NewBrowser) -> None:
    await move_in(town, agreed=())
    rune = await someone().sign_in("rune")
    yes = {"id": "the-yes-of-rune", "agreed": True}
    status, body = await rune.post("/api/family/residents/r-1/answer", yes)
    assert (status, body["state"]) == (200, "done")
    assert body["family"]["homes"][0]["agreed"] is True
    again, _ = await rune.post("/api/family/residents/r-1/answer", yes)
    assert again == 200
    alarm = await town.press()
    assert town.state.alarms[alarm].calling == ("rune",)
    (shown,) = (await seen_by(rune))["alarms"]
    assert shown["what"] == "Olga Eksempel ber om hjelp"
    assert shown["state"] == "Vi leter etter noen som kan komme. Kan du?"
    assert shown["asks_me"] is True


async def test_withdrawing_ends_it_at_once(town: Town, someone: NewBrowser) -> None:
    await move_in(town)
    rune = await someone().sign_in("rune")
    alarm = await town.press()
    no = {"id": "rune-withdraws", "agreed": False}
    status, body = await rune.post("/api/family/residents/r-1/answer", no)
    assert (status, body["family"]["homes"][0]["agreed"]) == (200, False)
    assert body["family"]["alarms"] == []
    assert (await do(rune, alarm, "accept"))[0] == 404
    await town.append([AlarmClosed(alarm=alarm, person="kari", outcome=OutcomeCode.TALK)])
    later = await town.press()
    assert later != alarm
    assert "rune" not in town.state.alarms[later].calling
    _, page = await rune.get("/family")
    assert "Du har sagt nei til å bli varslet." in page


async def test_the_lead_takes_a_relative_off_by_the_file(town: Town, someone: NewBrowser) -> None:
    await move_in(town)
    rune = await someone().sign_in("rune")
    alarm = await town.press()
    bare = Resident(id="r-1", unit="east", relatives={"nina": "informed"})
    await town.append([ConfigurationSet(item=bare, author="lise")])
    seen = await seen_by(rune)
    assert (seen["homes"], seen["alarms"]) == ([], [])
    assert (await do(rune, alarm, "accept"))[0] == 404
    answer = {"id": "too-late-for-this", "agreed": True}
    assert (await rune.post("/api/family/residents/r-1/answer", answer))[0] == 404
    _, page = await rune.get("/family")
    assert "Du står ikke oppført som pårørende" in page
    await town.append([ConfigurationRemoved(section="person", id="rune", author="lise")])
    assert (await rune.get("/api/family"))[0] == 401


async def test_absence_from_until_and_back(town: Town, someone: NewBrowser) -> None:
    await move_in(town)
    rune = await someone().sign_in("rune")
    away = {"id": "rune-goes-away", "since": "2026-11-23T13:00", "until": "2026-11-25T18:00"}
    status, body = await rune.post("/api/family/away", away)
    assert (status, body["family"]["away_until"]) == (200, "25.11. 18:00")
    town.now += MINUTE
    alarm = await town.press()
    assert town.state.alarms[alarm].calling == ("kari", "ola")
    status, body = await rune.post("/api/family/away", {"id": "rune-is-back"})
    assert (status, body["family"]["away_until"]) == (200, None)


@pytest.mark.parametrize(
    ("span", "error"),
    [
        ({"since": "2026-11-23T13:00"}, "bad_absence"),
        ({"until": "2026-11-23T13:00"}, "bad_absence"),
        ({"since": "2026-11-25T13:00", "until": "2026-11-24T13:00"}, "bad_absence"),
        ({"since": "2026-03-29T02:30", "until": "2026-11-24T13:00"}, "no_such_time"),
        ({"since": "soon", "until": "later"}, "no_such_time"),
    ],
)
async def test_an_absence_that_is_none_is_refused_in_words(
    town: Town, someone: NewBrowser, span: dict[str, str], error: str
) -> None:
    await move_in(town)
    rune = await someone().sign_in("rune")
    status, body = await rune.post("/api/family/away", {"id": "a-bad-absence", **span})
    assert (status, body["error"]) == (400, error)
    assert body["text"]
