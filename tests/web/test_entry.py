"""The way in, the position and the address: who gets them, and that it is written down first."""

from typing import Any

import msgspec
import pytest

from hub.journal.port import Document
from hub.reads.port import LogBroken, Sought, What
from routing.facts import ConfigurationSet
from routing.instant import MINUTE, SECOND
from routing.kinds import Kind
from routing.municipality import Resident
from tests.web.conftest import NewBrowser
from tests.web.test_locks import accepted, key_box, lock_says, under_way
from tests.web.town import Browser, Town

TAP = {"id": "tap-00000001"}


def looks(town: Town) -> list[tuple[str, str]]:
    return [(str(one.what), one.person) for one in town.site.reads.find(Sought())]


async def with_home(town: Town, **card: object) -> None:
    body = msgspec.json.encode({"name": "Olga Eksempel", **card})
    home = ConfigurationSet(item=Resident(id="r-1", unit="east"), author="test")
    await town.append([home], [Document("resident", "r-1", body)])


async def taken(town: Town, browser: Browser) -> str:
    alarm = await town.press()
    await browser.act(alarm, "accept")
    return alarm


async def test_the_way_in_is_told_to_the_owner_and_written_down(town: Town, kari: Browser) -> None:
    alarm = await taken(town, kari)
    status, body = await kari.post(f"/api/alarms/{alarm}/entry", TAP)
    assert (status, body) == (
        200,
        {
            "address": "Prøveveien 7",
            "protected": False,
            "entry_note": "Nøkkelboks 0000",
            "important_note": "Hører dårlig",
        },
    )
    (entry,) = (one for one in town.site.reads.find(Sought()) if one.what is What.ENTRY)
    assert (entry.person, entry.name, entry.roles) == ("kari", "Kari Fjell", "staff")
    assert (entry.resident, entry.why, entry.kind, entry.at) == (
        "r-1",
        alarm,
        "help.pressed",
        town.now,
    )
    assert entry.handset


@pytest.mark.parametrize("who", ["ola", "lise", "odd"])
async def test_who_does_not_have_the_alarm_is_refused_and_no_look_is_invented(
    town: Town, kari: Browser, someone: NewBrowser, who: str
) -> None:
    alarm = await taken(town, kari)
    other = await someone().sign_in(who)
    status, body = await other.post(f"/api/alarms/{alarm}/entry", TAP)
    assert (status, body["error"]) == (409, "entry_not_yours")
    assert ("entry", who) not in looks(town)


async def test_nobody_is_told_before_or_after(town: Town, kari: Browser) -> None:
    alarm = await town.press()
    before, _ = await kari.post(f"/api/alarms/{alarm}/entry", TAP)
    await kari.act(alarm, "accept")
    await kari.act(alarm, "close", outcome="talk")
    after, _ = await kari.post(f"/api/alarms/{alarm}/entry", TAP)
    assert (before, after) == (409, 409)


async def test_a_helper_is_told_too(town: Town, kari: Browser, ola: Browser) -> None:
    alarm = await taken(town, kari)
    await kari.act(alarm, "need_help")
    await ola.act(alarm, "join")
    status, _ = await ola.post(f"/api/alarms/{alarm}/entry", TAP)
    assert status == 200


@pytest.mark.parametrize("who", ["ivar", "rune"])
async def test_it_and_relatives_may_not_even_ask(
    town: Town, kari: Browser, someone: NewBrowser, who: str
) -> None:
    alarm = await taken(town, kari)
    other = await someone().sign_in(who)
    for path in (f"/api/alarms/{alarm}/position", "/api/zone", "/api/tiles/10/540/297"):
        status, _ = await other.get(path)
        assert status == 403, path
    status, _ = await other.post(f"/api/alarms/{alarm}/entry", TAP)
    assert status == 403
    assert all(person == "kari" for _, person in looks(town))


async def test_the_same_tap_asked_again_is_one_look_and_a_new_tap_a_new_one(
    town: Town, kari: Browser
) -> None:
    alarm = await taken(town, kari)
    for tap in ("tap-00000001", "tap-00000001", "tap-00000002"):
        status, _ = await kari.post(f"/api/alarms/{alarm}/entry", {"id": tap})
        assert status == 200
    assert looks(town).count(("entry", "kari")) == 2


async def test_a_stream_of_changes_is_one_look_and_another_day_a_new_one(
    town: Town, kari: Browser
) -> None:
    alarm = await town.press()
    for _ in range(6):
        await kari.get(f"/api/alarms/{alarm}")
        town.now += 90 * SECOND
    assert looks(town) == [("detail", "kari")]
    (look,) = town.site.reads.find(Sought())
    assert look.last_at - look.at == 5 * 90 * SECOND
    town.now += 11 * MINUTE
    await kari.get(f"/api/alarms/{alarm}")
    assert looks(town) == [("detail", "kari"), ("detail", "kari")]


async def test_it_sees_no_resident_and_so_leaves_no_look(town: Town, someone: NewBrowser) -> None:
    alarm = await town.press()
    ivar = await someone().sign_in("ivar")
    status, body = await ivar.get(f"/api/alarms/{alarm}")
    assert (status, body["resident"], body["address"], looks(town)) == (200, None, None, [])


