"""Whatever the order of appends, checkpoints, cuts, kills and damage: the state, the stories and
the pages are those of the whole journal, replayed from its first fact."""

import asyncio
import tempfile
from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import astuple

from hub.explain.story import Story, explain
from hub.history.follow import Follower
from hub.history.sqlite import History, open_history
from hub.history.subject import subject
from hub.journal.kept import usable
from hub.journal.memory import MemoryJournal
from hub.journal.port import Checkpoint, Journal, JournalReader
from hub.journal.resume import resume
from hub.router import boot
from hub.router.cutter import Cutter
from hub.router.keeper import Keeper
from hub.text import catalogue
from hub.web.live import Live
from routing.evolve import evolve
from routing.instant import HOUR
from routing.presence import Presence
from routing.state import State
from tests.history.life import life, whole
from tests.journal.labs import Lab, MemoryLab, SqliteLab

KEEP = 6 * HOUR
SEEN: Counter[str] = Counter()
"""What the examples together have come to, so that a test which proves nothing is noticed."""

Step = tuple[str, int]
STEPS = st.lists(
    st.tuples(st.sampled_from(["append", "append", "keep", "follow", "cut", "kill", "harm"]),
              st.integers(1, 60)),
    min_size=5,
    max_size=30,
)  # fmt: skip


class World:
    """A router's and a web process's part in it, with lives between kills."""

    def __init__(self, lab: Lab, history: History) -> None:
        self.lab, self.history = lab, history
        self.done = 0
        """Records of the life that are durable."""
        self.boot()

    def boot(self) -> None:
        self.journal: Journal = self.lab.writer()
        found = resume(self.journal)
        self.state: State = found.state
        SEEN["refused"] += len(found.refused)
        self.keeper = Keeper(self.journal, self.state, lambda: self.state.recorded_at)
        self.follower = Follower(self.lab.reader(), self.history)

    async def append(self, count: int) -> None:
        for record in life()[self.done : self.done + count]:
            await self.journal.append([record.fact], record.recorded_at)
            evolve(self.state, record)
            self.done += 1

    async def keep(self, _: int) -> None:
        await self.keeper.keep()
        boot.keep_presence(self.journal, self.state, Presence(), self.state.recorded_at)

    async def follow(self, _: int) -> None:
        self.follower.step()

    async def cut(self, _: int) -> None:
        passed = {"history": lambda: self.history.position}
        cutter = Cutter(self.journal, KEEP, passed, lambda: self.state.recorded_at)
        SEEN["cut"] += await cutter.cut(pause_s=0)

    async def kill(self, _: int) -> None:
        if isinstance(self.journal, MemoryJournal):
            lost = life()[self.done : self.done + 1]
            for record in lost:
                self.journal.append([record.fact], record.recorded_at)
            self.journal.abandon()
        else:
            self.journal.close()
        self.boot()
        self.check()

    async def harm(self, number: int) -> None:
        """One checkpoint loses an octet, and only one: the other is what the two are for."""
        good = usable(self.journal)
        if len(good) == 2:
            name, seq, body = astuple(good[number % 2])
            body = body[:number] + body[number + 1 :]
            await self.journal.save_checkpoint(Checkpoint(name, seq, body))

    def check(self) -> None:
        reader = self.lab.reader()
        assert reader.head() == self.done
        assert resume(reader).state == state_of(self.done)
        for id in ids_of(self.done):
            assert explain(reader, id, catalogue("nb"), self.history) == story_of(id, self.done)
        SEEN["archived told"] += len(ids_of(self.done) - set(self.state.alarms))

    async def end(self) -> None:
        self.check()
        pages = await pages_of(self.lab.reader(), self.history)
        plain = await pages_of(whole(self.done), None)
        assert (pages.state, pages.timelines) == (plain.state, plain.timelines)
        assert pages.happened == plain.happened
        self.journal.close()


async def pages_of(reader: JournalReader, history: History | None) -> Live:
    live = Live(reader, history=history)
    following = asyncio.ensure_future(live.follow())
    assert await live.news(0, timeout_s=30)
    following.cancel()
    await asyncio.gather(following, return_exceptions=True)
    return live


@cache
def state_of(count: int) -> State:
    state = State()
    for record in life()[:count]:
        evolve(state, record)
    return state


@cache
def ids_of(count: int) -> set[str]:
    known = {one.fact.alarm for one in life()[:count] if hasattr(one.fact, "kind")
             and hasattr(one.fact, "alarm") and one.fact.alarm}  # fmt: skip
    return {id for id in known if any(subject(one.fact) == id for one in life()[:count])}


@cache
def story_of(id: str, count: int) -> Story:
    return explain(whole(count), id, catalogue("nb"))


async def play(lab: Lab, folder: Path, steps: Iterable[Step]) -> None:
    with closing(open_history(folder / "solvik.history", "solvik", "rwc")) as history:
        world = World(lab, history)
        for name, number in steps:
            await getattr(world, name)(number)
        await world.end()


@pytest.mark.parametrize("kind", [MemoryLab, SqliteLab])
def test_any_interleaving(kind: type[MemoryLab] | type[SqliteLab]) -> None:
    SEEN.clear()

    @settings(
        max_examples=60 if kind is MemoryLab else 25,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
    )
    @given(STEPS)
    def run(steps: list[Step]) -> None:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            lab = MemoryLab() if kind is MemoryLab else SqliteLab(folder)
            asyncio.run(play(lab, folder, steps))

    run()
    assert SEEN["archived told"] > 0


@pytest.mark.parametrize("kind", [MemoryLab, SqliteLab])
def test_a_life_that_is_cut_as_it_goes(
    kind: type[MemoryLab] | type[SqliteLab], tmp_path: Path
) -> None:
    """Without chance: everything happens often, and nearly all of the journal goes."""
    SEEN.clear()
    lab = MemoryLab() if kind is MemoryLab else SqliteLab(tmp_path)
    kept = [("append", 12), ("keep", 1)]
    cut = [("cut", 1), ("follow", 1), ("cut", 1)]
    a_round = [*kept, *kept, *cut, ("harm", 50), ("kill", 1)]
    asyncio.run(play(lab, tmp_path, a_round * (len(life()) // 24 + 1)))
    assert SEEN["cut"] > len(life()) // 2
    assert SEEN["refused"] > 2
    assert SEEN["archived told"] > 20
