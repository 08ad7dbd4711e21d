"""Storms: the incident, its list, what stands beside it, and the printed visit list."""

from routing.kinds import Kind
from tests.web.conftest import NewBrowser
from tests.web.happenings import storm
from tests.web.town import Browser, Town


async def test_a_storm_is_one_incident_with_a_list(town: Town, kari: Browser) -> None:
    incident = await storm(town)
    _, body = await kari.get("/api/incidents")
    (one,) = body["incidents"]
    assert (one["id"], one["where_text"], one["kind_text"]) == (incident, "Sone Øst", "Strømbrudd")
    assert (one["devices"], one["lasting"], one["homes"]) == (3, 3, 3)
    _, detail = await kari.get(f"/api/incidents/{incident}")
    assert [(m["resident_name"], m["address"]) for m in detail["members"]] == [
        ("Beboer 1", "Stormveien 1"),
        ("Beboer 2", "Stormveien 2"),
        ("Beboer 3", "Stormveien 3"),
    ]
    assert {m["lasting_text"] for m in detail["members"]} == {"Strømbrudd"}


async def test_help_in_the_middle_lives_its_own_life_and_stands_beside(
    town: Town, kari: Browser
) -> None:
    incident = await storm(town)
    fall = await town.happens(Kind.FALL_DETECTED, "scaip:h-2")
    _, detail = await kari.get(f"/api/incidents/{incident}")
    first = detail["alarms"][0]
    assert (first["id"], first["phase"], first["who"]) == (fall, "looking", "Beboer 2")
    closed = {one["phase"] for one in detail["alarms"][1:]}
    assert closed == {"closed"}
    _, seen = await kari.get(f"/api/alarms/{fall}")
    assert [(m["code"], m["alarm"]) for m in seen["marks"]] == [("listed", incident)]


async def test_what_has_passed_goes_down_the_list(town: Town, kari: Browser) -> None:
    incident = await storm(town)
    await town.happens(Kind.MAINS_RESTORED, "scaip:h-1")
    _, detail = await kari.get(f"/api/incidents/{incident}")
    assert (detail["devices"], detail["lasting"]) == (3, 2)
    assert [m["resident"] for m in detail["members"]] == ["h-2", "h-3", "h-1"]
    for home in ("h-2", "h-3"):
        await town.happens(Kind.MAINS_RESTORED, f"scaip:{home}")
    _, seen = await kari.get(f"/api/alarms/{incident}")
    assert [m["code"] for m in seen["marks"]] == ["returned", "incident"]
    assert seen["incident_where"] == "Sone Øst"


async def test_silence_after_the_storm_asks_for_visits_on_the_same_list(
    town: Town, kari: Browser
) -> None:
    incident = await storm(town)
    for home in ("h-1", "h-2"):
        await town.happens(Kind.LINK_LOST, f"scaip:{home}")
    _, detail = await kari.get(f"/api/incidents/{incident}")
    by_home = {m["resident"]: m for m in detail["members"]}
    assert set(by_home["h-1"]["lasting"]) == {"mains.lost", "link.lost"}
    tasks = {t.resident for t in town.state.book.tasks.values() if t.alarm == incident}
    assert {home for home, m in by_home.items() if m["visit"]} == tasks


async def test_the_visit_list_names_every_home_once(town: Town, kari: Browser) -> None:
    incident = await storm(town)
    _, page = await kari.get(f"/incidents/{incident}/visits")
    for number in (1, 2, 3):
        assert page.count(f"Beboer {number}") == 1
        assert page.count(f"Stormveien {number}") == 1
    assert "Skrevet ut 23.11.2026 13:00" in page


async def test_it_sees_the_devices_and_no_names(town: Town, someone: NewBrowser) -> None:
    incident = await storm(town)
    ivar = await someone().sign_in("ivar")
    _, detail = await ivar.get(f"/api/incidents/{incident}")
    assert {m["resident_name"] for m in detail["members"]} == {None}
    _, page = await ivar.get(f"/incidents/{incident}")
    assert "Beboer" not in page
    assert "Stormveien" not in page
    assert (await ivar.get(f"/incidents/{incident}/visits"))[0] == 403


async def test_an_alarm_that_is_no_incident_has_no_list(town: Town, kari: Browser) -> None:
    alarm = await town.press()
    for path in (f"/api/incidents/{alarm}", f"/incidents/{alarm}", "/api/incidents/none"):
        assert (await kari.get(path))[0] == 404
