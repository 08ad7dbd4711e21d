"""The API by which a browser lets itself be pushed to."""

from typing import Any

import pytest

from routing.facts import ConfigurationSet
from routing.municipality import Person, Role
from routing.proofs.command import ReachAction, ReachCommand
from tests.notifier.browser import Browser as Keys
from tests.web.conftest import NewBrowser
from tests.web.town import Browser, Town

PUBLIC = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
"""Of the pair in RFC 8291, 5."""
ENDPOINT = "https://push.example.org/kari"


def body(endpoint: str = ENDPOINT, **more: object) -> dict[str, Any]:
    return {"endpoint": endpoint, "keys": Keys().keys, **more}


@pytest.fixture(autouse=True)
async def channels(town: Town) -> None:
    """Kari, Ola and a relative are pushed to; nobody else is."""
    for id, roles in (("kari", Role.STAFF), ("ola", Role.STAFF), ("rune", Role.RELATIVE)):
        teams = ("day",) if roles is Role.STAFF else ()
        person = Person(id=id, roles=(roles,), teams=teams, channels=("push-1", "sms-1"))
        await town.append([ConfigurationSet(item=person, author="test")])


def told(town: Town) -> list[tuple[str, str, str | None, str | None]]:
    """Return what the router was told of people's channels."""
    found = (command for _, command in town.heard if isinstance(command, ReachCommand))
    return [(one.person, one.action, one.channel, one.code) for one in found]


async def test_the_key_is_the_public_one(kari: Browser) -> None:
    status, said = await kari.get("/api/push/key")
    assert status == 200
    assert said == {"key": PUBLIC}


async def test_a_subscription_is_kept_and_told(town: Town, kari: Browser) -> None:
    assert await kari.get("/api/push/subscription") == (
        200,
        {"known": False, "last_receipt_at": None},
    )
    assert await kari.post("/api/push/subscription", body()) == (200, {"state": "done"})
    (kept,) = town.site.subscriptions.live("kari")
    assert (kept.endpoint, kept.person) == (ENDPOINT, "kari")
    assert told(town) == [("kari", ReachAction.SUBSCRIBED, "push-1", None)]
    _, said = await kari.get("/api/push/subscription")
    assert said == {"known": True, "last_receipt_at": None}


async def test_the_same_again_changes_and_tells_nothing(town: Town, kari: Browser) -> None:
    one = body()
    await kari.post("/api/push/subscription", one)
    assert (await kari.post("/api/push/subscription", one))[0] == 200
    assert len(told(town)) == 1


async def test_subscribing_anew_replaces(town: Town, kari: Browser) -> None:
    await kari.post("/api/push/subscription", body())
    await kari.post("/api/push/subscription", body("https://push.example.org/new"))
    assert [one.endpoint for one in town.site.subscriptions.live("kari")] == [
        "https://push.example.org/new"
    ]
    assert len(told(town)) == 2


async def test_two_phones_of_one_person(town: Town, kari: Browser, someone: NewBrowser) -> None:
    other = await someone().sign_in("kari")
    await kari.post("/api/push/subscription", body())
    await other.post("/api/push/subscription", body("https://push.example.org/other"))
    assert len(town.site.subscriptions.live("kari")) == 2
    await other.post("/api/push/unsubscribe", {})
    assert len(town.site.subscriptions.live("kari")) == 1
    assert [action for _, action, _, _ in told(town)] == ["subscribed", "subscribed"]


async def test_the_last_one_that_leaves_is_told(town: Town, kari: Browser) -> None:
    await kari.post("/api/push/subscription", body())
    assert await kari.post("/api/push/unsubscribe", {}) == (200, {"state": "done"})
    assert told(town)[-1] == ("kari", ReachAction.LOST, "push-1", "unsubscribed")
    assert town.state.proofs.of("kari", "push-1").failed_at == town.now
    assert (await kari.post("/api/push/unsubscribe", {}))[0] == 200
    assert len(told(town)) == 2
    await kari.post("/api/push/subscription", body())
    assert town.state.proofs.of("kari", "push-1").failed_at is None


