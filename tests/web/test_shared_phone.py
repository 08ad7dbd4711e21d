"""A unit's shared phone: bound by a code, used by name and PIN, for the shift."""

import asyncio

import pytest
from msgspec.structs import replace

from hub.directory.entries import Happened
from hub.directory.port import DirectoryBroken
from hub.directory.subscriptions import Subscription
from hub.journal.port import Document
from hub.web.session import is_on_duty
from hub.web.sign_in import run_out
from hub.web.sign_in.run_out import end_run_out
from hub.web.site import Site
from routing.facts import ConfigurationSet
from routing.instant import HOUR, MINUTE
from routing.municipality import AnyItem, Person, Role, Team, Unit
from routing.proofs.command import ReachAction, ReachCommand
from tests.web.conftest import NewBrowser
from tests.web.locked import Phone as Locked
from tests.web.locked import lock
from tests.web.town import Browser, Town


async def bound(town: Town, browser: Browser) -> Browser:
    code = town.directory.codes.issue(town.now, unit="east")
    assert (await browser.post("/api/sign-in", {"code": code}))[0] == 204
    return browser


async def by_pin(browser: Browser, pin: str = "4711", person: str = "kari") -> tuple[int, object]:
    status, answer = await browser.post("/api/sign-in/pin", {"person": person, "pin": pin})
    return status, None if status == 204 else answer["error"]


@pytest.fixture
def town(town: Town) -> Town:
    town.directory.pins.set("kari", "4711", town.now)
    return town


async def test_name_and_pin_sign_in_on_a_bound_phone(town: Town, someone: NewBrowser) -> None:
    phone = await bound(town, someone())
    assert (await phone.get("/api/me"))[0] == 401
    assert await by_pin(phone) == (204, None)
    _, me = await phone.get("/api/me")
    assert (me["person"], me["shared"]) == ("kari", True)
    (handset,) = town.directory.phones.shared()
    assert (handset.id, handset.unit) == (me["handset"], "east")


async def test_the_next_one_takes_over_and_the_first_is_out(
    town: Town, someone: NewBrowser
) -> None:
    town.directory.pins.set("ola", "8265", town.now)
    phone = await bound(town, someone())
    await by_pin(phone)
    first = "; ".join(f"{one.key}={one.value}" for one in phone.http.cookie_jar)
    assert await by_pin(phone, "8265", "ola") == (204, None)
    assert (await phone.get("/api/me"))[1]["person"] == "ola"
    assert (await someone().get("/api/me", Cookie=first))[0] == 401


async def test_the_page_lists_the_units_people_and_nobody_else(
    town: Town, someone: NewBrowser
) -> None:
    west: list[AnyItem] = [
        Unit(id="west"),
        Team(id="evening", unit="west"),
        Person(id="vera", roles=(Role.STAFF,), teams=("evening",)),
        Person(id="eva", roles=(Role.RELATIVE,), teams=("day",)),
    ]
    cards = [Document("person", "vera", b'{"name": "Vera West"}')]
    await town.append([ConfigurationSet(item=item, author="test") for item in west], cards)
    phone = await bound(town, someone())
    _, page = await phone.get("/sign-in")
    assert "Kari Fjell" in page
    assert "Ola Strand" in page
    for other in ("Vera West", "vera", "Lise Vik", "lise", "eva", "ivar"):
        assert other not in page
    _, elsewhere = await someone().get("/sign-in")
    assert "Kari Fjell" not in elsewhere


async def test_a_pin_counts_nowhere_but_on_a_shared_phone(town: Town, someone: NewBrowser) -> None:
    assert await by_pin(someone()) == (403, "not_shared")
    own = await someone().sign_in("kari")
    assert await by_pin(own) == (403, "not_shared")
    phone = await bound(town, someone())
    (handset,) = town.directory.phones.shared()
    town.directory.revoke_handset(handset.id, town.now)
    assert await by_pin(phone) == (403, "not_shared")


async def test_wrong_pins_say_one_thing_whoever_is_named(town: Town, someone: NewBrowser) -> None:
    town.directory.pins.set("lise", "4711", town.now)
    phone = await bound(town, someone())
    answers = {
        str(await phone.post("/api/sign-in/pin", {"person": person, "pin": pin}))
        for person, pin in (("kari", "9999"), ("ola", "4711"), ("lise", "4711"), ("xx", "4711"))
    }
    assert len(answers) == 1
    assert "pin_wrong" in answers.pop()


async def test_five_wrong_pins_close_the_door_and_ten_are_told_to_the_lead(
    town: Town, someone: NewBrowser
) -> None:
    first, second = await bound(town, someone()), await bound(town, someone())
    for phone in (first, second):
        assert [await by_pin(phone, "9999") for _ in range(5)] == [(401, "pin_wrong")] * 5
        for _ in range(3):
            assert await by_pin(phone) == (429, "too_many_guesses")
    guessed = [one.what for one in town.directory.entries.of("kari")].count(Happened.PIN_GUESSED)
    assert guessed == 2  # once on each phone
    town.now += 15 * MINUTE
    assert await by_pin(first) == (401, "pin_wrong")
    lise = await someone().sign_in("lise")
    _, page = await lise.get("/phones")
    assert "Kari Fjell · PIN-koden sperret etter ti feil på rad" in page


