"""Fixtures of the bridge's tests; what they are made of is in rig.py."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from tests.bridge.rig import Broker, Clock, Hub, mosquitto, nats, until


@pytest.fixture(params=["mosquitto", "nats"])
async def broker(
    request: pytest.FixtureRequest, tmp_path: Path, free_port: Callable[[], int]
) -> AsyncIterator[Broker]:
    """Each test runs against both brokers."""
    if not {"mosquitto": mosquitto, "nats": nats}[request.param]():
        pytest.skip(f"{request.param} is not installed")
    home = tmp_path / "broker"
    home.mkdir()
    broker = Broker(request.param, free_port(), home)
    await broker.start()
    yield broker
    broker.stop()


@pytest.fixture
async def hub(broker: Broker) -> AsyncIterator[Hub]:
    hub = Hub(broker.port)
    await until(lambda: hub.subscribed)
    yield hub
    hub.stop()


@pytest.fixture
def clock() -> Clock:
    return Clock()
