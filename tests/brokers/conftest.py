"""Every test here runs against each real broker."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from hub.brokers.choose import Choice
from tests.brokers.bench import Bench


@pytest_asyncio.fixture(params=[Choice.NATS, Choice.MOSQUITTO])
async def bench(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Bench]:
    bench = Bench(request.param, tmp_path / str(request.param))
    await bench.start()
    yield bench
    await bench.broker.stop()
