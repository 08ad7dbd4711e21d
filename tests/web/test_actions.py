"""Every action of the core through the API and the real engine: done, refused, never half."""

from typing import Any

import pytest

from routing.facts import AlarmClosed
from routing.instant import HOUR, MINUTE, SECOND
from routing.kinds import Kind
from routing.lifecycle import Action, OutcomeCode, Phase
from routing.municipality import Person, Role, Shift, Team
from tests.web.conftest import NewBrowser
from tests.web.happenings import configure, share_pendant
from tests.web.town import Browser, Town


@pytest.fixture
async def lise(someone: NewBrowser) -> Browser:
    return await someone().sign_in("lise")


async def done(browser: Browser, alarm: str, action: str, **more: object) -> Any:
    status, body = await browser.act(alarm, action, **more)
    assert (status, body["state"]) == (200, "done"), body
    return body["alarm"]


async def refused(browser: Browser, alarm: str, action: str, **more: object) -> tuple[str, str]:
    """Return the refusal's code and text; nothing but the refusal has been recorded."""
    before, seq = browser.town.state.alarms[alarm], browser.town.state.seq
    status, body = await browser.act(alarm, action, **more)
    assert (status, body["state"]) == (409, "refused"), body
    assert browser.town.state.alarms[alarm] == before
    assert browser.town.state.seq == seq + 1
    return body["error"], body["text"]


async def test_accepting_with_a_time_makes_it_the_lease(town: Town, kari: Browser) -> None:
    alarm = await town.press()
    now = await done(kari, alarm, "accept", arrive_within_s=2400)
    assert (now["owner"], now["due_at"]) == ("kari", "2026-11-23T12:40:01Z")


async def test_i_am_here_closes_in_two_taps(town: Town, kari: Browser) -> None:
    alarm = await town.press()
    now = await done(kari, alarm, "arrive")
    assert (now["phase"], now["owner"]) == ("at_resident", "kari")
    now = await done(kari, alarm, "close", outcome="no_need")
    assert (now["phase"], now["outcome"]) == ("closed", "no_need")


async def test_a_handover_is_asked_and_only_then_accepted(
    town: Town, kari: Browser, ola: Browser
) -> None:
    alarm = await town.press()
    now = await done(kari, alarm, "accept")
    assert {"id": "ola", "name": "Ola Strand"} in now["choices"]["people"]
    assert {"id": "day", "name": "Dagvakt øst"} in now["choices"]["teams"]
    now = await done(kari, alarm, "hand_over", to_person="ola")
    assert (now["owner"], [m["code"] for m in now["marks"]]) == ("kari", ["handover"])
    assert (await refused(kari, alarm, "hand_over", to_team="day"))[0] == "handover_pending"
    _, seen = await ola.get(f"/api/alarms/{alarm}")
    assert seen["asks_me"]
    assert seen["actions"][:2] == ["take_over", "decline"]
    now = await done(ola, alarm, "take_over")
    assert (now["owner"], now["mine"], now["marks"]) == ("ola", True, [])


async def test_a_declined_handover_comes_back(town: Town, kari: Browser, ola: Browser) -> None:
    alarm = await town.press()
    await done(kari, alarm, "accept")
    await done(kari, alarm, "hand_over", to_team="day")
    now = await done(ola, alarm, "decline")
    assert (now["owner"], now["asks_me"], now["marks"]) == ("kari", False, [])


async def test_whoever_needs_help_keeps_the_alarm_and_is_joined(
    town: Town, kari: Browser, ola: Browser
) -> None:
    alarm = await town.press()
    await done(kari, alarm, "arrive")
    now = await done(kari, alarm, "need_help")
    assert [m["code"] for m in now["marks"]] == ["help"]
    assert (await ola.get(f"/api/alarms/{alarm}"))[1]["asks_me"]
    now = await done(ola, alarm, "join")
    assert (now["owner"], now["helper_names"]) == ("kari", ["Ola Strand"])
    assert [m["why"] for m in now["marks"]] == ["Har vorte med: Ola Strand."]


async def test_silence_on_the_line_forces_a_look(town: Town, kari: Browser) -> None:
    alarm = await town.press()
    await done(kari, alarm, "accept")
    for speech in ("attempt", "answered", "ended"):
        now = await done(kari, alarm, "speak", speech=speech)
        assert now["marks"] == []
    now = await done(kari, alarm, "speak", speech="silent")
    assert (now["speech"], [m["code"] for m in now["marks"]]) == (
        "brukeren svarte ikke",
        ["check"],
    )
    assert (await refused(kari, alarm, "close", outcome="talk"))[0] == "check_first"
    await done(kari, alarm, "arrive")
    assert (await done(kari, alarm, "close", outcome="talk"))["phase"] == "closed"


