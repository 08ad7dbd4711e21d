"""A few kills of real processes; `python -m tests.crash.run --kills 100` does the full number."""

from pathlib import Path

import pytest

from hub.brokers.choose import Choice
from tests.crash.run import RATE, Campaign, run

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

pytestmark = [pytest.mark.crash, pytest.mark.timeout(300)]


@pytest.mark.parametrize("choice", [Choice.NATS, Choice.MOSQUITTO])
@pytest.mark.parametrize("rate", [RATE, None], ids=["200-a-second", "saturation"])
async def test_nothing_is_lost_doubled_or_forgotten(
    tmp_path: Path, choice: Choice, rate: float | None
) -> None:
    campaign = Campaign(choice, rate, kills=7, seed=7, wait_s=6)
    result = await run(campaign, tmp_path)
    assert result.failures == []
    assert result.kills == 7
    assert result.alarms == result.presses > 100


async def test_a_router_that_confirms_before_its_commit_is_found(
    tmp_path: Path, root: Path
) -> None:
    plant = tmp_path / "plant"
    plant.mkdir()
    (plant / "sitecustomize.py").write_text(CONFIRMS_TOO_EARLY)
    environ = {"PYTHONPATH": f"{plant}:{root}"}
    campaign = Campaign(Choice.NATS, RATE, 2, seed=7, wait_s=2, kinds=("held",), environ=environ)
    result = await run(campaign, tmp_path)
    assert any(
        "was confirmed to its device and is not in the journal" in f for f in result.failures
    )
