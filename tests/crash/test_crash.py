"""A few kills of real processes; `python -m tests.crash.run --kills 100` does the full number."""

import asyncio
from pathlib import Path

import pytest

from hub.brokers.choose import Choice
from hub.mqtt import Publisher
from routing import topics
from routing.event import derive_id, make_event
from routing.facts import EventRecorded
from routing.kinds import Kind, Lane
from tests.crash.rig import TOWN, Rig, now
from tests.crash.run import RATE, Campaign, run

TOPIC = topics.event(TOWN, Lane.HELP, "scaip")

CONFIRMS_TOO_EARLY = """
import sys

if "hub.router.process" in sys.orig_argv:
    from hub.router.engine import Engine

    honest = Engine.turn

    def turn(self, at):
        batch = honest(self, at)
        for done, outcome in batch.done if batch else ():
            done(outcome)
        if batch:
            batch.done.clear()
        return batch

    Engine.turn = turn
"""
"""As `sitecustomize`: a router that acknowledges and confirms what it has only decided."""
SMALL_WINDOW = """
import sys

if "hub.router.process" in sys.orig_argv:
    from hub.mqtt.session import ManualAckSession

    ManualAckSession.__init__.__kwdefaults__["window"] = 50
"""
"""As `sitecustomize`: a backlog of hundreds is larger than what a session takes in at a time."""
BACKLOG = 500
SLACK_S = 30.0
"""How late a step may be on a machine that has other work besides; a lost timer comes never."""

pytestmark = [pytest.mark.crash, pytest.mark.timeout(300)]


@pytest.mark.parametrize("choice", [Choice.NATS, Choice.MOSQUITTO])
@pytest.mark.parametrize("rate", [RATE, None], ids=["200-a-second", "saturation"])
async def test_nothing_is_lost_doubled_or_forgotten(
    tmp_path: Path, choice: Choice, rate: float | None
) -> None:
    campaign = Campaign(choice, rate, kills=7, seed=7, wait_s=6, slack_s=SLACK_S)
    result = await run(campaign, tmp_path)
    assert result.failures == []
    assert result.kills == 7
    assert result.alarms == result.presses > 100


async def test_a_router_that_confirms_before_its_commit_is_found(
    tmp_path: Path, root: Path
) -> None:
    environ = planted(tmp_path, root, CONFIRMS_TOO_EARLY)
    campaign = Campaign(Choice.NATS, RATE, 2, seed=7, wait_s=2, kinds=("held",), environ=environ)
    result = await run(campaign, tmp_path)
    assert any(
        "was confirmed to its device and is not in the journal" in f for f in result.failures
    )


@pytest.mark.parametrize("choice", [Choice.NATS, Choice.MOSQUITTO])
async def test_a_backlog_larger_than_a_session_takes_in_is_worked_off_at_the_start(
    tmp_path: Path, choice: Choice, root: Path
) -> None:
    rig = Rig(tmp_path, choice, wait_s=600, environ=planted(tmp_path, root, SMALL_WINDOW))
    await rig.configure("http://127.0.0.1:1/")
    try:
        await rig.start_broker()
        await rig.start_router()
        await rig.kill_router()
        publisher = Publisher(rig.login("adapters"), "backlog")
        await publisher.start()
        presses = (press(number) for number in range(BACKLOG))
        await asyncio.gather(*(publisher.publish(TOPIC, one, timeout_s=30) for one in presses))
        await publisher.stop()
        await rig.start_router()
        await rig.until_recorded(EventRecorded, BACKLOG, within_s=60)
    finally:
        await rig.stop()


def planted(folder: Path, root: Path, code: str) -> dict[str, str]:
    """Return the environment in which the code runs first."""
    plant = folder / "plant"
    plant.mkdir()
    (plant / "sitecustomize.py").write_text(code)
    return {"PYTHONPATH": f"{plant}:{root}"}


def press(number: int) -> bytes:
    """Return a press of a device of its own."""
    return make_event(
        Kind.HELP_PRESSED,
        id=derive_id("backlog", number),
        source="/adapters/scaip/scaip",
        subject=f"scaip:{number}",
        received_at=now(),
    ).to_json()
