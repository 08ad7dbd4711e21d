from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from tests.channels.rig import Rig, opened
from tests.channels.stub_gateway import StubGateway, stub_gateway
from tests.web.quick import quick_codes
from tests.web.town import Town

__all__ = ["quick_codes"]  # a fixture


@pytest.fixture
async def stub() -> AsyncIterator[StubGateway]:
    async with stub_gateway() as one:
        yield one


@pytest.fixture
async def second() -> AsyncIterator[StubGateway]:
    async with stub_gateway() as one:
        yield one


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
async def rig(tmp_path: Path, stub: StubGateway) -> AsyncIterator[Rig]:
    async with opened(tmp_path, stub) as one:
        yield one


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    (tmp_path / "town").mkdir()
    one = Town(tmp_path / "town")
    yield one
    one.directory.close()