async def test_whom_a_shared_unit_concerned_is_chosen(town: Town, kari: Browser) -> None:
    await share_pendant(town)
    alarm = await town.press()
    now = await done(kari, alarm, "accept")
    assert [one["name"] for one in now["choices"]["residents"]] == [
        "Olga Eksempel",
        "Peder Eksempel",
    ]
    now = await done(kari, alarm, "choose", resident="r-2")
    assert now["concerns_name"] == "Peder Eksempel"
    assert (await refused(kari, alarm, "choose", resident="r-9"))[0] == "not_of_this_device"


async def test_a_lead_goes_to_a_step_and_nobody_else_does(
    town: Town, kari: Browser, lise: Browser
) -> None:
    alarm = await town.press()
    _, seen = await lise.get(f"/api/alarms/{alarm}")
    assert seen["choices"]["steps"] == [
        {"step": 0, "people": "Kari Fjell, Ola Strand", "now": True}
    ]
    assert (await refused(kari, alarm, "jump", step=0))[0] == "role_may_not"
    assert (await refused(lise, alarm, "jump", step=7))[0] == "no_such_step"
    await done(lise, alarm, "jump", step=0)
    assert town.state.alarms[alarm].round == 2


async def test_notes_are_added_and_a_closed_alarm_is_reopened(town: Town, kari: Browser) -> None:
    alarm = await town.press()
    await done(kari, alarm, "arrive")
    await done(kari, alarm, "close", outcome="fall", note="Falt på badet")
    now = await done(kari, alarm, "note", note="Ikke badet, kjøkkenet")
    notes = [entry["why"] for entry in now["timeline"] if entry["code"] == "note"]
    assert notes == ["Falt på badet", "Ikke badet, kjøkkenet"]
    assert (await refused(kari, alarm, "note"))[0] == "note_missing"
    now = await done(kari, alarm, "reopen")
    assert (now["phase"], now["owner"]) == ("looking", None)
    assert (await refused(kari, alarm, "reopen"))[0] == "not_closed"


async def test_hold_to_call_makes_its_person_an_alarm(
    town: Town, kari: Browser, ola: Browser
) -> None:
    alarm = await town.press()
    status, body = await kari.post("/api/help", {"id": "hold-0001", "alarm": alarm})
    assert status == 200
    own = body["alarm"]
    assert (own["kind"], own["severity"], own["phase"]) == ("staff.called", "critical", "looking")
    assert [(m["code"], m["alarm"]) for m in own["marks"]] == [("beside", alarm)]
    again = await kari.post("/api/help", {"id": "hold-0001", "alarm": alarm})
    assert (again[0], again[1]["alarm"]["activations"]) == (200, 1)
    assert (await refused(kari, own["id"], "accept"))[0] == "your_own_call"
    assert (await done(ola, own["id"], "accept"))["owner"] == "ola"


async def test_hold_to_call_needs_no_alarm(town: Town, kari: Browser) -> None:
    status, body = await kari.post("/api/help", {"id": "hold-0002"})
    assert (status, body["alarm"]["phase"]) == (200, "looking")
    (own,) = town.state.alarms.values()
    assert own.kind is Kind.STAFF_CALLED


async def test_what_the_person_saw_has_passed(town: Town, kari: Browser, ola: Browser) -> None:
    alarm = await town.press()
    await done(kari, alarm, "accept")
    code, text = await refused(ola, alarm, "accept", seen_phase="looking")
    assert (code, text) == ("taken_by_other", "Allereie teken av Kari Fjell 13:00")
    code, text = await refused(ola, alarm, "close", outcome="talk")
    assert code == "not_owner"
    await done(kari, alarm, "arrive")
    code, text = await refused(kari, alarm, "on_the_way", seen_phase="accepted")
    assert (code, text) == ("state_has_passed", "Alarmen har gått videre: Hos bruker")


