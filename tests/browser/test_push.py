"""A press rings on a locked phone and is accepted there: the hub's own encryption, a push service
that keeps what it gets, the browser's real worker, its receipt and its answer."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from itertools import repeat
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from playwright.async_api import Page

from hub.notifier.channel import Attempt, Result, Send
from hub.notifier.notifier import Notifier
from hub.notifier.push import Push
from hub.notifier.push_post import Poster, Sender
from hub.notifier.push_vapid import Vapid
from routing.facts import SendEnded
from routing.lifecycle import Phase
from routing.owed import about, owed
from routing.proofs.command import ReachAction, ReachCommand
from routing.state import Owed
from tests.browser.conftest import PATIENCE_S, OpenPage, WallTown
from tests.browser.pushes import KEYS, SUBSCRIBES, Pushed, kept, with_push
from tests.notifier.browser import Browser as Keys
from tests.notifier.push_stub import Got, PushService, push_service
from tests.web.town import RIGHTS_KEY, VAPID

pytestmark = pytest.mark.browser
SUBSCRIBE = "import('/static/js/push.js').then((push) => push.subscribe())"


class Sms:
    """The channel after push: takes what comes."""

    def __init__(self) -> None:
        self.sent: list[str] = []

    async def attempt(self, send: Send) -> Attempt:
        self.sent.append(send.owed.page.person)
        return Attempt(Result.TAKEN, "http-200")


@dataclass
class Rig:
    """The town's notifier, a push service, and the keys of one phone."""

    town: WallTown
    service: PushService
    notifier: Notifier
    sms: Sms
    keys: Keys = field(default_factory=Keys)

    def call(self) -> None:
        """Let the notifier do what is owed now, as the router does after every commit."""
        state = self.town.state
        for id in {one.alarm for one in owed(state)} | {*state.alarms}:
            self.notifier.settle(id, owed(state, (id,)))

    async def next_push(self, number: int) -> Got:
        """Wait for so many messages; return the last one."""
        async with asyncio.timeout(PATIENCE_S):
            while len(self.service.got) < number:
                self.service.news.clear()
                await self.service.news.wait()
        return self.service.got[number - 1]

    async def until(self, come: Any) -> None:
        """Do what comes to be owed, as the router does, until something is true of the town."""
        async with asyncio.timeout(PATIENCE_S):
            for pause_s in repeat(0.02):
                self.call()
                if come():
                    return
                await asyncio.sleep(pause_s)


@pytest_asyncio.fixture(loop_scope="session")
async def rig(town: WallTown) -> AsyncIterator[Rig]:
    ending: set[asyncio.Future[Any]] = set()

    def ended(one: SendEnded) -> None:
        ending.add(asyncio.ensure_future(town.take(one)))

    def lost(person: str, channel: str, code: str) -> None:
        told = ReachCommand(
            id=f"lost-{person}",
            person=person,
            action=ReachAction.LOST,
            made_at=town.now,
            channel=channel,
            code=code,
        )
        ending.add(asyncio.ensure_future(town.take(told)))

    def describe(one: Owed) -> Send | None:
        found = about(town.state, one.alarm)
        return None if found is None else Send(one, found, {}, "nb", "Øst")

    async with push_service() as service, aiohttp.ClientSession() as http:
        sender = Sender(
            vapid=Vapid(VAPID, "mailto:it@fjordby.example", lambda: town.now),
            rights_key=RIGHTS_KEY,
            public_url="",
            now=lambda: town.now,
            loopback=True,
        )
        push = Push(
            Poster(http, sender),
            lambda: town.site.subscriptions,
            lambda: town.now,
            lost=lost,
            tell_it=lambda origin, code: None,
        )
        sms = Sms()
        notifier = Notifier({"push": push, "sms": sms}, describe, ended, lambda: 0.5)
        yield Rig(town, service, notifier, sms)
        await notifier.close()
        await asyncio.gather(*ending)


async def subscribed(rig: Rig, phone: OpenPage, person: str = "kari") -> Pushed:
    """Open a phone that has subscribed at the push service with keys of its own."""
    await with_push(rig.town, person, "sms-1")
    page: Page = await phone(person, permissions=["notifications"])
    plays = SUBSCRIBES.replace(json.dumps(KEYS), json.dumps(rig.keys.keys)).replace(
        "http://127.0.0.1:9/push/played", rig.service.endpoint(person)
    )
    await page.context.add_init_script(plays)
    await page.reload()
    pushed = await Pushed.of(rig.town, page)
    assert await page.evaluate(SUBSCRIBE) is True
    await kept(page, person)
    return pushed


