"""Somebody is taken out of the municipality file while signed in, with an open alarm: all that they
had ends at once and for good, and the alarm goes to others."""

import asyncio

import pytest

from hub.directory.pins import PinWrong
from hub.directory.port import Means
from hub.directory.subscriptions import Subscription
from routing.facts import ConfigurationRemoved, ConfigurationSet
from routing.inputs import Configure, TimeReached
from routing.instant import MINUTE
from routing.lifecycle import Action, Phase
from tests.web.conftest import NewBrowser
from tests.web.locked import Phone, phase
from tests.web.town import Browser, Town

KEYS = {"p256dh": b"p", "auth": b"a", "vapid": "v"}


async def removed(town: Town, person: str) -> None:
    """Take the person out; the web has read it when this returns."""
    gone = ConfigurationRemoved(section="person", id=person, author="test")
    await town.take(Configure(changes=(gone,)))
    await caught_up(town)


async def back(town: Town, item: object) -> None:
    """Put the person into the file again, under the same id."""
    await town.append([ConfigurationSet(item=item, author="test")])  # type: ignore[arg-type]
    await caught_up(town)


async def caught_up(town: Town) -> None:
    while town.live.cursor < town.state.seq:
        await town.live.news(town.live.cursor, timeout_s=60)


@pytest.fixture
async def handset(town: Town, kari: Browser, pushed: None) -> str:
    """Kari's phone, which is pushed to."""
    id = str((await kari.get("/api/me"))[1]["handset"])
    endpoint = "https://push.example/1"
    one = Subscription(handset=id, person="kari", endpoint=endpoint, made_at=town.now, **KEYS)  # type: ignore[arg-type]
    town.site.subscriptions.put(one)
    return id


async def test_the_session_and_the_stream_end_and_the_alarm_goes_to_others(
    town: Town, kari: Browser, handset: str
) -> None:
    alarm = await town.press()
    assert (await kari.act(alarm, "accept"))[0] == 200
    async with kari.http.get("/api/stream") as stream:
        assert stream.status == 200
        await removed(town, "kari")
        async with asyncio.timeout(60):
            while not stream.content.at_eof():
                await stream.content.read(1000)
    assert phase(town, alarm) == (Phase.LOOKING, None)
    owed = {one.page.person for one in town.state.owed.values() if one.alarm == alarm}
    assert owed == {"ola"}
    assert (await kari.get("/api/me"))[0] == 401
    assert (await kari.post(f"/api/alarms/{alarm}/entry", {"id": "x"}))[0] == 401


async def test_nothing_is_pushed_and_no_right_on_the_locked_phone_is_worth_anything(
    town: Town, phone: Phone
) -> None:
    alarm = await town.press()
    rights = [phone.sealed(use, phone.page()) for use in ("accept", "refuse", "seen")]
    await removed(town, "kari")
    assert town.site.subscriptions.live("kari") == []
    assert town.site.subscriptions.of(phone.handset) is None
    for right in rights:
        assert (await phone.use(right))[0] == 403
    assert town.heard == []
    assert town.state.alarms[alarm].owner is None


async def test_nobody_calls_them_again_by_whatever_channel_comes_next(
    town: Town, phone: Phone, olas: Phone
) -> None:
    """Without a receipt from the phone an SMS would have gone out to each."""
    alarm = await town.press()
    await removed(town, "kari")
    before = town.state.seq
    for _ in range(20):
        town.now += MINUTE
        await town.take(TimeReached())
    called = {
        (page.person, page.channel)
        for record in town.live.journal.read(before, 10_000)
        for page in getattr(record.fact, "pages", ())
    }
    assert ("ola", "sms-1") in called
    assert {person for person, _ in called} == {"ola", "lise"}
    assert town.state.alarms[alarm].phase is Phase.LOOKING


async def test_no_way_in_is_left_also_under_the_same_id_again(
    town: Town, kari: Browser, handset: str, someone: NewBrowser
) -> None:
    directory, person = town.directory, town.state.registry.people["kari"]
    code, link = directory.issue_code("kari", town.now), directory.links.issue("kari", town.now)
    directory.pins.set("kari", "4711", town.now)
    directory.passkeys.add(
        "kari", b"credential", b"key", 0, name="x", handset=handset, at=town.now, synced=False
    )
    shared, _ = directory.phones.bind("east", None, "Bil 3", town.now)
    token = directory.sessions.begin("kari", shared.id, Means.PIN, town.now, unit="east")
    await removed(town, "kari")
    town.now += 1
    await back(town, person)
    assert (await kari.get("/api/me"))[0] == 401
    assert directory.sessions.of(token, town.now, lambda who: True) is None
    assert (await someone().post("/api/sign-in", {"code": code}))[0] == 401
    assert (await someone().post("/api/recover", {"token": link}))[0] == 401
    assert directory.passkeys.of("kari") == []
    assert directory.handsets("kari") == []
    assert town.site.subscriptions.live("kari") == []
    with pytest.raises(PinWrong):
        directory.pins.check("kari", "4711", shared.id, town.now, may=True)
    assert (await (await someone().sign_in("kari")).get("/api/me"))[0] == 200


async def test_what_they_had_sent_before_is_refused_when_it_comes_late(
    town: Town, kari: Browser, handset: str
) -> None:
    """It was on its way to the router when they were taken out."""
    alarm, town.deaf = await town.press(), True
    assert (await kari.act(alarm, "accept"))[0] == 202
    _, late = town.heard[-1]
    assert getattr(late, "action", None) is Action.ACCEPT
    await removed(town, "kari")
    await town.take(late)
    assert phase(town, alarm) == (Phase.LOOKING, None)
