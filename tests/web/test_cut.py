"""The pages over a journal that has been cut: they begin at the checkpoint, and history tells the
rest."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import closing
from pathlib import Path

import aiohttp
import msgspec
import pytest

from hub.brokers.choose import Choice
from hub.cli.main import main
from hub.history.follow import Follower
from hub.history.position import position
from hub.history.sqlite import open_history
from hub.journal.memory import MemoryReader, MemoryStore, open_writer
from hub.journal.port import Document, Record, Removed
from hub.journal.sqlite import open_writer as open_file
from hub.router.keeper import Keeper
from hub.web.live import Live
from routing.event import derive_id
from routing.evolve import evolve
from routing.facts import (
    UPCASTERS,
    AlarmAccepted,
    AlarmArchived,
    AlarmClosed,
    ConfigurationSet,
    EventRecorded,
)
from routing.kinds import Kind
from routing.lifecycle import OutcomeCode, Phase
from routing.state import State
from tests.brokers.bench import Bench
from tests.history.life import life, whole
from tests.web.test_process import PLACE, Router, healthy, now, web
from tests.web.town import CARDS, ITEMS, PENDANT


class Overtaken(MemoryReader):
    """A reader whose tail has been overtaken by the cut once."""

    told = False

    async def tail(self, after: int) -> AsyncIterator[Sequence[Record]]:
        if not self.told:
            self.told = True
            raise Removed("solvik", after, self.start())
        async for records in super().tail(after):
            yield records


async def test_pages_that_the_cut_has_overtaken_begin_at_the_checkpoint_again(
    tmp_path: Path,
) -> None:
    store, state = MemoryStore("solvik"), State()
    journal = open_writer(store)
    keeper = Keeper(journal, state, lambda: 0)
    for record in life():
        await journal.append([record.fact], record.recorded_at)
        evolve(state, record)
        if record.seq in {150, 200}:
            await keeper.keep()
    with closing(open_history(tmp_path / "h", "solvik", "rwc")) as history:
        follower = Follower(journal, history)
        while follower.step():
            pass
        await journal.remove(150, limit=1000)
        live = Live(Overtaken(store, UPCASTERS), history=history)
        following = asyncio.ensure_future(live.follow())
        while not live.ready:
            await live.news(live.cursor, timeout_s=30)
        following.cancel()
    plain = Live(whole(len(life())))
    following = asyncio.ensure_future(plain.follow())
    assert await plain.news(0, timeout_s=30)
    following.cancel()
    assert (live.state, live.timelines) == (plain.state, plain.timelines)
    assert live.changed_after(0) == plain.changed_after(0)
    assert (live.can_resume(199), live.can_resume(len(life()))) == (False, True)


async def test_who_was_removed_before_the_checkpoint_has_no_session_left(tmp_path: Path) -> None:
    gone: list[str] = []
    with closing(open_history(tmp_path / "h", "solvik", "rwc")) as history:
        history.take(life())
        store, state = MemoryStore("solvik"), State()
        journal = open_writer(store)
        for record in life():
            await journal.append([record.fact], record.recorded_at)
            evolve(state, record)
        for _ in range(2):
            await Keeper(journal, state, lambda: 0).keep()
        await journal.remove(len(life()) - 1, limit=1000)
        live = Live(journal, lambda person, _: gone.append(person), history)
        following = asyncio.ensure_future(live.follow())
        assert await live.news(0, timeout_s=30)
        following.cancel()
    assert gone == ["dora"]


@pytest.mark.broker
async def test_the_web_process_over_a_journal_that_is_cut_between_two_lives(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = tmp_path / "settings.yaml"
    settings.write_text(f"state_dir: {tmp_path}\nweb: {{bind: '127.0.0.1:0'}}\n", "utf-8")
    bench = Bench(Choice.NATS, tmp_path / "broker")
    await bench.start()
    router = Router(open_file(tmp_path / f"{PLACE}.journal.sqlite", PLACE))
    documents = [Document(s, id, msgspec.json.encode(card)) for (s, id), card in CARDS.items()]
    await router.append([ConfigurationSet(item=i, author="test") for i in ITEMS], documents)
    old, present = await _two_alarms(router)
    jar = aiohttp.CookieJar(unsafe=True)
    headers = {"X-Varde": "1"}
    assert main(["code", "kari", "--settings", str(settings)]) == 0
    code = capsys.readouterr().out.strip()
    async with (
        web(bench, settings) as (_, url),
        aiohttp.ClientSession(url, cookie_jar=jar, headers=headers) as http,
    ):
        await healthy(http)
        await http.post("/api/sign-in", json={"code": code})
        before = await (await http.get(f"/api/alarms/{present}")).json()
        await _filed(tmp_path, router.journal.head())
    keeper = Keeper(router.journal, router.state, now)
    await keeper.keep()
    await keeper.keep()
    await router.journal.remove(router.journal.head() - 1, limit=1000)
    async with (
        web(bench, settings) as (_, url),
        aiohttp.ClientSession(url, cookie_jar=jar, headers=headers) as http,
    ):
        await healthy(http)
        after = await (await http.get(f"/api/alarms/{present}")).json()
        assert after["timeline"] == before["timeline"] != []
        told = await http.get(f"/api/alarms/{old}/story")
        assert (told.status, (await told.json())["steps"][0]["code"]) == (200, "alarm.raised")
        assert (await http.get("/api/alarms/none/story")).status == 404
    router.journal.close()
    await bench.broker.stop()


async def _two_alarms(router: Router) -> tuple[str, str]:
    """One that is over and archived, and one that looks for somebody."""
    found = []
    for number in range(2):
        await router.take(
            EventRecorded(
                event=derive_id("press", number),
                kind=Kind.HELP_PRESSED,
                subject=PENDANT,
                received_at=now(),
                adapter="scaip",
            )
        )
        (alarm,) = (a.id for a in router.state.alarms.values() if a.phase is Phase.LOOKING)
        found.append(alarm)
        if number == 0:
            await _over(router, alarm)
    return found[0], found[1]


async def _over(router: Router, alarm: str) -> None:
    await router.append(
        [
            AlarmAccepted(alarm=alarm, person="kari", due_at=now()),
            AlarmClosed(alarm=alarm, person="kari", outcome=OutcomeCode.TALK),
            AlarmArchived(alarm=alarm),
        ]
    )


async def _filed(folder: Path, head: int) -> None:
    path = folder / f"{PLACE}.history.sqlite"
    async with asyncio.timeout(30):
        while position(path, PLACE) < head:  # noqa: ASYNC110  # another process
            await asyncio.sleep(0.05)
