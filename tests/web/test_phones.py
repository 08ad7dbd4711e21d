"""Phones: a lost one is out at once, what its person owned goes to others, and who may do that."""

import asyncio
import re

import pytest

from hub.directory.port import Means
from hub.directory.subscriptions import Subscription
from routing.instant import HOUR, MINUTE
from routing.lifecycle import Phase
from routing.proofs.command import ReachAction, ReachCommand
from tests.web.conftest import NewBrowser
from tests.web.town import Browser, Town

END = {"id": "an-end-of-a-phone"}


async def handset_of(browser: Browser) -> str:
    return str((await browser.get("/api/me"))[1]["handset"])


def lost(town: Town) -> list[tuple[str, str | None]]:
    """Return (by, of) of each lost phone that the core has been told."""
    return [
        (said.person, said.of)
        for _, said in town.heard
        if isinstance(said, ReachCommand) and said.action is ReachAction.PHONE_LOST
    ]


def subscribe(town: Town, handset: str) -> None:
    """Let Kari's phone be pushed to."""
    town.site.subscriptions.put(
        Subscription(
            handset=handset,
            person="kari",
            endpoint="https://push.example/1",
            p256dh=b"p",
            auth=b"a",
            vapid="v",
            made_at=town.now,
        )
    )


async def test_a_lead_ends_a_lost_phone_and_its_alarm_goes_to_others(
    town: Town, kari: Browser, someone: NewBrowser
) -> None:
    lise = await someone().sign_in("lise")
    alarm = await town.press()
    await kari.act(alarm, "accept")
    async with kari.http.get("/api/stream") as stream:
        handset = await handset_of(kari)
        assert await lise.post(f"/api/phones/{handset}/revoke", END) == (200, {"state": "done"})
        async with asyncio.timeout(30):
            while not stream.content.at_eof():
                await stream.content.read(1000)
    assert (await kari.get("/api/me"))[0] == 401
    assert town.state.alarms[alarm].phase is Phase.LOOKING
    assert town.state.alarms[alarm].owner is None
    assert lost(town) == [("lise", "kari")]


async def test_asked_again_with_the_same_id_it_is_done_once(
    town: Town, kari: Browser, someone: NewBrowser
) -> None:
    lise, handset = await someone().sign_in("lise"), await handset_of(kari)
    town.deaf = True
    assert (await lise.post(f"/api/phones/{handset}/revoke", END))[0] == 202
    assert (await kari.get("/api/me"))[0] == 401
    town.deaf = False
    for _ in range(2):
        assert (await lise.post(f"/api/phones/{handset}/revoke", END))[0] == 200
    ended = [one for one in town.directory.entries.of("kari") if one.what == "phone_revoked"]
    assert len(ended) == 1
    assert len({said.id for _, said in town.heard}) == 1


async def test_without_a_broker_the_phone_is_out_all_the_same(
    town: Town, kari: Browser, someone: NewBrowser
) -> None:
    lise, handset = await someone().sign_in("lise"), await handset_of(kari)
    town.connected = False
    status, answer = await lise.post(f"/api/phones/{handset}/revoke", END)
    assert (status, answer["state"]) == (202, "not_confirmed")
    assert (await kari.get("/api/me"))[0] == 401


async def test_who_lost_a_phone_ends_it_from_another(
    town: Town, kari: Browser, someone: NewBrowser
) -> None:
    other = await someone().sign_in("kari")
    handset = await handset_of(other)
    assert (await kari.post(f"/api/phones/{handset}/revoke", END))[0] == 200
    assert (await other.get("/api/me"))[0] == 401
    assert (await kari.get("/api/me"))[0] == 200
    assert lost(town) == [("kari", "kari")]


async def test_who_has_only_changed_phones_keeps_what_they_own(
    town: Town, kari: Browser, someone: NewBrowser
) -> None:
    other = await someone().sign_in("kari")
    alarm = await town.press()
    await kari.act(alarm, "accept")
    body = {**END, "kept": True}
    assert (await kari.post(f"/api/phones/{await handset_of(other)}/revoke", body))[0] == 200
    assert (await other.get("/api/me"))[0] == 401
    assert town.state.alarms[alarm].owner == "kari"
    assert lost(town) == []


async def test_nobody_keeps_anothers_alarms_or_the_phone_in_the_hand(
    town: Town, kari: Browser, someone: NewBrowser
) -> None:
    lise = await someone().sign_in("lise")
    body = {**END, "kept": True}
    assert (await lise.post(f"/api/phones/{await handset_of(kari)}/revoke", body))[0] == 200
    assert (await lise.post(f"/api/phones/{await handset_of(lise)}/revoke", body))[0] in {200, 409}
    assert {of for _, of in lost(town)} == {"kari", "lise"}


async def test_a_shared_phone_that_is_lost_gives_on_what_its_user_owns(
    town: Town, someone: NewBrowser
) -> None:
    handset, _ = town.directory.phones.bind("east", None, "Bil 3", town.now)
    town.directory.sessions.begin("ola", handset.id, Means.PIN, town.now, unit="east")
    lise = await someone().sign_in("lise")
    assert (await lise.post(f"/api/phones/{handset.id}/revoke", END))[0] == 200
    assert town.directory.phones.shared() == []
    assert lost(town) == [("lise", "ola")]


