"""Two real routers on one journal: the second waits, takes over; the first ends as it wakes."""

import asyncio
import os
import signal
from contextlib import closing
from pathlib import Path

import pytest

from hub.brokers.choose import Choice
from hub.journal.sqlite import open_reader
from hub.mqtt import Publisher
from routing.facts import AlarmRaised, EventRecorded
from tests.crash.rig import TOWN, Rig
from tests.crash.test_crash import TOPIC, press

pytestmark = [pytest.mark.crash, pytest.mark.timeout(120)]


@pytest.mark.parametrize("choice", [Choice.NATS, Choice.MOSQUITTO])
@pytest.mark.parametrize("by", [signal.SIGSTOP, signal.SIGKILL], ids=["asleep", "dead"])
async def test_a_standby_takes_over_journal_and_sessions(
    tmp_path: Path, choice: Choice, by: signal.Signals
) -> None:
    rig = Rig(tmp_path, choice, wait_s=600)
    await rig.configure("http://127.0.0.1:1/")
    await rig.start_broker()
    publisher = Publisher(rig.login("adapters"), "presses")
    await publisher.start()
    first = await rig.spawn_router()
    try:
        await rig.router_ready()
        await publisher.publish(TOPIC, press(0), timeout_s=30)
        await rig.until_recorded(EventRecorded, 1, within_s=30)
        await rig.spawn_router()  # waits, and is not ready
        await _until_it_waits(rig)
        os.kill(first.pid, by)
        await publisher.publish(TOPIC, press(1), timeout_s=30)
        await rig.router_ready()
        await publisher.publish(TOPIC, press(2), timeout_s=30)
        await rig.until_recorded(EventRecorded, 3, within_s=30)
        if by is signal.SIGSTOP:
            os.kill(first.pid, signal.SIGCONT)
        code = await asyncio.wait_for(first.wait(), 30)
        assert code == (1 if by is signal.SIGSTOP else -signal.SIGKILL), rig.said()
        await publisher.publish(TOPIC, press(3), timeout_s=30)
        await rig.until_recorded(EventRecorded, 4, within_s=30)
    finally:
        if first.returncode is None:
            first.kill()
            await first.wait()
        await publisher.stop()
        await rig.stop()
    with closing(open_reader(rig.settings.journal_path(TOWN), TOWN)) as journal:
        raised = [r.fact for r in journal.read(0) if isinstance(r.fact, AlarmRaised)]
        lease = journal.lease()
    assert len(raised) == len({one.subject for one in raised}) == 4
    assert lease is not None
    assert lease.token == 3, "the configuration's, the first router's, the second router's"


async def _until_it_waits(rig: Rig) -> None:
    async with asyncio.timeout(30):
        while "standing by" not in rig.said():  # noqa: ASYNC110 another process says it
            await asyncio.sleep(0.05)
