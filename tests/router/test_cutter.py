"""Cutting the journal: only what nobody needs any more goes."""

import asyncio
from dataclasses import dataclass

import pytest

from hub.journal.kept import pack
from hub.journal.memory import MemoryJournal, MemoryStore, open_writer
from hub.journal.port import Checkpoint
from hub.router.cutter import ROWS, Cutter
from routing.instant import DAY, HOUR, Instant
from routing.snapshot import take
from routing.state import State
from tests.journal.labs import press

NOW: Instant = 100 * DAY
KEEP = 90 * DAY


@dataclass(frozen=True, kw_only=True)
class Case:
    """A journal of 100 facts, one a day: facts 1 to 9 are older than 90 days on day 100."""

    state: int | None = 50
    before: int | None = 40
    presence: int | None = 60
    history: int = 70
    other: int = 80
    keep: Instant = KEEP


CASES = [
    (Case(), 9, "age is what holds them"),
    (Case(keep=DAY), 40, "the older checkpoint"),
    (Case(keep=DAY, state=30), 30, "the older checkpoint, in whichever place"),
    (Case(keep=DAY, presence=20), 20, "the signs of life"),
    (Case(keep=DAY, history=10), 10, "a projection that lags"),
    (Case(keep=DAY, other=5), 5, "another one"),
    (Case(history=0), 0, "a projection that there is not"),
    (Case(before=None), 0, "there is one checkpoint only"),
    (Case(state=None), 0, "there is one checkpoint only"),
    (Case(presence=None), 0, "the signs of life were never kept"),
    (Case(keep=99 * DAY + HOUR), 0, "all is young"),
    (Case(keep=DAY, state=100, before=100, presence=100, history=100, other=100), 98, "age again"),
]


async def _journal(case: Case) -> MemoryJournal:
    journal = open_writer(MemoryStore("solvik"))
    for day in range(1, 101):
        await journal.append([press(str(day))], day * DAY)
    for name, seq in (("state", case.state), ("state.before", case.before)):
        if seq is not None:
            body = pack(seq, [take(State(seq=seq))])
            await journal.save_checkpoint(Checkpoint(name, seq, body))
    if case.presence is not None:
        await journal.save_checkpoint(Checkpoint("presence", case.presence, b"{}"))
    return journal


def _cutter(journal: MemoryJournal, case: Case) -> Cutter:
    passed = {"history": lambda: case.history, "other": lambda: case.other}
    return Cutter(journal, case.keep, passed, lambda: NOW)


@pytest.mark.parametrize(("case", "removed", "why"), CASES, ids=range(len(CASES)))
async def test_what_goes_is_what_nobody_needs(case: Case, removed: int, why: str) -> None:
    journal = await _journal(case)
    assert await _cutter(journal, case).cut(pause_s=0) == removed, why
    assert (journal.start(), journal.head()) == (removed, 100)
    assert await _cutter(journal, case).cut(pause_s=0) == 0


async def test_a_damaged_checkpoint_does_not_count() -> None:
    journal = await _journal(Case(keep=DAY))
    kept = journal.load_checkpoint("state")
    assert kept is not None
    await journal.save_checkpoint(Checkpoint("state", 50, kept.body[:-1]))
    assert await _cutter(journal, Case(keep=DAY)).cut(pause_s=0) == 0


async def test_the_last_fact_stays_however_old() -> None:
    everything = Case(keep=DAY, state=100, before=100, presence=100, history=100, other=100)
    journal = await _journal(everything)
    cutter = Cutter(journal, DAY, {"history": lambda: 100}, lambda: 1000 * DAY)
    assert await cutter.cut(pause_s=0) == 99
    assert [record.seq for record in journal.read(99)] == [100]


async def test_it_goes_a_few_at_a_time_and_appends_go_between(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    journal = await _journal(Case(keep=DAY, state=100, before=100, presence=100, history=100))
    sizes: list[int] = []
    remove = journal.remove

    def counted(upto: int, limit: int) -> "asyncio.Future[None]":
        sizes.append(limit)
        return remove(upto, limit)

    monkeypatch.setattr(journal, "remove", counted)
    cutter = _cutter(journal, Case(keep=DAY, history=100))
    cutting = asyncio.ensure_future(cutter.cut(pause_s=0))
    assert await journal.append([press("between")], 100 * DAY) == 101
    assert journal.start() < 80
    assert await cutting == 80
    assert sizes == [64, 64]
    assert ROWS == 64


def test_no_time_at_all_is_refused() -> None:
    store = MemoryStore("solvik")
    with pytest.raises(ValueError, match="must be kept for some time"):
        Cutter(open_writer(store), 0, {}, lambda: 0)
