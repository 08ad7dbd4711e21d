"""What adapters are told: after the commit, commands first, again until the broker has it."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest

from hub.mqtt import NotConfirmed
from hub.router import down as module
from hub.router.down import Down
from routing.lifecycle import Phase
from routing.locks.told import Told
from routing.to_device import AlarmProgress, DeviceAction, DeviceCommand

COMMAND = DeviceCommand(id="c1", subject="nuki:1", action=DeviceAction.UNLOCK, expires_at=100)


def progress(phase: Phase, alarm: str = "a1") -> Told:
    return Told("ward", alarm, AlarmProgress(event="e1", subject="espax:1", phase=phase))


@dataclass
class Broker:
    """Takes what it is given, unless it is to refuse."""

    connected: bool = True
    refuses: int = 0
    held: asyncio.Event = field(default_factory=asyncio.Event)
    taken: list[tuple[str, str]] = field(default_factory=list)
    stopped: bool = False

    async def start(self) -> None:
        await self.held.wait()

    async def publish(self, topic: str, payload: bytes) -> None:
        await asyncio.sleep(0)
        if self.refuses:
            self.refuses -= 1
            raise NotConfirmed("away")
        said = json.loads(payload)
        self.taken.append((topic, said.get("phase") or said["action"]))

    async def stop(self) -> None:
        self.stopped = True


@asynccontextmanager
async def running(broker: Broker, down: Down) -> AsyncIterator[None]:
    task = asyncio.ensure_future(down.run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert broker.stopped


async def until(holds: Callable[[], object]) -> None:
    async with asyncio.timeout(30):
        while not holds():  # noqa: ASYNC110 what is waited for has no event of its own
            await asyncio.sleep(0)


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PAUSE_S", 0)


async def test_commands_go_first_and_of_each_alarm_only_what_is_so_now() -> None:
    broker = Broker()
    down = Down(broker, "simby", lambda: 0)
    async with running(broker, down):
        down.take([progress(Phase.ACCEPTED), progress(Phase.CLOSED, "a2")])
        down.take([Told("front", "c1", COMMAND), progress(Phase.ON_THE_WAY)])
        broker.held.set()
        await until(lambda: len(broker.taken) == 3)
    ward = "varde/v1/simby/device/ward"
    assert broker.taken == [
        ("varde/v1/simby/device/front", "unlock"),
        (ward, "on_the_way"),
        (ward, "closed"),
    ]


async def test_what_the_broker_has_not_taken_is_told_again() -> None:
    broker = Broker(refuses=3)
    broker.held.set()
    down = Down(broker, "simby", lambda: 0)
    async with running(broker, down):
        down.take([Told("front", "c1", COMMAND)])
        await until(lambda: broker.taken)
    assert (len(broker.taken), broker.refuses) == (1, 0)


async def test_a_command_that_expires_while_the_broker_is_away_is_given_up() -> None:
    broker, now = Broker(connected=False), [99]
    broker.held.set()
    down = Down(broker, "simby", lambda: now[0])
    async with running(broker, down):
        down.take([Told("front", "c1", COMMAND), progress(Phase.ACCEPTED)])
        await asyncio.sleep(0)
        now[0] = 100
        broker.connected = True
        await until(lambda: broker.taken)
    assert broker.taken == [("varde/v1/simby/device/ward", "accepted")]


async def test_whoever_no_longer_writes_the_journal_tells_nobody() -> None:
    broker, may = Broker(), [False]
    broker.held.set()
    down = Down(broker, "simby", lambda: 0, lambda: may[0])
    async with running(broker, down):
        down.take([Told("front", "c1", COMMAND)])
        for _ in range(10):
            await asyncio.sleep(0)
        may[0] = True
        down.take([progress(Phase.ACCEPTED)])
        await until(lambda: broker.taken)
    assert [what for _, what in broker.taken] == ["accepted"]