async def test_a_browser_that_goes_on_with_another_leaves_the_former(
    town: Town, kari: Browser, ola: Browser
) -> None:
    await kari.post("/api/push/subscription", body())
    await ola.post("/api/push/subscription", body())
    assert town.site.subscriptions.live("kari") == []
    assert told(town)[1:] == [
        ("kari", ReachAction.LOST, "push-1", "handset-changed"),
        ("ola", ReachAction.SUBSCRIBED, "push-1", None),
    ]


async def test_a_relative_may_and_somebody_without_the_channel_too(
    town: Town, someone: NewBrowser
) -> None:
    rune = await someone().sign_in("rune")
    assert (await rune.post("/api/push/subscription", body()))[0] == 200
    lise = await someone().sign_in("lise")
    assert (await lise.post("/api/push/subscription", body("https://push.example.org/l")))[0] == 200
    assert [person for person, *_ in told(town)] == ["rune"]
    assert len(town.site.subscriptions.live("lise")) == 1


async def test_without_a_router_it_is_kept_and_not_confirmed(town: Town, kari: Browser) -> None:
    town.deaf = True
    status, said = await kari.post("/api/push/subscription", body())
    assert (status, said["state"]) == (202, "not_confirmed")
    assert len(town.site.subscriptions.live("kari")) == 1


async def test_what_was_lost_and_not_told_to_be_back_is_told_by_the_next_try(
    town: Town, kari: Browser
) -> None:
    one = body()
    await kari.post("/api/push/subscription", one)
    await kari.post("/api/push/unsubscribe", {})
    town.connected = False
    assert (await kari.post("/api/push/subscription", one))[0] == 202
    assert town.state.proofs.of("kari", "push-1").code == "unsubscribed"
    town.connected = True
    assert (await kari.post("/api/push/subscription", one))[0] == 200
    assert town.state.proofs.of("kari", "push-1").code is None


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"endpoint": "http://push.example.org/x"}, "push_endpoint"),
        ({"endpoint": "https://10.0.0.1/x"}, "push_endpoint"),
        ({"endpoint": "https://localhost/x"}, "push_endpoint"),
        ({"endpoint": ""}, "invalid_request"),
        ({"endpoint": "https://p.example/" + "x" * 2_000}, "invalid_request"),
        ({"keys": {"p256dh": "AAAA", "auth": Keys().keys["auth"]}}, "push_keys"),
        ({"keys": {"p256dh": Keys().keys["p256dh"], "auth": "AAAA"}}, "push_keys"),
        ({"keys": {"p256dh": "$$$$", "auth": "AAAA"}}, "push_keys"),
        ({"keys": {"p256dh": "A" * 87, "auth": Keys().keys["auth"]}}, "push_keys"),
        ({"keys": {"p256dh": Keys().keys["p256dh"]}}, "invalid_request"),
        ({"keys": None}, "invalid_request"),
        ({"person": "ola"}, "invalid_request"),
    ],
)
async def test_what_cannot_be_pushed_to_is_refused(
    town: Town, kari: Browser, change: dict[str, object], error: str
) -> None:
    status, said = await kari.post("/api/push/subscription", {**body(), **change})
    assert (status, said["error"]) == (400, error)
    assert town.site.subscriptions.live("kari") == []
    assert told(town) == []


async def test_a_key_that_is_ours_no_more_is_noticed(town: Town, kari: Browser) -> None:
    status, said = await kari.post("/api/push/subscription", body(key=Keys().keys["p256dh"]))
    assert (status, said["error"]) == (409, "push_key_changed")
    _, key = await kari.get("/api/push/key")
    assert (await kari.post("/api/push/subscription", body(**key)))[0] == 200


@pytest.mark.parametrize("path", ["subscription", "unsubscribe"])
async def test_strangers_and_foreign_pages_may_not(
    someone: NewBrowser, kari: Browser, path: str
) -> None:
    sent = body() if path == "subscription" else {}
    assert (await someone().post(f"/api/push/{path}", sent))[0] == 401
    status, _ = await kari.post(f"/api/push/{path}", sent, headers={})
    assert status == 403
    foreign = {"X-Varde": "1", "Origin": "https://evil.example"}
    assert (await kari.post(f"/api/push/{path}", sent, headers=foreign))[0] == 403
