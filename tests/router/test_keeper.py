"""Keeping checkpoints: when, in which place, and never ahead of what is durable."""

import asyncio

import pytest

from hub.journal.kept import checkpoints
from hub.journal.memory import MemoryJournal, MemoryStore, open_writer
from hub.journal.port import JournalBroken, Record
from hub.journal.resume import resume
from hub.router.keeper import Keeper
from routing.evolve import evolve
from routing.instant import MINUTE, Instant
from routing.state import State
from tests.journal.labs import press


class Kept:
    """A journal, its state and a clock."""

    def __init__(self, store: MemoryStore) -> None:
        self.store, self.at = store, Instant(0)
        self.journal: MemoryJournal = open_writer(store)
        self.state: State = resume(self.journal).state
        self.keeper = Keeper(self.journal, self.state, lambda: self.at)

    def press(self, count: int = 1) -> "asyncio.Future[int]":
        """Decide and append, as the runner does: the state is ahead until the future is done."""
        facts = [press(f"{self.state.seq + n}") for n in range(count)]
        for fact in facts:
            evolve(self.state, Record(self.state.seq + 1, 0, fact))
        return self.journal.append(facts, 0)


@pytest.mark.parametrize(
    ("facts", "minutes", "due"),
    [(0, 60, False), (1, 9, False), (1, 10, True), (19_999, 0, False), (20_000, 0, True)],
)
async def test_when_it_is_due(facts: int, minutes: int, due: bool) -> None:
    kept = Kept(MemoryStore("solvik"))
    await kept.press(facts)
    kept.at = minutes * MINUTE
    assert kept.keeper.is_due() is due
    if due:
        await kept.keeper.keep()
        assert not kept.keeper.is_due()


async def test_the_two_newest_are_kept_over_a_restart_too() -> None:
    store = MemoryStore("solvik")
    kept = Kept(store)
    seen = []
    for _ in range(3):
        await kept.press()
        await kept.keeper.keep()
        seen.append([one.seq for one in checkpoints(kept.journal)])
    kept.journal.close()
    again = Kept(store)
    await again.press()
    await again.keeper.keep()
    seen.append([one.seq for one in checkpoints(again.journal)])
    assert seen == [[1], [2, 1], [3, 2], [4, 3]]


async def test_what_is_decided_meanwhile_is_not_in_it() -> None:
    kept = Kept(MemoryStore("solvik"))
    await kept.press(5)
    keeping = asyncio.ensure_future(kept.keeper.keep())
    await asyncio.sleep(0)
    await kept.press(2)
    await keeping
    found = resume(kept.journal)
    assert (found.replayed, found.state.seq) == (2, 7)
    assert found.state == kept.state


async def test_it_is_never_there_without_the_facts_it_stands_for() -> None:
    store = MemoryStore("solvik")
    kept = Kept(store)
    await kept.press()
    store.full = True
    lost = kept.press()
    with pytest.raises(JournalBroken):
        await kept.keeper.keep()
    with pytest.raises(JournalBroken):
        await lost
    assert (kept.state.seq, checkpoints(kept.journal), kept.journal.head()) == (2, [], 1)


async def test_at_the_end_it_is_queued_at_once_where_there_is_news() -> None:
    store = MemoryStore("solvik")
    kept = Kept(store)
    await kept.press(3)
    kept.keeper.keep_at_once()
    kept.keeper.keep_at_once()
    kept.journal.close()
    assert [one.seq for one in checkpoints(Kept(store).journal)] == [3]
