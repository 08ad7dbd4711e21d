"""What a service has only taken stays owed, and is not sent again while this process lives."""

import asyncio
from dataclasses import dataclass, field

from hub.notifier.channel import Attempt, Result, Send
from hub.notifier.notifier import Notifier
from routing.facts import SendEnded
from routing.state import Owed
from tests.notifier.sends import again, send_of

TAKEN = Attempt(Result.TAKEN, "http-201")


@dataclass
class Service:
    """A channel whose service takes everything, and says how often it was tried."""

    tried: list[str] = field(default_factory=list)
    news: asyncio.Event = field(default_factory=asyncio.Event)
    answers: list[Attempt] = field(default_factory=list)

    async def attempt(self, send: Send) -> Attempt:
        self.tried.append(send.owed.page.send)
        self.news.set()
        return self.answers.pop(0) if self.answers else TAKEN

    async def tries(self, number: int) -> None:
        async with asyncio.timeout(30):
            while len(self.tried) < number:
                self.news.clear()
                await self.news.wait()


def notifier(service: Service, ended: list[SendEnded]) -> Notifier:
    return Notifier({"push": service}, describe, ended.append, lambda: 0.5)


def describe(owed: Owed) -> Send:
    return Send(owed, send_of().alarm, {})


async def turns() -> None:
    """Let everything that is ready run."""
    for _ in range(10):
        await asyncio.sleep(0)


async def test_taken_is_no_end_and_nothing_is_sent_twice() -> None:
    service, ended = Service(), list[SendEnded]()
    one = notifier(service, ended)
    send = send_of().owed
    one.settle(send.alarm, [send])
    await service.tries(1)
    await turns()
    for _ in range(3):
        one.settle(send.alarm, [send])
        await turns()
    assert service.tried == [send.page.send]
    assert ended == []
    assert one.under_way() == 0


async def test_a_further_send_about_the_alarm_goes_out_beside_it() -> None:
    service, ended = Service(), list[SendEnded]()
    one = notifier(service, ended)
    first, second = send_of(), again(send_of(), 2)
    one.settle(first.owed.alarm, [first.owed])
    await service.tries(1)
    one.settle(first.owed.alarm, [first.owed, second.owed])
    await service.tries(2)
    await turns()
    assert service.tried == [first.owed.page.send, second.owed.page.send]


async def test_once_its_receipt_has_come_it_may_become_owed_anew() -> None:
    service, ended = Service(), list[SendEnded]()
    one = notifier(service, ended)
    send = send_of().owed
    one.settle(send.alarm, [send])
    await service.tries(1)
    await turns()
    one.settle(send.alarm, [])
    one.settle(send.alarm, [send])
    await service.tries(2)
    assert ended == []


async def test_a_hub_that_starts_anew_sends_it_again_under_the_same_id() -> None:
    service, ended = Service(), list[SendEnded]()
    send = send_of().owed
    for _ in range(2):
        one = notifier(service, ended)
        one.settle(send.alarm, [send])
        await service.tries(1)
        await turns()
        await one.close()
    assert service.tried == [send.page.send] * 2
    assert ended == []


async def test_what_is_taken_at_last_has_no_end_either() -> None:
    service, ended = Service(), list[SendEnded]()
    service.answers = [Attempt(Result.AGAIN, "http-503", 0.001)]
    one = notifier(service, ended)
    send = send_of().owed
    one.settle(send.alarm, [send])
    await service.tries(2)
    await turns()
    assert ended == []


async def test_a_thousand_that_are_taken_keep_no_place() -> None:
    service, ended = Service(), list[SendEnded]()
    one = notifier(service, ended)
    for number in range(1_000):
        send = again(send_of(), number).owed
        one.settle(f"a{number}", [Owed(f"a{number}", send.page)])
    await service.tries(1_000)
    await turns()
    assert one.under_way() == 0
    assert ended == []
