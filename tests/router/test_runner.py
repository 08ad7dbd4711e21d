"""The runner over the in-memory journal: nothing leaves before its commit; a failed one ends it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest

from adapters.session import Outcome
from hub.journal.memory import MemoryStore, open_writer
from hub.journal.port import JournalBroken
from hub.router.engine import Engine
from hub.router.runner import Runner
from hub.router.work import Batch, Work
from routing.facts import ConfigurationSet, EventRecorded, StepStarted
from routing.inputs import Configure
from routing.instant import Instant
from routing.kinds import Lane
from routing.municipality import AnyItem, Step
from routing.presence import Presence
from routing.state import State
from tests.router.labs import heard
from tests.routing.story import ON_DUTY, START, alarm_id, plain, town


@dataclass
class Rig:
    """A runner whose clock stands still until it is moved, and everything that it let out."""

    store: MemoryStore = field(default_factory=lambda: MemoryStore("simby"))
    at: Instant = START
    out: list[tuple[str, Outcome, int]] = field(default_factory=list)
    """(name, outcome, facts durable at that moment)"""
    batches: list[Batch] = field(default_factory=list)
    items: list[AnyItem] = field(default_factory=town)

    def __post_init__(self) -> None:
        self.changed = asyncio.Event()
        self.stop = asyncio.Event()
        self.state = State()
        engine = Engine(self.state, Presence(), alarm_id)
        journal = open_writer(self.store)
        self.runner = Runner(engine, journal, lambda: self.at, self._committed)
        changes = [ConfigurationSet(item=item, author="test") for item in self.items]
        self.runner.take(Work(Configure(changes), Lane.HELP))

    def press(self, name: str, event: str) -> None:
        def done(outcome: Outcome) -> None:
            self.out.append((name, outcome, len(self.store.rows)))
            self.changed.set()

        self.runner.take(Work(heard(event=event), Lane.HELP, done=done))

    async def told(self, number: int) -> list[tuple[str, Outcome]]:
        async with asyncio.timeout(30):
            while len(self.out) < number:
                self.changed.clear()
                await self.changed.wait()
        return [(name, outcome) for name, outcome, _ in self.out]

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        task = asyncio.create_task(self.runner.run(self.stop))
        yield
        self.stop.set()
        await task

    def _committed(self, batch: Batch) -> None:
        self.batches.append(batch)


async def test_nobody_is_told_before_what_was_decided_is_durable() -> None:
    rig = Rig()
    async with rig.running():
        rig.press("press", "a" * 32)
        assert await rig.told(1) == [("press", Outcome.DURABLE)]
    recorded = [row.body for row in rig.store.rows if b"event.recorded" in row.body]
    assert len(recorded) == 1
    assert rig.out[0][2] == len(rig.store.rows)


async def test_presses_are_confirmed_in_order_and_a_duplicate_after_the_first() -> None:
    rig = Rig()
    async with rig.running():
        for name, event in (("one", "a"), ("two", "b"), ("again", "a"), ("three", "c")):
            rig.press(name, event * 32)
            await asyncio.sleep(0)
        told = await rig.told(4)
    assert [name for name, _ in told] == ["one", "two", "again", "three"]


async def test_a_stop_lets_what_was_decided_become_durable_first() -> None:
    rig = Rig()
    async with rig.running():
        rig.press("first", "a" * 32)
        await rig.told(1)
        assert rig.runner.settled()
    assert rig.state.seq == len(rig.store.rows)


async def test_a_failed_commit_ends_the_runner_and_tells_nobody() -> None:
    rig = Rig()
    rig.store.full = True
    rig.press("press", "a" * 32)
    with pytest.raises(JournalBroken, match="full"):
        async with asyncio.timeout(30):
            await rig.runner.run(rig.stop)
    assert (rig.out, rig.batches, rig.store.rows) == ([], [], [])
    assert not rig.runner.settled()


async def test_an_effect_that_raises_ends_the_runner_loudly() -> None:
    rig = Rig()

    def broken(_: Outcome) -> None:
        raise RuntimeError("a defect in an effect")

    rig.runner.take(Work(heard(), Lane.HELP, done=broken))
    with pytest.raises(RuntimeError, match="a defect"):
        async with asyncio.timeout(30):
            await rig.runner.run(rig.stop)


async def test_a_deadline_is_met_without_any_further_input() -> None:
    # The real clock here: the loop's own timer must wake the runner.
    rig = Rig(items=town(plain(Step((ON_DUTY,), 1), Step((ON_DUTY,), 60))))
    loop = asyncio.get_running_loop()
    began = loop.time()

    def clock() -> Instant:
        return START + round((loop.time() - began) * 1_000_000)

    rig.runner._now = clock
    async with rig.running():
        rig.press("press", "a" * 32)
        async with asyncio.timeout(30):
            while sum(b"step.started" in row.body for row in rig.store.rows) < 2:
                await rig.store.committed.wait()
    steps = [
        (batch.at, fact.step)
        for batch in rig.batches
        for fact in batch.facts
        if isinstance(fact, StepStarted)
    ]
    assert [step for _, step in steps] == [0, 1]
    assert steps[1][0] - steps[0][0] >= 1_000_000


async def test_what_is_owed_is_handed_over_after_the_commit() -> None:
    rig = Rig()
    async with rig.running():
        rig.press("press", "a" * 32)
        await rig.told(1)
    owed = [sends for batch in rig.batches for sends in batch.owed.values()]
    assert [[one.page.person for one in sends] for sends in owed] == [["anna", "berit"]]
    heard_of = [f for b in rig.batches for f in b.facts if isinstance(f, EventRecorded)]
    assert len(heard_of) == 1
