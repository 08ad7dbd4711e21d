"""A push that its service has taken and no phone tells of: the next channel, once, in time."""

import asyncio
from itertools import repeat
from pathlib import Path

import pytest

from hub.notifier.channel import Attempt, Result, Send
from hub.notifier.notifier import Notifier
from routing.facts import ConfigurationSet, SendEnded
from routing.inputs import Receipt, TimeReached
from routing.instant import SECOND
from routing.municipality import Person, Role
from routing.owed import about, owed
from routing.state import Owed
from tests.web.town import Town


class Takes:
    """A channel whose service takes everything."""

    def __init__(self) -> None:
        self.sent: list[str] = []

    async def attempt(self, send: Send) -> Attempt:
        self.sent.append(send.owed.page.person)
        return Attempt(Result.TAKEN, "http-201")


class Hub:
    """The town's core with a notifier."""

    def __init__(self, town: Town) -> None:
        self.town, self.push, self.sms = town, Takes(), Takes()
        self.ended: list[SendEnded] = []
        channels = {"push": self.push, "sms": self.sms}
        self.notifier = Notifier(channels, self._describe, self.ended.append, lambda: 0.5)

    def _describe(self, one: Owed) -> Send | None:
        found = about(self.town.state, one.alarm)
        return None if found is None else Send(one, found, {})

    async def goes_on(self, seconds: int) -> None:
        """Let time pass, and the notifier do what is owed then."""
        self.town.now += seconds * SECOND
        while await self.town.take(TimeReached()):
            """Everything that has fallen due, as the engine does."""
        for alarm in self.town.state.alarms:
            self.notifier.settle(alarm, owed(self.town.state, (alarm,)))
        for pause_s in repeat(0):
            if not self.notifier.under_way():
                return
            await asyncio.sleep(pause_s)


@pytest.fixture
async def hub(tmp_path: Path) -> Hub:
    town = Town(tmp_path)
    await town.settle()
    for id in ("kari", "ola"):
        person = Person(id=id, roles=(Role.STAFF,), teams=("day",), channels=("push-1", "sms-1"))
        await town.append([ConfigurationSet(item=person, author="test")])
    return Hub(town)


async def test_without_a_receipt_the_next_channel_follows_and_push_is_not_repeated(
    hub: Hub,
) -> None:
    await hub.town.press()
    await hub.goes_on(0)
    assert (hub.push.sent, hub.sms.sent) == (["kari", "ola"], [])
    send = next(o.page.send for o in hub.town.state.owed.values() if o.page.person == "ola")
    await hub.town.take(Receipt(send=send, delivered=True, code="receipt"))
    await hub.goes_on(9)
    assert hub.sms.sent == []
    await hub.goes_on(1)
    assert hub.sms.sent == ["kari"]
    assert hub.push.sent == ["kari", "ola"]
    assert hub.ended == []


async def test_a_receipt_that_comes_late_ends_the_send_and_takes_nothing_back(hub: Hub) -> None:
    alarm = await hub.town.press()
    await hub.goes_on(0)
    send = next(o.page.send for o in hub.town.state.owed.values() if o.page.person == "kari")
    await hub.goes_on(10)
    assert hub.sms.sent == ["kari", "ola"]
    told = Receipt(send=send, delivered=True, code="receipt")
    (ended,) = await hub.town.take(told)
    assert isinstance(ended, SendEnded)
    assert (ended.send, ended.delivered, ended.code) == (send, True, "receipt")
    assert await hub.town.take(told) == []
    assert {o.page.channel for o in owed(hub.town.state, (alarm,))} == {"push-1", "sms-1"}


@pytest.mark.parametrize("send", ["", "fjordby-gone:r1.s0:kari:push-1", "x" * 500, "a:b:c:d:e"])
async def test_a_receipt_for_nothing_that_is_owed_says_nothing(hub: Hub, send: str) -> None:
    await hub.town.press()
    assert await hub.town.take(Receipt(send=send, delivered=True, code="receipt")) == []
