"""What follows a commit: the pages take their first step before anybody is answered."""

import asyncio

from adapters.session import Outcome
from hub.journal.memory import MemoryStore, open_writer
from hub.router.engine import Engine
from hub.router.runner import Runner
from hub.router.work import Batch, Work
from routing.kinds import Lane
from routing.presence import Presence
from routing.state import State
from tests.router.labs import heard
from tests.routing.story import START, alarm_id


async def test_a_page_is_under_way_before_the_device_is_answered() -> None:
    out: list[str] = []
    paging: list[asyncio.Task[None]] = []
    stop = asyncio.Event()

    async def page() -> None:
        out.append("page")

    def committed(_: Batch) -> None:
        paging.append(asyncio.get_running_loop().create_task(page()))

    def answer(_: Outcome) -> None:
        out.append("answer")
        stop.set()

    engine = Engine(State(), Presence(), alarm_id)
    runner = Runner(engine, open_writer(MemoryStore("simby")), lambda: START, committed)
    runner.take(Work(heard(), Lane.HELP, done=answer))
    async with asyncio.timeout(30):
        await runner.run(stop)
    assert out == ["page", "answer"]
