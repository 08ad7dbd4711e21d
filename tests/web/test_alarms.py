"""What people read about alarms, and what they may do."""

import pytest

from routing.instant import MINUTE
from routing.kinds import Kind
from tests.web.conftest import NewBrowser
from tests.web.town import Browser, Town


async def test_an_alarm_is_listed_with_who_where_and_that_it_calls_me(
    town: Town, kari: Browser
) -> None:
    alarm = await town.press()
    status, body = await kari.get("/api/alarms")
    assert status == 200
    (seen,) = body["alarms"]
    assert seen["id"] == alarm
    assert seen["phase"] == "looking"
    assert seen["kind"] == "help.pressed"
    assert seen["category"] == "help"
    assert seen["severity"] == "high"
    assert seen["resident"] == "r-1"
    assert seen["resident_name"] == "Olga Eksempel"
    assert seen["device"] == "pendant-1"
    assert seen["received_at"] == "2026-11-23T12:00:01Z"
    assert (seen["owner"], seen["mine"], seen["calls_me"]) == (None, False, True)


async def test_detail_tells_the_timeline_and_why_i_was_called(town: Town, kari: Browser) -> None:
    alarm = await town.press()
    _, body = await kari.get(f"/api/alarms/{alarm}")
    assert body["address"] == "Prøveveien 7"
    assert body["why_me"] == "Du er på vakt i Dagvakt øst"
    assert body["actions"][:2] == ["accept", "refuse"]
    assert [(e["code"], e["text"], e.get("why")) for e in body["timeline"]] == [
        ("alarm.raised", "Alarm: Alarmknapp trykket", "«Alarmknapp trykket» gir alltid alarm"),
        ("step.started", "Varslet: Kari Fjell, Ola Strand", "Alarmen er ny"),
    ]


async def test_that_it_rang_again_does_not_hide_why_it_rings_here(
    town: Town, kari: Browser
) -> None:
    alarm = await town.press()
    assert await town.press() == alarm
    _, body = await kari.get(f"/api/alarms/{alarm}")
    assert (body["activations"], body["why_me"]) == (2, "Du er på vakt i Dagvakt øst")


async def test_notes_are_for_who_goes_there_and_the_way_in_waits_for_a_tap(
    town: Town, kari: Browser
) -> None:
    alarm = await town.press()
    _, looking = await kari.get(f"/api/alarms/{alarm}")
    assert "0000" not in str(looking)
    assert looking["entry"] is False
    _, accepted = await kari.act(alarm, "accept")
    assert accepted["alarm"]["entry"] is True
    assert accepted["alarm"]["important_note"] == "Hører dårlig"
    _, closed = await kari.act(alarm, "close", outcome="talk")
    assert "0000" not in str([accepted, closed])
    assert "Hører" not in str([looking, closed])


async def test_the_whole_story_from_acceptance_to_outcome(town: Town, kari: Browser) -> None:
    alarm = await town.press()
    status, body = await kari.act(alarm, "accept")
    assert (status, body["state"], body["alarm"]["mine"]) == (200, "done", True)
    assert body["alarm"]["actions"][:3] == ["on_the_way", "arrive", "close"]
    status, body = await kari.act(alarm, "on_the_way", arrive_within_s=1200)
    assert (status, body["alarm"]["due_at"]) == (200, "2026-11-23T12:20:01Z")
    status, _ = await kari.act(alarm, "arrive")
    assert status == 200
    status, body = await kari.act(alarm, "close", outcome="talk", note="Fikk et glass vann")
    assert (status, body["alarm"]["outcome"], body["alarm"]["actions"]) == (
        200,
        "talk",
        ["note", "reopen", "call_for_help"],
    )
    told = [(e["text"], e.get("why")) for e in body["alarm"]["timeline"][2:]]
    assert told == [
        ("Kari Fjell kvitterte", None),
        ("Kari Fjell er på vei, fremme innen 13:20", None),
        ("Kari Fjell er hos bruker", None),
        ("Kari Fjell avsluttet alarmen: Samtale", None),
        ("Notat fra Kari Fjell", "Fikk et glass vann"),
    ]
    assert town.heard[0][0] == "varde/v1/fjordby/command"


async def test_the_second_is_told_who_took_it_and_when_in_their_own_language(
    town: Town, kari: Browser, ola: Browser
) -> None:
    alarm = await town.press()
    await kari.act(alarm, "accept")
    status, body = await ola.act(alarm, "accept")
    assert status == 409
    assert body["error"] == "taken_by_other"
    assert body["params"]["owner"] == "kari"
    assert body["text"] == "Allereie teken av Kari Fjell 13:00"
    assert body["alarm"]["owner_name"] == "Kari Fjell"


async def test_closing_without_an_outcome_is_refused(town: Town, kari: Browser) -> None:
    alarm = await town.press()
    await kari.act(alarm, "accept")
    status, body = await kari.act(alarm, "close")
    assert (status, body["error"]) == (409, "outcome_missing")


