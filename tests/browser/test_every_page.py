"""Every page on a phone in every language and on a desk: by axe-core, by touch, by the Tab key, in
light and dark, on a narrow screen, with large text, and without motion."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from hub.text import LANGUAGES
from tests.browser.rounds import ROUNDS, Asked, Found, go_round
from tests.browser.visits import visits

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
Round = Callable[[str, str], Awaitable[Found]]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def round_of(chromium: Browser) -> Round:
    """Return what a round has found; whoever asks first goes it."""
    gone: dict[tuple[str, str], asyncio.Task[Found]] = {}

    async def found(device: str, language: str) -> Found:
        where = device, language
        if where not in gone:
            gone[where] = asyncio.create_task(go_round(chromium, device, language))
        return await gone[where]

    return found


@pytest.mark.parametrize(
    ("device", "language", "asked"),
    [(*where, asked) for where, every in ROUNDS.items() for asked in every],
)
async def test_every_page(round_of: Round, device: str, language: str, asked: Asked) -> None:
    pages, wrong = await round_of(device, language)
    assert sorted(pages) == sorted(visit.path for visit in visits())
    assert wrong[asked] == [], "\n".join(wrong[asked])


async def test_a_phone_is_tried_in_every_language() -> None:
    assert {language for device, language in ROUNDS if device == "phone"} == set(LANGUAGES)