async def test_a_session_on_a_shared_phone_ends_with_the_shift_but_not_while_owning(
    town: Town, someone: NewBrowser
) -> None:
    """Lise leads the unit but is not on the roster: signed in, she has an hour."""
    lead = Person(id="lise", roles=(Role.LEAD,), teams=("day",))
    await town.append([ConfigurationSet(item=lead, author="test")])
    town.directory.pins.set("lise", "8265", town.now)
    on_duty, off_duty = await bound(town, someone()), await bound(town, someone())
    await by_pin(on_duty)
    await by_pin(off_duty, "8265", "lise")
    alarm = await town.press()
    await off_duty.act(alarm, "accept")
    town.now += 2 * HOUR
    assert (await on_duty.get("/api/me"))[0] == 200
    assert (await off_duty.get("/api/me"))[0] == 200
    await off_duty.act(alarm, "close", outcome="no_need")
    assert (await off_duty.get("/api/me"))[0] == 200
    town.now += 10 * MINUTE
    assert (await off_duty.get("/api/me"))[0] == 401
    assert (await on_duty.get("/api/me"))[0] == 200


async def test_a_pin_makes_no_new_ways_in(town: Town, someone: NewBrowser) -> None:
    phone = await bound(town, someone())
    await by_pin(phone)
    for path, body in (
        ("/api/pin", {"pin": "8265"}),
        ("/api/passkeys/begin", {}),
        ("/api/people/kari/code", {}),
    ):
        status, answer = await phone.post(path, body)
        assert (status, answer["error"]) == (403, "not_by_pin")


async def test_a_code_typed_on_a_shared_phone_sets_a_pin_there(
    town: Town, someone: NewBrowser
) -> None:
    phone = await (await bound(town, someone())).sign_in("ola")
    assert (await phone.get("/api/me"))[1]["shared"] is True
    status, answer = await phone.post("/api/pin", {"pin": "1234"})
    assert (status, answer["error"]) == (400, "pin_weak")
    assert (await phone.post("/api/pin", {"pin": "8265"}))[0] == 200
    await phone.post("/api/sign-out", {})
    assert await by_pin(phone, "8265", "ola") == (204, None)


async def test_only_leads_and_it_bind_phones_and_only_to_units_there_are(
    town: Town, someone: NewBrowser
) -> None:
    lise = await someone().sign_in("lise")
    status, made = await lise.post("/api/units/east/code", {})
    assert status == 200
    phone = someone()
    assert (await phone.post("/api/sign-in", {"code": made["code"]}))[0] == 204
    assert await by_pin(phone) == (204, None)
    assert (await lise.post("/api/units/nowhere/code", {}))[0] == 404
    for who in ("kari", "odd", "rune"):
        assert (await (await someone().sign_in(who)).post("/api/units/east/code", {}))[0] == 403


def subscribe(town: Town, handset: str, person: str) -> None:
    town.site.subscriptions.put(
        Subscription(
            handset=handset,
            person=person,
            endpoint="https://push.example/1",
            p256dh=b"p",
            auth=b"a",
            vapid="v",
            made_at=town.now,
        )
    )


async def with_push(town: Town, person: str) -> None:
    item = replace(town.state.registry.people[person], channels=("push-1",))
    await town.append([ConfigurationSet(item=item, author="test")])


def losses(town: Town) -> list[tuple[str, str | None]]:
    return [
        (said.person, said.code)
        for _, said in town.heard
        if isinstance(said, ReachCommand) and said.action is ReachAction.LOST
    ]


async def test_who_takes_a_shared_phone_over_gets_nothing_of_the_one_before(
    town: Town, someone: NewBrowser
) -> None:
    """Nor the right to accept in their name."""
    town.directory.pins.set("ola", "8265", town.now)
    await with_push(town, "kari")
    phone = await bound(town, someone())
    await by_pin(phone)
    (handset,) = town.directory.phones.shared()
    subscribe(town, handset.id, "kari")
    await by_pin(phone)
    assert len(town.site.subscriptions.live("kari")) == 1
    await by_pin(phone, "8265", "ola")
    assert town.site.subscriptions.live("kari") == []
    assert losses(town) == [("kari", "handset-changed")]


async def test_a_phone_that_becomes_anothers_or_a_units_is_pushed_to_for_nobody(
    town: Town, someone: NewBrowser
) -> None:
    await with_push(town, "kari")
    for then in ("ola", "unit"):
        phone = await someone().sign_in("kari")
        subscribe(town, (await phone.get("/api/me"))[1]["handset"], "kari")
        await (bound(town, phone) if then == "unit" else phone.sign_in("ola"))
        assert town.site.subscriptions.live("kari") == []
    assert losses(town) == [("kari", "handset-changed")] * 2