async def test_where_the_log_fails_nothing_is_told(
    town: Town, kari: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    alarm = await taken(town, kari)

    def fail(looks: object, at: object) -> None:
        raise LogBroken("the disk is full")

    monkeypatch.setattr(town.site.reads, "append", fail)
    status, body = await kari.post(f"/api/alarms/{alarm}/entry", TAP)
    assert (status, body["error"]) == (503, "not_logged")
    assert "0000" not in str(body)
    status, body = await kari.get(f"/api/alarms/{alarm}")
    assert (status, body["error"]) == (503, "not_logged")
    status, body = await kari.act(alarm, "arrive")
    assert (status, body["state"], body["alarm"]) == (200, "done", None)


async def test_a_protected_address_is_told_by_the_tap_alone(
    town: Town, kari: Browser, ola: Browser
) -> None:
    secret = {"address": "Hemmeligveien 1", "entry_note": "Ring på to ganger", "protected": True}
    await with_home(town, **secret)
    alarm = await taken(town, kari)
    shown: list[Any] = [
        (await browser.get(path))[1]
        for browser in (kari, ola)
        for path in (f"/api/alarms/{alarm}", "/api/alarms", "/api/tasks", "/api/zone")
    ]
    assert "Hemmelig" not in str(shown)
    assert "to ganger" not in str(shown)
    assert (shown[0]["protected"], shown[0]["entry"]) == (True, True)
    refused, _ = await ola.post(f"/api/alarms/{alarm}/entry", TAP)
    status, body = await kari.post(f"/api/alarms/{alarm}/entry", TAP)
    assert (refused, status, body["address"]) == (409, 200, "Hemmeligveien 1")
    assert body["entry_note"] == "Ring på to ganger"


PLACE = {"lat": 59.9139, "lon": 10.7522, "accuracy_m": 12.0, "at": "2026-11-23T12:00:00Z"}


async def located(town: Town, alarm: str) -> None:
    await town.journal.append(
        [], town.now, [Document("position", alarm, msgspec.json.encode(PLACE))]
    )


async def test_the_position_is_told_while_the_alarm_is_open_and_each_look_is_written_down(
    town: Town, kari: Browser
) -> None:
    alarm = await town.press()
    _, before = await kari.get(f"/api/alarms/{alarm}")
    await located(town, alarm)
    _, detail = await kari.get(f"/api/alarms/{alarm}")
    assert (before["position"], detail["position"]) == (False, True)
    assert "59.9139" not in str(detail)
    status, body = await kari.get(f"/api/alarms/{alarm}/position")
    assert (status, body) == (200, {"place": PLACE, "map": None})
    assert ("position", "kari") in looks(town)
    await kari.act(alarm, "accept")
    await kari.act(alarm, "close", outcome="talk")
    status, _ = await kari.get(f"/api/alarms/{alarm}/position")
    assert status == 404


async def test_who_has_said_no_does_not_follow_where_the_resident_is(
    town: Town, kari: Browser, someone: NewBrowser
) -> None:
    alarm = await town.press()
    await located(town, alarm)
    await kari.act(alarm, "refuse")
    lise = await someone().sign_in("lise")
    assert (await kari.get(f"/api/alarms/{alarm}/position"))[0] == 404
    assert (await lise.get(f"/api/alarms/{alarm}/position"))[0] == 200


async def test_a_list_of_tasks_with_addresses_is_written_down(town: Town, kari: Browser) -> None:
    new = {
        "kind": "visit",
        "resident": "r-1",
        "start": "2026-11-23T14:00",
        "end": "2026-11-23T15:00",
    }
    status, made = await kari.post(
        "/api/tasks", {"id": "task-00000001", "action": "make", "new": new}
    )
    assert status == 200, made
    for path in ("/api/tasks", "/tasks", f"/api/tasks/{made['task']['id']}"):
        assert (await kari.get(path))[0] == 200
    assert looks(town) == [("tasks", "kari")]


async def test_where_the_address_is_secret_the_position_is_too(
    town: Town, kari: Browser, ola: Browser, someone: NewBrowser
) -> None:
    await with_home(town, address="Hemmeligveien 1", protected=True)
    alarm = await taken(town, kari)
    await located(town, alarm)
    lise = await someone().sign_in("lise")
    path = f"/api/alarms/{alarm}/position"
    told = [(await browser.get(path))[0] for browser in (kari, ola, lise)]
    assert told == [200, 404, 404]


async def test_a_door_that_does_not_open_shows_the_way_in_and_that_is_a_look(
    town: Town, kari: Browser
) -> None:
    alarm = await accepted(town, kari)
    note = await key_box(town)
    await kari.act(alarm, "unlock")
    await lock_says(town, Kind.LOCK_FAILED, under_way(town))
    assert "entry" not in {what for what, _ in looks(town)}
    _, seen = await kari.get(f"/api/alarms/{alarm}")
    assert seen["lock"]["way_in"] == note
    assert ("entry", "kari") in looks(town)
