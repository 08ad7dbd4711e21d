from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from routing.facts import ConfigurationSet
from routing.municipality import Person, Role
from tests.web.locked import Phone, lock
from tests.web.quick import quick_codes
from tests.web.town import Browser, Town

__all__ = ["quick_codes"]  # a fixture

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


@pytest.fixture
async def pushed(town: Town) -> None:
    """Let Kari and Ola be called by push, and by SMS after it."""
    for id in ("kari", "ola"):
        person = Person(id=id, roles=(Role.STAFF,), teams=("day",), channels=("push-1", "sms-1"))
        await town.append([ConfigurationSet(item=person, author="test")])


@pytest.fixture
async def phone(town: Town, kari: Browser, pushed: None) -> Phone:
    """Kari's locked phone."""
    return await lock(town, kari)


@pytest.fixture
async def olas(town: Town, ola: Browser, pushed: None) -> Phone:
    """Ola's locked phone."""
    return await lock(town, ola)
