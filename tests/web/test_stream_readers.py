"""Readers that leave without a word leave nothing behind: open files are what a process runs out
of first."""

import asyncio
import gc
import os
from collections.abc import Callable

from tests.web.town import Browser, Town

AT_ONCE = 80
ROUNDS = 4
APART = 10
"""Files and tasks of other makes that may come and go meanwhile."""


def open_files() -> int:
    gc.collect()
    return len(os.listdir("/proc/self/fd"))


async def abandon(browser: Browser) -> None:
    """Open a stream, hear that it is there, and be gone."""
    response = await browser.http.get("/api/stream")
    await response.content.readline()
    response.close()


async def falls(count: Callable[[], int], limit: int) -> bool:
    """Wait until a number has fallen to the limit."""
    for _ in range(1_200):
        if count() <= limit:
            return True
        await asyncio.sleep(0.05)
    return False


async def test_streams_that_were_left_leave_no_open_file_and_no_task(
    town: Town, kari: Browser
) -> None:
    await abandon(kari)
    files, tasks = open_files(), len(asyncio.all_tasks())
    for _ in range(ROUNDS):
        await asyncio.gather(*(abandon(kari) for _ in range(AT_ONCE)))
    assert await falls(open_files, files + APART)
    assert await falls(lambda: len(asyncio.all_tasks()), tasks + APART)
    await town.press()
    assert len((await kari.get("/api/alarms"))[1]["alarms"]) == 1