async def test_not_confirmed_then_the_same_id_is_answered_and_done_once(
    town: Town, kari: Browser
) -> None:
    alarm = await town.press()
    town.deaf = True
    status, body = await kari.act(alarm, "accept", id="a-phone-made-id")
    assert (status, body["state"]) == (202, "not_confirmed")
    town.deaf = False
    await town.take(town.heard[0][1])
    status, body = await kari.act(alarm, "accept", id="a-phone-made-id", seen_phase="looking")
    assert (status, body["state"]) == (200, "done")
    assert len(town.heard) == 1


async def test_without_a_broker_nothing_is_confirmed(town: Town, kari: Browser) -> None:
    alarm = await town.press()
    town.connected = False
    status, body = await kari.act(alarm, "accept")
    assert (status, body["state"]) == (202, "not_confirmed")
    assert (await kari.get("/health"))[0] == 503


async def test_somebody_elses_command_id_tells_nothing(
    town: Town, kari: Browser, ola: Browser
) -> None:
    alarm = await town.press()
    await kari.act(alarm, "accept", id="a-phone-made-id")
    status, body = await ola.act(alarm, "accept", id="a-phone-made-id")
    assert (status, body["error"]) == (409, "command_id_taken")
    assert len(town.heard) == 1


async def test_who_said_no_is_not_asked_again(town: Town, kari: Browser) -> None:
    alarm = await town.press()
    status, body = await kari.act(alarm, "refuse")
    assert (status, body["alarm"]["calls_me"]) == (200, False)
    assert "refuse" not in body["alarm"]["actions"]


async def test_it_sees_that_alarms_live_without_residents_names(
    town: Town, kari: Browser, someone: NewBrowser
) -> None:
    alarm = await town.press()
    await kari.act(alarm, "accept")
    await kari.act(alarm, "close", outcome="talk", note="Fikk et glass vann")
    ivar = await someone().sign_in("ivar")
    _, listed = await ivar.get("/api/alarms")
    status, body = await ivar.get(f"/api/alarms/{alarm}")
    assert status == 200
    for personal in ("r-1", "Olga", "Prøveveien", "999 00 001", "vann"):
        assert personal not in str(body)
        assert personal not in str(listed)
    assert (body["actions"], body["why_me"]) == ([], None)


async def test_an_unknown_device_is_shown_by_its_subject(town: Town, kari: Browser) -> None:
    from routing.kinds import Kind

    alarm = await town.happens(Kind.HELP_PRESSED, "scaip:404")
    _, body = await kari.get(f"/api/alarms/{alarm}")
    assert (body["resident_name"], body["subject"]) == (None, "scaip:404")


async def test_the_lease_that_ran_out_is_told(town: Town, kari: Browser) -> None:
    from routing.inputs import TimeReached

    alarm = await town.press()
    await kari.act(alarm, "accept")
    town.now += 31 * MINUTE
    await town.take(TimeReached())
    _, body = await kari.get(f"/api/alarms/{alarm}")
    assert body["asked"] is True
    last = body["timeline"][-1]
    assert last["text"] == "Spurt: er du på vei? Kari Fjell"
    assert last["why"] == "Ikke fremme innen 30 min"


async def test_me_says_who_reads(kari: Browser) -> None:
    status, body = await kari.get("/api/me")
    assert len(body.pop("handset")) == 12
    assert (status, body) == (
        200,
        {
            "person": "kari",
            "name": "Kari Fjell",
            "roles": ["staff"],
            "on_duty": True,
            "language": "nb",
            "shared": False,
            "owns": 0,
            "help_number": None,
        },
    )


async def test_noise_never_pushes_an_older_or_worse_alarm_off_the_list(
    town: Town, kari: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.web.alarms.view.MOST_OPEN", 2)
    mine = await town.happens(Kind.SMOKE_DETECTED)
    await kari.act(mine, "accept")
    pressed = await town.press()
    for stranger in range(5):
        await town.happens(Kind.HELP_PRESSED, f"scaip:stranger-{stranger}")
        await town.happens(Kind.BATTERY_LOW)
    _, listed = await kari.get("/api/alarms")
    assert {alarm["id"] for alarm in listed["alarms"]} == {mine, pressed}
    assert listed["more"] == 6


async def test_a_colleague_who_calls_for_help_stands_in_the_list_by_name(
    town: Town, kari: Browser, ola: Browser
) -> None:
    assert (await kari.post("/api/help", {"id": "held-for-two-seconds"}))[0] == 200
    (alarm,) = (await ola.get("/api/alarms"))[1]["alarms"]
    assert (alarm["kind"], alarm["colleague_name"]) == ("staff.called", "Kari Fjell")
    _, body = await ola.get(f"/api/alarms/{alarm['id']}")
    assert (body["colleague_name"], body["device_name"]) == ("Kari Fjell", None)


@pytest.mark.parametrize("subject", ["reach:kari", "person:kari"])
async def test_an_alarm_about_somebody_of_the_staff_says_whom(
    town: Town, ola: Browser, subject: str
) -> None:
    await town.happens(Kind.REACH_LOST, subject)
    (alarm,) = (await ola.get("/api/alarms"))[1]["alarms"]
    assert alarm["colleague_name"] == "Kari Fjell"


async def test_an_alarm_of_a_device_is_about_nobody_of_the_staff(town: Town, ola: Browser) -> None:
    await town.press()
    (alarm,) = (await ola.get("/api/alarms"))[1]["alarms"]
    assert alarm["colleague_name"] is None