async def ring(rig: Rig, phone: Pushed, number: int = 1) -> dict[str, Any]:
    """Carry a message from the push service to the phone's worker; return what it said."""
    got = await rig.next_push(number)
    text = rig.keys.decrypt(got.body)
    await phone.send(text.decode())
    await phone.until("(await onScreen()).length > 0")
    read: dict[str, Any] = json.loads(text)
    return read


async def test_from_the_press_to_accepted_on_a_locked_phone(rig: Rig, phone: OpenPage) -> None:
    kari = await subscribed(rig, phone)
    alarm = await rig.town.press()
    rig.call()
    said = await ring(rig, kari)
    send = said["varde"]["send"]
    await rig.until(lambda: send not in rig.town.state.owed)
    assert [(one.send, one.code) for one in rig.town.receipts] == [(send, "receipt")]
    (shown,) = await kari.shown()
    assert shown["title"] == "Alarmknapp trykket"
    assert shown["actions"] == ["accept", "refuse"]
    assert "Olga" not in json.dumps(said)
    assert "Prøveveien" not in json.dumps(said)
    # One tap, on the notification's own button, with no page open before it.
    await kari.page.goto("about:blank")
    assert await kari.tap(alarm, "accept") == []
    found = rig.town.state.alarms[alarm]
    assert (found.phase, found.owner) == (Phase.ACCEPTED, "kari")
    assert rig.sms.sent == []


async def test_without_a_session_the_right_still_answers(rig: Rig, phone: OpenPage) -> None:
    kari = await subscribed(rig, phone)
    alarm = await rig.town.press()
    rig.call()
    await ring(rig, kari)
    await kari.page.context.clear_cookies(name=rig.town.site.cookie)
    await kari.tap(alarm, "accept")
    assert rig.town.state.alarms[alarm].owner == "kari"


async def test_a_message_that_comes_twice_rings_once(rig: Rig, phone: OpenPage) -> None:
    kari = await subscribed(rig, phone)
    await rig.town.press()
    rig.call()
    said = await ring(rig, kari)
    await rig.until(lambda: said["varde"]["send"] not in rig.town.state.owed)
    await ring(rig, kari)
    await kari.until("(await onScreen()).some((one) => one.silent)")
    (shown,) = await kari.shown()
    assert (shown["renotify"], shown["silent"]) == (False, True)


async def test_a_revoked_phone_answers_nothing(rig: Rig, phone: OpenPage) -> None:
    kari = await subscribed(rig, phone)
    (one,) = rig.town.site.subscriptions.live("kari")
    alarm = await rig.town.press()
    rig.call()
    said = await ring(rig, kari)
    await rig.until(lambda: said["varde"]["send"] not in rig.town.state.owed)
    rig.town.directory.revoke_handset(one.handset, rig.town.now)
    await kari.tap(alarm, "accept")
    assert rig.town.state.alarms[alarm].owner is None
    (shown,) = await kari.shown()
    assert shown["body"] == "Dette varselet kan ikke brukes lenger. Åpne alarmen."


async def test_a_tap_on_the_notification_is_seen_and_opens_the_alarm(
    rig: Rig, phone: OpenPage
) -> None:
    kari = await subscribed(rig, phone)
    alarm = await rig.town.press()
    rig.call()
    await ring(rig, kari)
    opened = await kari.tap(alarm)
    assert opened in (["focus"], [f"/alarms/{alarm}"])
    await rig.until(lambda: rig.town.state.alarms[alarm].seen == ("kari",))


async def test_a_test_is_answered_from_the_notification(rig: Rig, phone: OpenPage) -> None:
    kari = await subscribed(rig, phone)
    test = ReachCommand(
        id="0123456789abcdef",
        person="kari",
        action=ReachAction.TEST,
        made_at=rig.town.now,
        channel="push-1",
    )
    await rig.town.take(test)
    rig.call()
    said = await ring(rig, kari)
    assert said["notification"]["title"] == "Prøvevarsel"
    await rig.until(lambda: rig.town.receipts)
    assert rig.town.state.proofs.of("kari", "push-1").proven_at is None
    await kari.tap(said["notification"]["tag"], "answer")
    assert rig.town.state.proofs.of("kari", "push-1").proven_at is not None


async def test_a_phone_that_is_gone_is_followed_by_the_next_channel(
    rig: Rig, phone: OpenPage
) -> None:
    await subscribed(rig, phone)
    rig.service.answer("kari", 410)
    await rig.town.press()
    rig.call()
    await rig.until(lambda: rig.town.state.proofs.of("kari", "push-1").code == "http-410")
    rig.call()
    await rig.until(lambda: rig.sms.sent == ["kari"])
    assert rig.town.site.subscriptions.live("kari") == []
