from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from tests.web.town import Browser, Town

NewBrowser = Callable[[], Browser]


@pytest.fixture
async def town(tmp_path: Path) -> Town:
    town = Town(tmp_path)
    await town.settle()
    return town


@pytest.fixture
async def url(town: Town) -> AsyncIterator[str]:
    async with town.open() as address:
        yield address


@pytest.fixture
async def someone(town: Town, url: str) -> AsyncIterator[NewBrowser]:
    """Makes browsers that are nobody yet."""
    async with AsyncExitStack() as stack:
        made: list[Browser] = []

        def make() -> Browser:
            made.append(Browser(town, url))
            return made[-1]

        yield make
        for browser in made:
            await stack.enter_async_context(browser)


@pytest.fixture
async def kari(someone: NewBrowser) -> Browser:
    return await someone().sign_in("kari")


@pytest.fixture
async def ola(someone: NewBrowser) -> Browser:
    return await someone().sign_in("ola")
