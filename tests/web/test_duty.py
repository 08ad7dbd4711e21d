"""Going on duty and being reached: the API, the pages and the board, by role."""

import asyncio
from typing import Any

import msgspec
import pytest

from routing.event import derive_id
from routing.facts import ConfigurationSet
from routing.instant import HOUR, SECOND
from routing.municipality import Person, Role, Team
from routing.proofs.facts import ChannelProven, ChannelTested, ChannelUnproven, DutyBegun
from tests.web.conftest import NewBrowser
from tests.web.town import Browser, Town

WAYS = ("push-1", "sms-1", "voice-1")


async def with_ways(town: Town, person: str = "kari", *channels: str) -> None:
    """Give somebody channels."""
    known = town.state.registry.people[person]
    one = Person(id=person, roles=known.roles, teams=known.teams, channels=channels or WAYS)
    await town.append([ConfigurationSet(item=one, author="test")])


async def proven(town: Town, person: str, channel: str, took_ms: int = 4200) -> None:
    """Let a test of the channel be answered."""
    test = f"test-{person}-{channel}"
    tested = ChannelTested(
        test=test, person=person, channel=channel, by=person, due_at=town.now + 120 * SECOND
    )
    passed = ChannelProven(test=test, person=person, channel=channel, took_ms=took_ms)
    await town.append([tested, passed])


async def asks(browser: Browser, action: str, **more: object) -> tuple[int, Any]:
    """Send a command about duty."""
    id = derive_id(action, len(browser.town.heard), str(more))
    return await browser.post("/api/duty/commands", {"id": id, "action": action, **more})


def ways(body: Any) -> dict[str, str]:
    return {one["id"]: one["state"] for one in body["reached"]["channels"]}


async def test_what_is_known_of_each_way_is_told_in_words(town: Town, kari: Browser) -> None:
    await with_ways(town)
    status, body = await kari.get("/api/reach")
    assert (status, ways(body)) == (200, dict.fromkeys(WAYS, "untried"))
    assert (body["reached"]["proven"], body["reached"]["text"]) == (
        False,
        "Ingen varslingsvei er bekreftet det siste døgnet.",
    )
    await proven(town, "kari", "sms-1", 12_800)
    await town.append([ChannelUnproven(person="kari", channel="push-1", code="no-answer")])
    _, body = await kari.get("/api/reach")
    assert ways(body) == {"sms-1": "proven", "voice-1": "untried", "push-1": "failed"}
    assert body["reached"]["text"] == "SMS virker"
    said = {one["id"]: one["text"] for one in body["reached"]["channels"]}
    assert said["sms-1"] == "Besvart 13:00, på 12,8 s."
    assert said["push-1"] == "Prøvevarselet ble ikke besvart (13:00)"


async def test_a_proof_grows_old(town: Town, kari: Browser) -> None:
    await with_ways(town, "kari", "sms-1")
    await proven(town, "kari", "sms-1")
    town.now += 24 * HOUR + SECOND
    kari = await kari.sign_in("kari")
    _, body = await kari.get("/api/reach")
    assert ways(body) == {"sms-1": "old"}
    assert body["reached"]["proven"] is False


async def test_a_test_is_sent_and_answered(town: Town, kari: Browser) -> None:
    await with_ways(town, "kari", "webhook-1")
    status, body = await asks(kari, "test", channel="webhook-1")
    assert (status, body["state"], ways(body)) == (200, "done", {"webhook-1": "testing"})
    assert list(town.state.owed) == [f"{body['test']}:t:kari:webhook-1"]
    town.now += 4 * SECOND
    status, body = await asks(kari, "answer", test=body["test"])
    assert (status, ways(body)) == (200, {"webhook-1": "proven"})
    assert body["reached"]["channels"][0]["took_s"] == 4.0


async def test_the_page_never_answers_for_push(town: Town, kari: Browser) -> None:
    await with_ways(town)
    _, body = await asks(kari, "test", channel="push-1")
    status, said = await asks(kari, "answer", test=body["test"])
    assert (status, said["error"]) == (409, "answer_on_locked_phone")
    assert town.state.proofs.tests[body["test"]].person == "kari"


async def test_nobody_answers_for_somebody_else(town: Town, kari: Browser, ola: Browser) -> None:
    await with_ways(town, "kari", "webhook-1")
    _, body = await asks(kari, "test", channel="webhook-1")
    status, said = await asks(ola, "answer", test=body["test"])
    assert (status, said["error"]) == (404, "not_found")


async def test_leads_test_others_and_staff_do_not(
    town: Town, ola: Browser, someone: NewBrowser
) -> None:
    await with_ways(town)
    status, said = await asks(ola, "test", of="kari", channel="sms-1")
    assert (status, said["error"]) == (409, "role_may_not")
    assert said["reached"]["person"] == "ola"
    lise = await someone().sign_in("lise")
    status, said = await asks(lise, "test", of="kari", channel="sms-1")
    assert (status, said["reached"]["person"], ways(said)["sms-1"]) == (200, "kari", "testing")


