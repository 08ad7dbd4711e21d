"""What a phone stores for a shift: for whom, until when, by which key, and that it is logged."""

from base64 import urlsafe_b64decode
from zoneinfo import ZoneInfo

from hub.journal.port import Document
from hub.reads.lines import Told, rows
from hub.reads.port import Sought
from hub.text import catalogue
from routing.facts import ConfigurationSet
from routing.instant import HOUR, MINUTE, SECOND, from_rfc3339
from routing.municipality import Resident, Shift, Team, Unit
from tests.web.conftest import NewBrowser
from tests.web.town import Browser, Town

HOME = {
    "code": "r-1",
    "address": "Prøveveien 7",
    "entry_note": "Nøkkelboks 0000",
    "important_note": "Hører dårlig",
}


async def test_who_is_on_duty_gets_the_homes_of_the_zone_without_names(
    town: Town, kari: Browser
) -> None:
    other = [
        ConfigurationSet(item=item, author="test")
        for item in (Unit(id="west"), Resident(id="r-2", unit="west"))
    ]
    await town.append(other, [Document("resident", "r-2", b'{"name":"Per","address":"Vest 1"}')])
    status, body = await kari.get("/api/zone")
    assert (status, body["homes"]) == (200, [HOME])
    assert "Olga" not in str(body)
    assert len(urlsafe_b64decode(body["key"] + "=")) == 32


async def test_it_lasts_as_long_as_the_duty(town: Town, someone: NewBrowser) -> None:
    shift = Shift(
        id="late",
        team="late-team",
        people=("lise",),
        weekdays=(0, 1, 2, 3, 4, 5, 6),
        from_minute=12 * 60,
        to_minute=20 * 60 + 30,
    )
    items = (Team(id="late-team", unit="east"), shift)
    await town.append([ConfigurationSet(item=item, author="test") for item in items])
    lise = await someone().sign_in("lise")
    _, body = await lise.get("/api/zone")
    assert (body["now"], body["until"]) == ("2026-11-23T12:00:00Z", "2026-11-23T19:30:00Z")
    town.now = from_rfc3339("2026-11-23T19:29:59Z")
    assert (await lise.get("/api/zone"))[0] == 200
    town.now += 2 * MINUTE
    status, body = await lise.get("/api/zone")
    assert (status, body["error"]) == (409, "not_on_duty")


async def test_duty_without_an_end_is_asked_for_again_by_the_half_day(
    town: Town, kari: Browser
) -> None:
    """The all-day shifts of each day meet at midnight: a duty that never ends."""
    told = []
    for at in ("23T12:00:00", "23T12:00:01", "23T23:59:59", "24T00:00:00"):
        town.now = from_rfc3339(f"2026-11-{at}Z")
        told.append((await kari.get("/api/zone"))[1]["until"])
    assert told == [*["2026-11-24T12:00:00Z"] * 3, "2026-11-25T00:00:00Z"]


async def test_pages_that_are_opened_again_and_again_are_one_look_where_shifts_meet(
    town: Town, kari: Browser
) -> None:
    """Day and night of the same person, as in the sample: her duty has no end to count from."""
    shifts = [
        Shift(
            id=id,
            team="day",
            people=("kari",),
            weekdays=(0, 1, 2, 3, 4, 5, 6),
            from_minute=from_minute,
            to_minute=to_minute,
        )
        for id, from_minute, to_minute in (("all-day", 7 * 60, 22 * 60), ("late", 22 * 60, 7 * 60))
    ]
    await town.append([ConfigurationSet(item=shift, author="test") for shift in shifts])
    keys = set()
    for _ in range(11):
        keys.add((await kari.get("/api/zone"))[1]["key"])
        town.now += 50 * SECOND
    (look,) = town.site.reads.find(Sought())
    assert (look.resident, str(look.what), len(keys)) == ("r-1", "zone", 1)


async def test_who_is_not_on_duty_gets_nothing_and_leaves_no_look(
    town: Town, someone: NewBrowser
) -> None:
    for who in ("lise", "odd"):
        browser = await someone().sign_in(who)
        status, body = await browser.get("/api/zone")
        assert (status, body["error"]) == (409, "not_on_duty")
    assert town.site.reads.find(Sought()) == []


async def test_a_shift_is_one_look_per_home_however_often_it_is_fetched(
    town: Town, kari: Browser
) -> None:
    day = Shift(
        id="all-day",
        team="day",
        people=("kari",),
        weekdays=(0, 1, 2, 3, 4, 5, 6),
        from_minute=7 * 60,
        to_minute=22 * 60,
    )
    await town.append([ConfigurationSet(item=day, author="test")])
    for _ in range(4):
        assert (await kari.get("/api/zone"))[0] == 200
        town.now += HOUR
    (look,) = town.site.reads.find(Sought())
    assert (look.resident, str(look.what), look.why) == ("r-1", "zone", "east")
    assert look.last_at - look.at == 3 * HOUR


async def test_the_key_is_of_this_session_and_this_shift(
    town: Town, kari: Browser, someone: NewBrowser
) -> None:
    first = (await kari.get("/api/zone"))[1]
    again = (await kari.get("/api/zone"))[1]
    other = await someone().sign_in("kari")
    elsewhere = (await other.get("/api/zone"))[1]
    town.now += 13 * HOUR
    later = (await kari.get("/api/zone"))[1]
    assert first["key"] == again["key"]
    assert len({first["key"], elsewhere["key"], later["key"]}) == 3


async def test_what_was_opened_without_a_connection_is_told_afterwards(
    town: Town, kari: Browser
) -> None:
    body = {"id": "opened-00000001", "code": "r-1", "alarm": "a-1", "ago_s": 1800}
    for _ in range(2):
        status, _ = await kari.post("/api/zone/opened", body)
        assert status == 204
    (look,) = town.site.reads.find(Sought())
    assert (str(look.what), look.resident, look.why, look.person) == (
        "stored",
        "r-1",
        "a-1",
        "kari",
    )
    assert town.now - look.at == 30 * MINUTE
    status, _ = await kari.post("/api/zone/opened", {**body, "code": "nobody"})
    assert status == 404


async def test_why_a_stored_home_was_opened_is_told_in_words(town: Town, kari: Browser) -> None:
    alarm = await town.press()
    for number, about in enumerate(({"alarm": alarm}, {"alarm": "long-gone"}, {})):
        body = {"id": f"opened-{number:08}", "code": "r-1", "ago_s": 0, **about}
        assert (await kari.post("/api/zone/opened", body))[0] == 204
    told = Told(catalogue("nb"), town.site.names, "fjordby", ZoneInfo("Europe/Oslo"))
    assert [row["why"] for row in rows(town.site.reads.find(Sought()), told)] == [
        f"Alarm: Alarmknapp trykket ({alarm})",
        "Alarm (long-gone)",
        "Åpnet fra listen over boliger i sonen",
    ]


async def test_a_look_that_could_not_be_told_for_a_month_is_told(kari: Browser) -> None:
    month_s = 30 * 24 * 3600
    body = {"id": "opened-00000001", "code": "r-1"}
    assert (await kari.post("/api/zone/opened", {**body, "ago_s": month_s}))[0] == 204
    assert (await kari.post("/api/zone/opened", {**body, "ago_s": month_s + 1}))[0] == 400
