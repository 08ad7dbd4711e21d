"""The demonstration on the real hub: the story of `--smoke`, and a demonstration that is killed."""

import asyncio
import json
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from tests.simulators.until import until

pytestmark = pytest.mark.broker
READY_WITHIN_S = 60.0


@asynccontextmanager
async def demo(*arguments: str) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "simulators.demo", *arguments),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
        await process.communicate()


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        # ProcessLookupError: it ended between the opening and the reading.
        return False
    # A child that nobody has waited for yet is dead all the same.
    return " Z " not in state


@pytest.fixture
def ends_slowly() -> float:
    """How long the hub may take to end in order, in seconds."""
    return 20.0


async def test_all_four_families_reach_a_closed_alarm_and_people_without_a_page_are_reached() -> (
    None
):
    async with demo("--smoke") as process:
        said, complained = await process.communicate()
    assert process.returncode == 0, complained.decode()
    facts = [line.split()[0] for line in said.decode().splitlines() if line.endswith(" ms")]
    families = ["pendant"] * 6 + ["dispenser"] * 6 + ["door"] * 6 + ["gps"] * 6
    assert facts == [*families, *["push"] * 3, *["sms"] * 3]


@pytest.mark.crash
@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM], ids=["kill", "term"])
async def test_nothing_outlives_the_demonstration(
    how: signal.Signals, tmp_path: Path, ends_slowly: float
) -> None:
    async with demo("--keep", str(tmp_path)) as process:
        assert process.stdout is not None
        async with asyncio.timeout(READY_WITHIN_S):
            opened = (await process.stdout.readline()).decode()
        run = json.loads((tmp_path / "run.json").read_text())
        pids = [int(pid) for pid in run["pids"].values()]
        assert len(pids) >= 3
        assert all(alive(pid) for pid in pids)
        url = opened.removeprefix("Open ").strip()
        async with aiohttp.ClientSession() as session, session.get(url) as response:
            assert response.status == 200
        process.send_signal(how)
        await until(lambda: not any(alive(pid) for pid in pids), ends_slowly)
