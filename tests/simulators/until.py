"""Waiting for what a stub has seen."""

import asyncio
from collections.abc import Callable

PATIENCE_S = 30.0
"""A machine that has other work is slow; what does not come at all is found all the same."""


async def until(happened: Callable[[], bool], within_s: float = PATIENCE_S) -> None:
    """Return when it has happened; TimeoutError says that it did not."""
    async with asyncio.timeout(within_s):
        while not happened():  # noqa: ASYNC110 - a stub's lists have no event to wait for
            await asyncio.sleep(0.001)
