"""A standby takes over from a worker that has died or sleeps; a worker that cannot renew ends."""

import asyncio
import gc
from collections.abc import Callable

import pytest

from hub.journal.lease import Lease
from hub.journal.memory import MemoryJournal, MemoryStore, open_reader, open_writer
from hub.journal.port import AnotherWriter, Journal
from hub.notifier.channel import Attempt, Result, Send
from hub.router.standby import Holder, LeaseOver, open_when_free
from routing.facts import UPCASTERS, ConfigurationSet
from routing.instant import SECOND, Instant
from routing.municipality import Team
from tests.router.test_notifier import ALARM, owed

FACT = ConfigurationSet(item=Team(id="home"), author="test")


class Clock:
    """Goes on by so much at every look."""

    def __init__(self, step: Instant) -> None:
        self.at, self._step = 0, step

    def __call__(self) -> Instant:
        self.at += self._step
        return self.at


def standing_by(store: MemoryStore, clock: Callable[[], Instant]) -> "asyncio.Task[Journal]":
    def open_it(over: Lease | None) -> Journal:
        return open_writer(store, owner="standby", instead_of=over)

    lease = open_reader(store).lease
    return asyncio.ensure_future(open_when_free(open_it, lease, clock, look_every_s=0))


async def turns(number: int) -> None:
    for _ in range(number):
        await asyncio.sleep(0)


async def test_a_worker_alone_starts_at_once() -> None:
    store = MemoryStore("simby")
    journal = await open_when_free(
        lambda over: open_writer(store, instead_of=over), lambda: None, Clock(0)
    )
    assert await journal.append([FACT], at=1) == 1


async def test_a_standby_waits_while_the_lease_is_renewed() -> None:
    store = MemoryStore("simby")
    working = open_writer(store)
    await working.renew()
    waiting = standing_by(store, Clock(SECOND))
    for _ in range(10):
        await turns(3)
        await working.renew()
    assert not waiting.done()
    assert await working.append([FACT], at=1) == 1
    waiting.cancel()


async def test_a_standby_takes_over_from_one_that_does_not_renew_and_shuts_it_out() -> None:
    store = MemoryStore("simby")
    asleep = open_writer(store)
    await asleep.renew()
    clock = Clock(SECOND)
    journal = await standing_by(store, clock)
    assert clock.at >= 6 * SECOND
    assert await journal.append([FACT], at=1) == 1
    with pytest.raises(AnotherWriter):
        await asleep.append([FACT], at=1)
    assert open_reader(store).head() == 1


async def test_a_standby_takes_over_from_a_dead_one_without_waiting_for_its_lease() -> None:
    store = MemoryStore("simby")
    working = open_writer(store)
    clock = Clock(0)
    waiting = standing_by(store, clock)
    await turns(5)
    assert not waiting.done()
    working.abandon()
    assert await (await waiting).append([FACT], at=1) == 1


async def test_a_worker_whose_lease_was_taken_ends() -> None:
    store = MemoryStore("simby")
    working = open_writer(store)
    holder = Holder(working, Clock(0))
    open_writer(store, instead_of=working.lease())
    with pytest.raises(AnotherWriter, match="stop one"):
        await holder.run()


async def test_a_worker_that_cannot_renew_in_time_ends() -> None:
    store = MemoryStore("simby")
    stuck = _Stuck(store, UPCASTERS, store.claim("stuck", None).token)
    holder = Holder(stuck, Clock(120 * SECOND))
    said: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: said.append(context))
    with pytest.raises(LeaseOver, match="in time"):
        await holder.run()
    stuck.asked.pop().set_exception(AnotherWriter("the answer comes at last"))
    await turns(2)
    gc.collect()
    assert said == []


class _Stuck(MemoryJournal):
    """A journal whose disk does not answer."""

    asked: "list[asyncio.Future[None]]"

    def renew(self) -> "asyncio.Future[None]":
        self.asked = [asyncio.get_running_loop().create_future()]
        return self.asked[0]


async def test_renewals_keep_the_lease_going() -> None:
    store = MemoryStore("simby")
    holder = Holder(open_writer(store), Clock(SECOND))
    running = asyncio.ensure_future(holder.run(every_s=0))
    await turns(200)
    assert not running.done()
    lease = open_reader(store).lease()
    assert lease is not None
    assert lease.renewed > 10
    running.cancel()


async def test_nothing_is_sent_once_somebody_else_may_have_the_lease() -> None:
    clock = Clock(0)
    holder = Holder(open_writer(MemoryStore("simby")), clock)
    heard: list[Send] = []

    class Phone:
        async def attempt(self, send: Send) -> Attempt:
            heard.append(send)
            return Attempt(Result.DELIVERED, "ok")

    guarded, send = holder.guard(Phone()), Send(owed("anna"), ALARM, {})
    assert (await guarded.attempt(send)).result is Result.DELIVERED
    clock.at = 120 * SECOND
    assert (await guarded.attempt(send)) == Attempt(Result.AGAIN, "lease-over")
    assert heard == [send]
