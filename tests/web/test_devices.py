"""Devices that nobody has registered, by the API: listed, assigned by a person, replayed."""

from hub.kept_frames.model import kept_of
from hub.kept_frames.store import KeptFrames
from routing.event import make_event
from routing.facts import ConfigurationSet
from routing.facts_devices import FramesReplayed
from routing.instant import from_rfc3339
from routing.kinds import Kind
from tests.web.conftest import NewBrowser
from tests.web.town import Town

HEARD_AT = from_rfc3339("2026-11-23T11:58:00Z")


def hear(town: Town, subject: str) -> None:
    """Keep a press as the router does."""
    press = make_event(
        Kind.HELP_PRESSED,
        id="0" * 31 + "1",
        source="/adapters/ev07b/gps",
        subject=subject,
        received_at=HEARD_AT,
    )
    assert town.site.desk is not None
    store = KeptFrames(town.site.desk.kept_path)
    store.keep([kept_of(press, "gps", press.to_json())], HEARD_AT)
    store.close()


async def test_what_was_heard_is_listed(town: Town, someone: NewBrowser) -> None:
    hear(town, "ev07b:860000000000017")
    lead = await someone().sign_in("lise")
    async with lead.http.get("/api/devices/unknown") as response:
        assert await response.json() == {
            "devices": [
                {
                    "subject": "ev07b:860000000000017",
                    "protocol": "ev07b",
                    "listener": "gps",
                    "first_at": "2026-11-23T11:58:00Z",
                    "last_at": "2026-11-23T11:58:00Z",
                    "count": 1,
                    "kinds": ["help.pressed"],
                    "kept": 1,
                }
            ]
        }


async def test_an_assignment_is_recorded_with_its_author(town: Town, someone: NewBrowser) -> None:
    await town.be_sound()
    it = await someone().sign_in("ivar")
    body = {"subject": "ev07b:17", "id": "gps-1", "resident": "r-1", "name": "GPS"}
    status, answer = await it.post("/api/devices/assign", body)
    assert (status, answer) == (200, {"state": "done"})
    set_by = [
        (record.fact.author, record.fact.item.id)
        for record in town.journal.read(0)
        if isinstance(record.fact, ConfigurationSet) and record.fact.author != "test"
    ]
    assert ("ivar", "gps-1") in set_by
    assert {author for author, _ in set_by} == {"ivar"}
    assert town.state.registry.device_of["ev07b:17"] == "gps-1"
    assert town.state.registry.device_of["scaip:26317"] == "pendant-1"
    again = await it.post("/api/devices/assign", {**body, "id": "gps-2"})
    assert (again[0], again[1]["error"]) == (409, "device_assigned")


async def test_a_resident_who_is_not_there_is_said_and_nothing_is_recorded(
    town: Town, someone: NewBrowser
) -> None:
    await town.be_sound()
    it = await someone().sign_in("ivar")
    before = town.state.seq
    body = {"subject": "ev07b:17", "id": "gps-1", "resident": "nobody"}
    status, answer = await it.post("/api/devices/assign", body)
    assert (status, answer["error"]) == (400, "device_not_sound")
    assert "nobody" in answer["text"]
    assert town.state.seq == before


async def test_a_replay_is_recorded_with_who_asked(town: Town, someone: NewBrowser) -> None:
    lead = await someone().sign_in("lise")
    body = {"id": "a-replay-of-a-phone", "who": "ev07b:17"}
    status, answer = await lead.post("/api/devices/replay", body)
    assert status == 200
    assert answer == {"state": "done", "frames": 2, "events": 1, "unreadable": 0}
    (told,) = [r.fact for r in town.journal.read(0) if isinstance(r.fact, FramesReplayed)]
    assert (told.author, told.request) == ("lise", "a-replay-of-a-phone")