@pytest.mark.parametrize("stranger", ["rune", "ivar"])
async def test_who_may_not_test_another_learns_nothing_of_them(
    town: Town, someone: NewBrowser, stranger: str
) -> None:
    await with_ways(town)
    await proven(town, "kari", "sms-1")
    browser = await someone().sign_in(stranger)
    for of in ("kari", "r-1", "nobody"):
        for action in ("test", "answer"):
            status, said = await asks(browser, action, of=of, channel="sms-1")
            assert status == 409
            assert said["reached"]["person"] == stranger
            assert "Kari Fjell" not in str(said)


async def test_on_duty_needs_one_proven_way(town: Town, kari: Browser) -> None:
    await with_ways(town)
    status, said = await asks(kari, "begin")
    assert (status, said["error"]) == (409, "no_channel_proven")
    await proven(town, "kari", "sms-1")
    await town.append([ChannelUnproven(person="kari", channel="push-1", code="http-410")])
    status, said = await asks(kari, "begin")
    assert (status, said["state"]) == (200, "done")
    assert "kari" in town.state.proofs.present


async def test_who_has_an_alarm_hands_it_over_before_leaving(town: Town, kari: Browser) -> None:
    await with_ways(town)
    alarm = await town.press()
    await kari.act(alarm, "accept")
    status, said = await asks(kari, "end")
    assert (status, said["error"]) == (409, "has_open_alarms")
    _, page = await kari.get("/duty")
    assert "Olga Eksempel" in page
    assert "Spør Ola Strand" in page
    assert "Gi videre eller avslutt alarmene dine først." in page
    status, _ = await kari.act(alarm, "hand_over", to_person="ola")
    assert status == 200
    _, page = await kari.get("/duty")
    assert "Ola Strand er spurt og har ikke svart ennå." in page


async def test_the_last_on_duty_is_warned_and_may_go_knowingly(
    town: Town, kari: Browser, ola: Browser
) -> None:
    assert (await asks(ola, "end"))[0] == 200
    _, page = await kari.get("/duty")
    assert "Du er den siste på vakt" in page
    status, said = await asks(kari, "end")
    assert (status, said["error"]) == (409, "last_on_duty")
    status, _ = await asks(kari, "end", knowing=True)
    assert status == 200
    _, page = await kari.get("/duty")
    assert "Du er ikke på vakt" in page


async def test_the_warning_is_the_cores_for_each_team(town: Town, kari: Browser) -> None:
    """Others in one of her teams are no help to the other one."""
    known = town.state.registry
    night = Team(id="night", unit="east")
    shift = msgspec.structs.replace(
        known.shifts["all-day"], id="all-night", team="night", people=("kari",)
    )
    await town.append([ConfigurationSet(item=one, author="test") for one in (night, shift)])
    _, page = await kari.get("/duty")
    assert "Du er den siste på vakt i night" in page
    assert "Også på vakt: Ola Strand." in page
    status, said = await asks(kari, "end")
    assert (status, said["error"]) == (409, "last_on_duty")
    assert (await asks(kari, "end", knowing=True))[0] == 200


async def test_beside_the_roster_one_joins_for_some_hours(town: Town, someone: NewBrowser) -> None:
    lise = await someone().sign_in("lise")
    await with_ways(town, "lise", "sms-1")
    await proven(town, "lise", "sms-1")
    _, page = await lise.get("/duty")
    assert "Du står ikke på vaktlisten nå" in page
    status, _ = await asks(lise, "begin", team="day", for_h=8)
    assert status == 200
    _, page = await lise.get("/duty")
    assert "Du er på vakt" in page
    assert "til 21:00" in page


@pytest.mark.parametrize(
    "body",
    [
        {"action": "phone_lost", "of": "kari"},
        {"action": "agree", "of": "r-1"},
        {"action": "begin", "for_h": 15, "team": "day"},
        {"action": "begin", "for_h": 0, "team": "day"},
        {"action": "test", "channel": "x" * 101},
        {"action": "end", "person": "ola"},
    ],
)
async def test_what_is_not_of_duty_is_refused(kari: Browser, body: dict[str, object]) -> None:
    status, said = await kari.post("/api/duty/commands", {"id": "12345678", **body})
    assert (status, said["error"]) == (400, "invalid_request")


