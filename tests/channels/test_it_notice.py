"""Notices to IT: never in the way, never twice, never about alarms."""

import asyncio
import threading
from collections.abc import Callable

import pytest

from hub.notifier.it_notice import Notices, Trouble, by_apprise, notices
from hub.secrets import SecretUnsafe
from hub.settings.channels import ItNoticeSettings
from hub.text import catalogue
from hub.web.it_watch import LOOKS, Watch
from routing.instant import HOUR, Instant
from routing.kinds import Kind
from tests.channels.stub_gateway import StubGateway

ENGLISH = catalogue("en")


class Rig:
    """Notices on a clock of their own, and what came of them."""

    def __init__(self, **settings: int) -> None:
        self.at: Instant = 0
        self.got: list[str] = []
        self.done = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        told = ItNoticeSettings.model_validate({"to": ["ops"], **settings})
        self.notices = Notices(told, self._deliver, ENGLISH, lambda: self.at)

    def _deliver(self, title: str, body: str) -> bool:
        assert title == "Varde: technical notice"
        self.got.append(body)
        self._loop.call_soon_threadsafe(self.done.set)
        return True

    async def drain(self, count: int) -> list[str]:
        """Deliver what waits, which is so many."""
        assert self.notices.waiting() == count
        running = asyncio.ensure_future(self.notices.run())
        while len(self.got) < count:
            await self.done.wait()
            self.done.clear()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        return self.got


async def test_the_same_trouble_is_told_once_in_six_hours() -> None:
    rig = Rig()
    for _ in range(3):
        rig.notices.tell(Trouble.HOOK_REFUSED, "main")
    rig.notices.tell(Trouble.HOOK_REFUSED, "spare")
    rig.at = 6 * HOUR - 1
    rig.notices.tell(Trouble.HOOK_REFUSED, "main")
    rig.at = 6 * HOUR
    rig.notices.tell(Trouble.HOOK_REFUSED, "main")
    got = await rig.drain(3)
    assert ["main" in body for body in got] == [True, False, True]


async def test_what_is_back_may_fail_again_and_is_told() -> None:
    rig = Rig()
    for trouble in (Trouble.GATEWAY_FAILING, Trouble.GATEWAY_BACK) * 2:
        rig.notices.tell(trouble, "main")
    await rig.drain(4)


async def test_so_many_in_an_hour_and_the_rest_is_counted() -> None:
    rig = Rig(per_hour=2)
    for number in range(7):
        rig.notices.tell(Trouble.GATEWAY_FAILING, f"g{number}")
    rig.at = HOUR
    rig.notices.tell(Trouble.GATEWAY_FAILING, "later")
    got = await rig.drain(3)
    assert sum("5 other notices were left out" in body for body in got) == 1


async def test_telling_waits_for_nobody() -> None:
    free = threading.Event()
    at_work = asyncio.Event()
    loop = asyncio.get_running_loop()

    def slow(title: str, body: str) -> bool:
        loop.call_soon_threadsafe(at_work.set)
        return free.wait(30)

    told = Notices(ItNoticeSettings(to=("ops",)), slow, ENGLISH, lambda: 0)
    running = asyncio.ensure_future(told.run())
    told.tell(Trouble.GATEWAY_FAILING, "main")
    await at_work.wait()
    told.tell(Trouble.GATEWAY_FAILING, "spare")
    assert told.waiting() == 1, "the first is still being delivered, and the loop goes on"
    free.set()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_apprise_delivers(stub: StubGateway) -> None:
    deliver = by_apprise([stub.url.replace("http://", "json://") + "/it"])
    assert await asyncio.to_thread(deliver, "Varde", "text of the notice")
    assert stub.got[0].path == "/it"
    assert b"text of the notice" in stub.got[0].body


async def test_a_receiver_that_refuses_is_not_fatal(stub: StubGateway) -> None:
    stub.status = 500
    deliver = by_apprise([stub.url.replace("http://", "json://")])
    assert not await asyncio.to_thread(deliver, "Varde", "text")


@pytest.mark.parametrize("secret", [lambda _: None, lambda _: "no such scheme", lambda _: ""])
def test_a_notice_that_could_never_arrive_is_refused_at_the_start(
    secret: Callable[[str], str | None],
) -> None:
    with pytest.raises(SecretUnsafe, match=r"it_notices\.to|it-notice-ops") as refused:
        notices(ItNoticeSettings(to=("ops",)), secret, lambda: 0)
    assert "no such scheme" not in str(refused.value)


def test_nobody_is_told_where_nothing_is_configured() -> None:
    assert notices(None, lambda _: None, lambda: 0) is None


def test_no_notice_is_about_an_alarm() -> None:
    words = {str(kind) for kind in Kind} | {"alarm"}
    for trouble in Trouble:
        text = ENGLISH(f"it_notice.{trouble}", what="main").lower()
        assert not any(word in text for word in words), text


def test_what_is_bad_for_long_is_told_once_and_once_when_it_is_over() -> None:
    told: list[Trouble] = []
    watch = Watch("broker", lambda trouble, _: told.append(trouble))
    for _ in range(LOOKS - 1):
        watch.look(well=False)
    watch.look(well=True)
    assert told == []
    for _ in range(LOOKS + 5):
        watch.look(well=False)
    for _ in range(3):
        watch.look(well=True)
    assert told == [Trouble.HUB_DEGRADED, Trouble.HUB_WELL]