async def test_an_id_that_has_ended_answers_again_and_does_nothing(
    town: Town, kari: Browser, ola: Browser
) -> None:
    alarm = await town.press()
    body = {"id": "same-id-0001", "action": "accept", "seen_phase": "looking"}
    first = await kari.post(f"/api/alarms/{alarm}/commands", body)
    seq = town.state.seq
    second = await kari.post(f"/api/alarms/{alarm}/commands", body)
    assert (first[0], second[0], town.state.seq) == (200, 200, seq)
    status, answer = await ola.post(f"/api/alarms/{alarm}/commands", body)
    assert (status, answer["error"]) == (409, "command_id_taken")
    body = {"id": "same-id-0001", "action": "refuse"}
    status, answer = await kari.post("/api/tasks/none/commands", body)
    assert (status, answer["error"]) == (404, "not_found")


@pytest.mark.parametrize("place", ["oslo-000000000000", "fjordby-0000"])
async def test_an_alarm_of_another_municipality_is_not_there(
    town: Town, kari: Browser, place: str
) -> None:
    body = {"id": "far-away-01", "action": "accept", "seen_phase": "looking"}
    status, answer = await kari.post(f"/api/alarms/{place}/commands", body)
    assert (status, answer["text"]) == (404, "Her er det ingenting.")
    assert town.heard == []


WRONG: list[dict[str, object]] = [
    {"action": "dance"},
    {"speech": "shouting"},
    {"step": -1},
    {"step": "second"},
    {"to_person": ""},
    {"to_person": "x" * 101},
    {"arrive_within_s": 1},
    {"note": "x" * 1001},
    {"made_at": 1},
]


@pytest.mark.parametrize("wrong", WRONG, ids=str)
async def test_what_is_no_command_is_refused_at_the_edge(
    town: Town, kari: Browser, wrong: dict[str, object]
) -> None:
    alarm = await town.press()
    body = {"id": "wrong-0001", "action": "accept", "seen_phase": "looking", **wrong}
    status, answer = await kari.post(f"/api/alarms/{alarm}/commands", body)
    assert (status, answer["error"]) == (400, "invalid_request")
    assert town.heard == []


async def test_an_offer_is_what_the_core_would_do(
    town: Town, kari: Browser, ola: Browser, lise: Browser
) -> None:
    """Walk a life; in each phase every action that is complete in itself is tried by everybody."""
    plain = {a for a in Action if a not in NEEDS_MORE and a is not Action.SEE}
    for prepare in ([], ["accept"], ["on_the_way"], ["arrive"]):
        for browser in (kari, ola, lise):
            town.now += 10 * MINUTE
            for action in sorted(plain):
                alarm = await fresh(town, kari, prepare)
                _, seen = await browser.get(f"/api/alarms/{alarm}")
                status, _ = await browser.act(alarm, action)
                offered = action in seen["actions"]
                assert offered == (status == 200), (prepare, action, status)


NEEDS_MORE = {
    Action.CLOSE,
    Action.HAND_OVER,
    Action.SPEAK,
    Action.NOTE,
    Action.CHOOSE,
    Action.JUMP,
    Action.CALL_FOR_HELP,
}


async def fresh(town: Town, kari: Browser, prepare: list[str]) -> str:
    """Return a new alarm on which Kari has done these actions."""
    town.now += SECOND
    for old in [a.id for a in town.state.alarms.values() if a.phase is not Phase.CLOSED]:
        await close(town, old)
    alarm = await town.press()
    for action in prepare:
        await done(kari, alarm, action)
    return alarm


async def close(town: Town, alarm: str) -> None:
    await town.append([AlarmClosed(alarm=alarm, person="kari", outcome=OutcomeCode.FALL)])


async def test_a_team_that_has_gone_home_is_not_offered_for_a_handover(
    town: Town, kari: Browser
) -> None:
    """By its roster nobody of the night team is there at 13:00; a team without a roster may be."""
    night = Shift(
        id="night",
        team="night",
        people=("nils",),
        weekdays=(0, 1, 2, 3, 4, 5, 6),
        from_minute=22 * 60,
        to_minute=7 * 60,
    )
    staff = [
        Person(id=id, roles=(Role.STAFF,), teams=(team,))
        for id, team in (("nils", "night"), ("vera", "wardens"))
    ]
    await configure(town, Team(id="night"), Team(id="wardens"), night, *staff)
    alarm = await town.press()
    now = await done(kari, alarm, "accept")
    assert {team["id"] for team in now["choices"]["teams"]} == {"day", "wardens"}
    town.now += 10 * HOUR  # 23:00
    now = (await kari.get(f"/api/alarms/{alarm}"))[1]
    assert {team["id"] for team in now["choices"]["teams"]} == {"day", "night", "wardens"}