async def lead_on_a_shared_phone(town: Town, phone: Browser) -> Locked:
    """Lise leads the unit but is not on the roster: signed in, she has an hour."""
    lead = Person(id="lise", roles=(Role.LEAD,), teams=("day",), channels=("push-1",))
    await town.append([ConfigurationSet(item=lead, author="test")])
    town.directory.pins.set("lise", "8265", town.now)
    assert await by_pin(await bound(town, phone), "8265", "lise") == (204, None)
    return await lock(town, phone)


async def test_a_session_that_runs_out_is_pushed_to_no_more(
    town: Town, someone: NewBrowser
) -> None:
    """A colleague may hold the phone by then, without having signed in."""
    phone = await lead_on_a_shared_phone(town, someone())
    town.now += 59 * MINUTE
    await end_run_out(town.site)
    assert [one.handset for one in town.site.subscriptions.live("lise")] == [phone.handset]
    town.now += 2 * MINUTE
    await end_run_out(town.site)
    assert town.site.subscriptions.live("lise") == []
    assert losses(town) == [("lise", "session-over")]
    await end_run_out(town.site)
    assert losses(town) == [("lise", "session-over")]


async def test_nobody_answers_from_a_shared_phone_whose_session_is_over(
    town: Town, someone: NewBrowser
) -> None:
    phone = await lead_on_a_shared_phone(town, someone())
    alarm = await town.press()
    right = phone.sealed("accept", f"{alarm}:r1.s0:lise:push-1")
    town.now += 61 * MINUTE
    await end_run_out(town.site)
    assert (await phone.use(phone.sealed("accept", f"{alarm}:r1.s0:lise:push-1")))[0] == 403
    assert (await phone.use(right))[0] == 403
    assert town.state.alarms[alarm].owner is None


async def test_no_session_on_a_shared_phone_runs_out_on_duty_or_while_owning(
    town: Town, someone: NewBrowser
) -> None:
    await with_push(town, "kari")
    on_duty, owning = await bound(town, someone()), await bound(town, someone())
    await by_pin(on_duty)
    _, me = await on_duty.get("/api/me")
    subscribe(town, me["handset"], "kari")
    lead = Person(id="lise", roles=(Role.LEAD,), teams=("day",))
    await town.append([ConfigurationSet(item=lead, author="test")])
    town.directory.pins.set("lise", "8265", town.now)
    assert await by_pin(owning, "8265", "lise") == (204, None)
    alarm = await town.press()
    assert (await owning.act(alarm, "accept"))[0] == 200
    town.now += 20 * HOUR
    await end_run_out(town.site)
    assert [one.handset for one in town.site.subscriptions.live("kari")] == [me["handset"]]
    for phone in (on_duty, owning):
        assert (await phone.get("/api/me"))[0] == 200
    assert losses(town) == []


async def test_a_session_that_has_run_out_does_not_come_back_with_the_next_shift(
    town: Town, someone: NewBrowser
) -> None:
    phone = await bound(town, someone())
    lead = Person(id="lise", roles=(Role.LEAD,), teams=("day",))
    await town.append([ConfigurationSet(item=lead, author="test")])
    town.directory.pins.set("lise", "8265", town.now)
    assert await by_pin(phone, "8265", "lise") == (204, None)
    town.now += 61 * MINUTE
    await end_run_out(town.site)
    shift = replace(town.state.registry.shifts["all-day"], people=("lise",))
    await town.append([ConfigurationSet(item=shift, author="test")])
    while town.live.cursor < town.state.seq:
        await town.live.news(town.live.cursor, timeout_s=60)
    assert is_on_duty(town.site, "lise", town.now)
    assert (await phone.get("/api/me"))[0] == 401


async def test_signing_out_on_a_shared_phone_is_told_to_the_core(
    town: Town, someone: NewBrowser
) -> None:
    await with_push(town, "kari")
    phone = await bound(town, someone())
    await by_pin(phone)
    subscribe(town, (await phone.get("/api/me"))[1]["handset"], "kari")
    assert (await phone.post("/api/sign-out", {}))[0] == 204
    assert town.site.subscriptions.live("kari") == []
    assert losses(town) == [("kari", "unsubscribed")]


async def test_a_directory_that_cannot_be_used_for_a_while_ends_no_process(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks, looked_again = 0, asyncio.Event()

    async def broken_at_first(_: Site) -> None:
        nonlocal looks
        looks += 1
        if looks == 1:
            raise DirectoryBroken("directory.sqlite cannot be used")
        looked_again.set()

    monkeypatch.setattr(run_out, "end_run_out", broken_at_first)
    monkeypatch.setattr(run_out, "AGAIN_S", 0)
    running = asyncio.create_task(run_out.run(town.site))
    async with asyncio.timeout(60):
        await looked_again.wait()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