async def test_the_board_shows_who_is_reached_by_what(town: Town, kari: Browser) -> None:
    await with_ways(town)
    await with_ways(town, "ola", "push-1", "sms-1")
    await proven(town, "kari", "sms-1")
    await town.append([DutyBegun(person="kari", by="kari")])
    await town.append([ChannelUnproven(person="ola", channel="push-1", code="no-subscription")])
    await kari.act(await town.press(), "accept")
    status, body = await kari.get("/api/board")
    assert status == 200
    (team,) = body["board"]["teams"]
    people = {one["reached"]["person"]: one for one in team["people"]}
    assert people["kari"]["reached"]["text"] == "SMS virker"
    assert people["kari"]["present_text"] == "13:00"
    assert people["kari"]["owns"] == 1
    assert people["ola"]["present_since"] is None
    assert [one["id"] for one in people["ola"]["reached"]["channels"]] == ["sms-1", "push-1"]
    assert body["board"]["unreached"] == ["Ola Strand"]
    _, page = await kari.get("/board")
    assert "Ingen bekreftet varslingsvei til: Ola Strand" in page
    assert "Telefonen er ikke koblet til varsler (13:00)" in page


async def test_staff_without_a_proven_way_are_named_only_while_it_is_so(
    town: Town, kari: Browser
) -> None:
    await with_ways(town)
    await with_ways(town, "ola", "sms-1")
    for person in ("kari", "ola"):
        await proven(town, person, "sms-1")
    _, body = await kari.get("/api/board")
    assert body["board"]["unreached"] == []
    _, page = await kari.get("/board")
    assert 'role="alert"' not in page


PAGES = {
    "/duty": {"kari", "lise", "odd"},
    "/board": {"kari", "lise", "odd", "ivar"},
    "/readiness": {"kari", "lise", "odd", "ivar", "rune", "vekter"},
    "/more": {"kari", "lise", "odd", "ivar", "rune", "vekter"},
    "/api/board": {"kari", "lise", "odd", "ivar"},
    "/api/reach": {"kari", "lise", "odd", "ivar", "rune", "vekter"},
}


@pytest.mark.parametrize("path", PAGES)
async def test_who_may_open_what(someone: NewBrowser, path: str) -> None:
    for person in ("kari", "lise", "odd", "ivar", "rune", "vekter"):
        browser = await someone().sign_in(person)
        status, _ = await browser.get(path)
        assert (status == 200) == (person in PAGES[path]), (person, status)
    stranger = someone()
    status, _ = await stranger.get(path)
    assert status == (401 if path.startswith("/api") else 303)


async def test_only_those_who_act_go_on_duty(someone: NewBrowser) -> None:
    for person in ("ivar", "rune", "vekter"):
        browser = await someone().sign_in(person)
        for action in ("begin", "end"):
            status, said = await asks(browser, action)
            assert (status, said["error"]) == (403, "role_may_not")


async def test_it_reads_no_name_of_a_resident_on_these_pages(
    town: Town, someone: NewBrowser
) -> None:
    kari = await someone().sign_in("kari")
    await kari.act(await town.press(), "accept")
    ivar = await someone().sign_in("ivar")
    for path in ("/board", "/readiness", "/more", "/api/board"):
        _, body = await ivar.get(path)
        assert "Olga" not in str(body)
        assert "Prøveveien" not in str(body)


async def test_a_retry_is_the_same_command(town: Town, kari: Browser) -> None:
    await with_ways(town)
    body = {"id": "one-and-the-same", "action": "test", "channel": "sms-1"}
    first, second = await asyncio.gather(
        kari.post("/api/duty/commands", body), kari.post("/api/duty/commands", body)
    )
    assert first[0] == second[0] == 200
    assert first[1]["test"] == second[1]["test"]
    assert [str(test) for test in town.state.proofs.tests] == [first[1]["test"]]


async def test_without_the_router_nothing_is_pretended(town: Town, kari: Browser) -> None:
    await with_ways(town)
    town.deaf = True
    status, said = await asks(kari, "test", channel="sms-1")
    assert (status, said["state"]) == (202, "not_confirmed")


async def test_without_a_connection_who_has_sms_is_told_so_quietly(
    town: Town, kari: Browser
) -> None:
    await with_ways(town)
    _, page = await kari.get("/")
    assert 'data-ways=""' in page
    await proven(town, "kari", "sms-1")
    await proven(town, "kari", "push-1")
    _, page = await kari.get("/")
    assert 'data-ways="SMS"' in page


async def test_roles_of_reach_are_those_of_the_person(town: Town, someone: NewBrowser) -> None:
    """A relative is called by the same channels, and tests them alike."""
    rune = await someone().sign_in("rune")
    await town.append(
        [
            ConfigurationSet(
                item=Person(id="rune", roles=(Role.RELATIVE,), channels=("sms-1",)), author="test"
            )
        ]
    )
    status, body = await asks(rune, "test", channel="sms-1")
    assert (status, ways(body)) == (200, {"sms-1": "testing"})
