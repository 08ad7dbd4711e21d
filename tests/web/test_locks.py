"""A door opened from the phone page: who may, how it stands, and the way in when it has not."""

import json
from typing import Any

import pytest

from hub.journal.port import Document
from routing.event import derive_id
from routing.facts import ConfigurationSet, EventRecorded
from routing.inputs import TimeReached
from routing.instant import HOUR, MINUTE, SECOND, to_rfc3339
from routing.kinds import Kind
from routing.locks.told import told_at_boot
from routing.municipality import Device, Resident
from routing.to_device import DeviceCommand
from tests.web.conftest import NewBrowser
from tests.web.town import Browser, Town

LOCK = "nuki:2BB28570"
PEOPLE = ("kari", "ola", "lise", "odd", "ivar", "rune", "vekter")
HANDLERS = ("kari", "ola", "lise", "odd")


@pytest.fixture
async def lise(someone: NewBrowser) -> Browser:
    return await someone().sign_in("lise")


async def lock_says(town: Town, kind: Kind, answers: str | None = None) -> None:
    town.now += SECOND
    event = EventRecorded(
        event=derive_id(kind, town.now),
        kind=kind,
        subject=LOCK,
        received_at=town.now,
        code="state=254",
        adapter="front",
        told=True,
        answers=answers,
    )
    await town.take(event)


async def with_lock(town: Town) -> None:
    lock = Device(id="e-lock", subject=LOCK, resident="r-1")
    await town.append([ConfigurationSet(item=lock, author="test")])
    await lock_says(town, Kind.LOCK_LOCKED)


async def accepted(town: Town, browser: Browser) -> str:
    await with_lock(town)
    alarm = await town.press()
    await browser.act(alarm, "accept")
    return alarm


async def key_box(town: Town) -> str:
    note = "Nøkkelboks til venstre (eksempel)"
    card = json.dumps({"name": "Olga Eksempel", "entry_note": note}).encode()
    home = ConfigurationSet(item=Resident(id="r-1", unit="east"), author="test")
    await town.append([home], [Document("resident", "r-1", card)])
    return note


def under_way(town: Town) -> str:
    messages = [one.message for one in told_at_boot(town.state, town.now)]
    (command,) = (one for one in messages if isinstance(one, DeviceCommand))
    return command.id


async def detail(browser: Browser, alarm: str) -> dict[str, Any]:
    _, body = await browser.get(f"/api/alarms/{alarm}")
    found: dict[str, Any] = body
    return found


async def test_a_home_without_a_lock_offers_none(town: Town, kari: Browser) -> None:
    alarm = await town.press()
    await kari.act(alarm, "accept")
    seen = await detail(kari, alarm)
    assert not {"unlock", "lock"} & set(seen["actions"])
    status, answer = await kari.act(alarm, "unlock")
    assert (status, answer["error"]) == (409, "no_lock")


async def test_the_door_opens_and_the_page_says_how_it_stands(town: Town, kari: Browser) -> None:
    alarm = await accepted(town, kari)
    seen = await detail(kari, alarm)
    assert {"unlock", "lock"} <= set(seen["actions"])
    assert seen["choices"]["locks"] == [{"id": "e-lock", "name": "e-lock"}]
    assert seen["lock"] is None
    status, answer = await kari.act(alarm, "unlock", device="e-lock")
    assert (status, answer["alarm"]["lock"]["state"]) == (200, "asked")
    assert "unlock" not in answer["alarm"]["actions"]
    await lock_says(town, Kind.LOCK_UNLOCKED, under_way(town))
    seen = await detail(kari, alarm)
    assert (seen["lock"]["state"], seen["lock"]["way_in"]) == ("ok", None)
    assert seen["lock"]["text"] == "e-lock er låst opp"
    texts = [entry["text"] for entry in seen["timeline"]]
    assert "Kari Fjell låser opp e-lock" in texts
    assert "unlock" in seen["actions"]


