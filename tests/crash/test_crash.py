"""A few kills of real processes; `python -m tests.crash.run --kills 100` does the full number."""

from pathlib import Path

import pytest

from hub.brokers.choose import Choice
from tests.crash.run import RATE, Campaign, run

pytestmark = [pytest.mark.crash, pytest.mark.timeout(300)]


@pytest.mark.parametrize("choice", [Choice.NATS, Choice.MOSQUITTO])
@pytest.mark.parametrize("rate", [RATE, None], ids=["200-a-second", "saturation"])
async def test_nothing_is_lost_doubled_or_forgotten(
    tmp_path: Path, choice: Choice, rate: float | None
) -> None:
    campaign = Campaign(choice, rate, kills=5, seed=7, wait_s=6)
    result = await run(campaign, tmp_path)
    assert result.failures == []
    assert result.kills >= 5
    assert result.alarms == result.presses > 100
