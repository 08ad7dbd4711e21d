"""Commands about being reached from the web process: out, and their end back by the journal."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from hub.web.commands import send
from hub.web.receipts import publish
from hub.web.refusal import Refusal
from routing.facts import ConfigurationSet
from routing.municipality import Person, Role
from routing.proofs.command import ReachAction, ReachCommand
from routing.proofs.facts import ReachEnded
from tests.web.town import Town

KARI = Person(id="kari", roles=(Role.STAFF,), teams=("day",), channels=("push-1", "sms-2"))


@asynccontextmanager
async def following(folder: Path) -> AsyncIterator[Town]:
    town = Town(folder)
    await town.settle()
    await town.append([ConfigurationSet(item=KARI, author="test")])
    task = asyncio.create_task(town.live.follow())
    try:
        yield town
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        town.directory.close()


def command(town: Town, id: str, person: str = "kari", **more: object) -> ReachCommand:
    said = {"action": ReachAction.TEST, **more}
    return ReachCommand(id=id, person=person, made_at=town.now, **said)  # type: ignore[arg-type]


async def test_a_test_and_its_answer_come_back(tmp_path: Path) -> None:
    async with following(tmp_path) as town:
        ended = await send(town.site, command(town, "test-one"))
        assert isinstance(ended, ReachEnded)
        assert (ended.refused, ended.test) == (None, "test-test-one")
        await publish(town.site, "test-test-one:t:kari:push-1", delivered=True, code="receipt")
        assert [one.send for one in town.receipts] == ["test-test-one:t:kari:push-1"]
        answer = command(town, "answer-one", action=ReachAction.ANSWER, test=ended.test)
        ended = await send(town.site, answer)
        assert ended is not None
        assert ended.refused is None
        assert town.state.proofs.of("kari", "push-1").proven_at == town.now


async def test_the_same_command_again_is_answered_without_the_router(tmp_path: Path) -> None:
    async with following(tmp_path) as town:
        first = await send(town.site, command(town, "test-one"))
        town.deaf = True
        assert await send(town.site, command(town, "test-one")) == first
        assert await send(town.site, command(town, "test-two")) is None


async def test_somebody_elses_command_id_is_refused(tmp_path: Path) -> None:
    async with following(tmp_path) as town:
        await send(town.site, command(town, "test-one"))
        with pytest.raises(Refusal):
            await send(town.site, command(town, "test-one", person="ola"))
        with pytest.raises(Refusal):
            await send(town.site, command(town, "test-one", action=ReachAction.END))