@pytest.mark.parametrize("how", ["failed", "unknown"])
async def test_when_it_does_not_open_the_page_says_how_one_gets_in(
    town: Town, kari: Browser, how: str
) -> None:
    alarm = await accepted(town, kari)
    note = await key_box(town)
    await kari.act(alarm, "unlock")
    if how == "failed":
        await lock_says(town, Kind.LOCK_FAILED, under_way(town))
    else:
        town.now += 30 * SECOND
        await town.take(TimeReached())
    seen = await detail(kari, alarm)
    assert (seen["lock"]["state"], seen["lock"]["way_in"]) == (how, note)
    assert [entry["why"] for entry in seen["timeline"] if entry["code"] == "entry_note"] == [note]


async def test_what_it_may_not_read_is_not_told_to_it(
    town: Town, kari: Browser, someone: NewBrowser
) -> None:
    alarm = await accepted(town, kari)
    note = await key_box(town)
    await kari.act(alarm, "unlock")
    await lock_says(town, Kind.LOCK_FAILED, under_way(town))
    ivar = await someone().sign_in("ivar")
    seen = await detail(ivar, alarm)
    assert seen["lock"]["way_in"] is None
    assert note not in str(seen)


@pytest.mark.parametrize("person", PEOPLE)
@pytest.mark.parametrize("action", ["unlock", "lock"])
async def test_only_who_has_the_alarm_may(
    town: Town, kari: Browser, someone: NewBrowser, person: str, action: str
) -> None:
    alarm = await accepted(town, kari)
    browser = kari if person == "kari" else await someone().sign_in(person)
    if person in HANDLERS:
        seen = await detail(browser, alarm)
        assert (action in seen["actions"]) == (person == "kari")
    status, _ = await browser.act(alarm, action)
    expected = {"kari": 200, "ola": 409, "lise": 409, "odd": 409}.get(person, 403)
    assert status == expected


async def test_a_second_command_waits_for_the_first(town: Town, kari: Browser) -> None:
    alarm = await accepted(town, kari)
    await kari.act(alarm, "unlock")
    status, answer = await kari.act(alarm, "lock")
    assert (status, answer["error"]) == (409, "lock_busy")
    assert "Kari Fjell" in answer["text"]


async def test_the_same_tap_again_is_answered_and_does_nothing(town: Town, kari: Browser) -> None:
    alarm = await accepted(town, kari)
    body = {"id": "tap-0001", "action": "unlock", "seen_phase": "accepted"}
    first, _ = await kari.post(f"/api/alarms/{alarm}/commands", body)
    asked = under_way(town)
    again, _ = await kari.post(f"/api/alarms/{alarm}/commands", body)
    assert (first, again, under_way(town)) == (200, 200, asked)


async def visit(town: Town, lise: Browser, after: int) -> str:
    start = town.now + after
    new = {
        "kind": "visit",
        "resident": "r-1",
        "start": to_rfc3339(start),
        "end": to_rfc3339(start + HOUR),
    }
    _, answer = await lise.post("/api/tasks", {"id": "make-0001", "action": "make", "new": new})
    found: str = answer["task"]["id"]
    return found


async def test_a_visit_opens_the_door_for_who_has_it(
    town: Town, kari: Browser, lise: Browser
) -> None:
    await with_lock(town)
    task = await visit(town, lise, HOUR)
    path = f"/api/tasks/{task}/commands"
    await kari.post(path, {"id": "take-0001", "action": "accept"})
    _, seen = await kari.get(f"/api/tasks/{task}")
    assert seen["locks"] == []
    status, answer = await kari.post(path, {"id": "open-0001", "action": "unlock"})
    assert (status, answer["error"]) == (409, "lock_not_now")
    town.now += 50 * MINUTE
    _, seen = await kari.get(f"/api/tasks/{task}")
    assert (seen["locks"], {"unlock", "lock"} <= set(seen["actions"])) == (["e-lock"], True)
    status, page = await kari.get("/tasks")
    assert 'name="device" value="e-lock"' in page
    _, other = await lise.get(f"/api/tasks/{task}")
    assert other["locks"] == []
    body = {"id": "open-0002", "action": "unlock", "device": "e-lock"}
    status, answer = await kari.post(path, body)
    assert (status, answer["task"]["lock"]["state"]) == (200, "asked")
    _, page = await kari.get("/tasks")
    assert 'data-lock-state="asked"' in page
    await lock_says(town, Kind.LOCK_FAILED, under_way(town))
    _, page = await kari.get("/tasks")
    assert 'data-lock-state="failed"' in page