async def test_all_phones_of_a_person_end_together(
    town: Town, kari: Browser, someone: NewBrowser
) -> None:
    other, ivar = await someone().sign_in("kari"), await someone().sign_in("ivar")
    unused, link = (
        town.directory.issue_code("kari", town.now),
        town.directory.links.issue("kari", town.now),
    )
    assert (await ivar.post("/api/people/kari/phones/revoke", END))[0] == 200
    for gone in (kari, other):
        assert (await gone.get("/api/me"))[0] == 401
    assert (await someone().post("/api/sign-in", {"code": unused}))[0] == 401
    assert (await someone().post("/api/recover", {"token": link}))[0] == 401
    assert town.directory.handsets("kari") == []


async def test_all_phones_of_a_person_end_where_they_are_shared_too(
    town: Town, someone: NewBrowser
) -> None:
    """Nothing is pushed to a shared phone in the name of somebody whose phones have all ended, and
    nobody answers from its locked screen in that name."""
    handset, _ = town.directory.phones.bind("east", None, "Bil 3", town.now)
    town.directory.sessions.begin("kari", handset.id, Means.PIN, town.now, unit="east")
    subscribe(town, handset.id)
    lise = await someone().sign_in("lise")
    assert (await lise.post("/api/people/kari/phones/revoke", END))[0] == 200
    assert town.site.subscriptions.live("kari") == []
    assert [one.id for one in town.directory.phones.shared()] == [handset.id]


async def test_who_comes_back_under_an_id_is_pushed_to_nowhere(town: Town) -> None:
    handset, _ = town.directory.phones.bind("east", None, "Bil 3", town.now)
    subscribe(town, handset.id)
    town.directory.forget("kari", town.now)
    assert town.site.subscriptions.live("kari") == []


@pytest.mark.parametrize("who", ["ola", "odd", "rune", "vekter"])
async def test_nobody_else_ends_or_sees_another_persons_phones(
    town: Town, kari: Browser, someone: NewBrowser, who: str
) -> None:
    other, handset = await someone().sign_in(who), await handset_of(kari)
    assert (await other.post(f"/api/phones/{handset}/revoke", END))[0] == 404
    assert (await other.post(f"/api/phones/{handset}/name", {"name": "Min"}))[0] == 404
    assert (await other.post("/api/people/kari/phones/revoke", END))[0] == 403
    assert (await other.get("/people/kari/phones"))[0] in {303, 403}
    assert (await kari.get("/api/me"))[0] == 200
    assert lost(town) == []


async def test_the_page_shows_ones_own_and_names_are_given(town: Town, kari: Browser) -> None:
    handset = await handset_of(kari)
    assert (await kari.post(f"/api/phones/{handset}/name", {"name": "  Den blå  "}))[0] == 200
    _, page = await kari.get("/phones")
    assert "Den blå" in page
    assert "Denne telefonen" in page
    assert "Telefonene til andre" not in page


async def test_leads_and_it_see_others(town: Town, kari: Browser, someone: NewBrowser) -> None:
    handset = await handset_of(kari)
    for who in ("lise", "ivar"):
        manager = await someone().sign_in(who)
        _, page = await manager.get("/phones")
        assert 'href="/people/kari/phones"' in page
        _, theirs = await manager.get("/people/kari/phones")
        assert f"/api/phones/{handset}/revoke" in theirs
        assert (await manager.get("/people/nobody/phones"))[0] == 404


async def test_a_lead_sees_what_was_read_on_a_lost_phone(
    town: Town, kari: Browser, someone: NewBrowser
) -> None:
    alarm, handset = await town.press(), await handset_of(kari)
    await kari.get(f"/api/alarms/{alarm}")
    lise = await someone().sign_in("lise")
    await lise.post(f"/api/phones/{handset}/revoke", END)
    _, phones = await lise.get("/people/kari/phones")
    assert f"/phones/{handset}/reads" in phones
    status, page = await lise.get(f"/phones/{handset}/reads")
    assert status == 200
    assert "Olga Eksempel" in page
    assert "Kari Fjell" in page
    assert (await lise.get(f"/phones/{handset}/reads?days=5"))[0] == 404
    town.now += 30 * HOUR
    await lise.sign_in("lise")
    _, later = await lise.get(f"/phones/{handset}/reads")
    assert "Olga Eksempel" in later  # counted from the phone's end
    own = await handset_of(lise)
    _, nothing = await lise.get(f"/phones/{own}/reads")
    assert "Olga Eksempel" not in nothing


async def test_signing_out_ends_what_is_pushed_to_the_phone(town: Town, kari: Browser) -> None:
    handset = await handset_of(kari)
    subscribe(town, handset)
    assert [one.handset for one in town.site.subscriptions.live("kari")] == [handset]
    assert (await kari.post("/api/sign-out", {}))[0] == 204
    assert town.site.subscriptions.live("kari") == []


async def test_a_revoked_phone_is_pushed_to_no_more(
    town: Town, kari: Browser, someone: NewBrowser
) -> None:
    handset = await handset_of(kari)
    subscribe(town, handset)
    lise = await someone().sign_in("lise")
    assert (await lise.post(f"/api/phones/{handset}/revoke", END))[0] == 200
    assert town.site.subscriptions.live("kari") == []


async def test_when_a_phone_was_used_last_is_told_to_the_minute(town: Town, kari: Browser) -> None:
    """It is what a lost one is known by: 13:00 in Oslo, and nine minutes on."""
    lines = []
    for _ in range(2):
        _, page = await kari.get("/phones")
        lines += re.findall(r"sist brukt ([^<]*)", page)
        town.now += 9 * MINUTE
    assert lines == ["23.11. 13:00", "23.11. 13:09"]
