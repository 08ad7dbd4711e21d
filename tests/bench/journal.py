"""(e) The SQLite journal: one append at a time, appends under load, and a reader in another
process."""

import asyncio
import sys
import time
from contextlib import suppress
from pathlib import Path

import msgspec

from hub.journal.port import Journal
from hub.journal.sqlite import open_writer
from routing.event import derive_id
from routing.facts import EventRecorded
from routing.kinds import Kind
from tests.bench.disk import fsync_ms
from tests.bench.figures import quantile, show, spread

SINGLE, PAUSE_S = 300, 0.005
AT_ONCE, LOAD_S = 64, 2.0


def _fact(number: int) -> EventRecorded:
    return EventRecorded(
        event=derive_id(number),
        kind=Kind.HELP_PRESSED,
        subject="scaip:1",
        received_at=1,
        adapter="a",
    )


async def measure(folder: Path, runs: int) -> None:
    """Measure and print the table."""
    disk_ms = fsync_ms(folder)
    took: dict[str, list[float]] = {}
    for run in range(runs):
        for name, value in (await _run(folder / f"run-{run}.sqlite")).items():
            took.setdefault(name, []).append(value)
    rows = [(name, spread(values)) for name, values in took.items()]
    show(
        f"journal: median of {runs} runs (lowest-highest); fsync p50 of this disk {disk_ms:.2f} ms",
        ("what", "figure"),
        rows,
    )


async def _run(path: Path) -> dict[str, float]:
    journal = open_writer(path, "bench")
    reader = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.bench.tailer", str(path), str(SINGLE)),
        stdout=asyncio.subprocess.PIPE,
    )
    assert reader.stdout is not None
    try:
        await reader.stdout.readline()
        began, durable = await _one_by_one(journal)
        seen = msgspec.json.decode(await reader.stdout.readline(), type=list[int])
        rate_hz = await _at_once(journal)
    finally:
        await _end(reader)
        journal.close()
    append_ms = [(end - start) / 1e6 for start, end in zip(began, durable, strict=True)]
    tail_ms = [(at - end) / 1e6 for at, end in zip(seen, durable, strict=True)]
    return {
        "append to durable, p50 ms": quantile(append_ms, 0.5),
        "append to durable, p99 ms": quantile(append_ms, 0.99),
        "durable to seen in another process, p50 ms": quantile(tail_ms, 0.5),
        "durable to seen in another process, p99 ms": quantile(tail_ms, 0.99),
        f"appends/s, {AT_ONCE} at once": rate_hz,
    }


async def _end(process: asyncio.subprocess.Process) -> None:
    """End a process that may have ended by itself already."""
    if process.returncode is None:
        with suppress(ProcessLookupError):
            process.terminate()
    await process.wait()


async def _one_by_one(journal: Journal) -> tuple[list[int], list[int]]:
    began, durable = [], []
    for number in range(SINGLE):
        await asyncio.sleep(PAUSE_S)
        began.append(time.monotonic_ns())
        await journal.append([_fact(number)], 1)
        durable.append(time.monotonic_ns())
    return began, durable


async def _at_once(journal: Journal) -> float:
    until = time.monotonic() + LOAD_S

    async def append() -> int:
        number = 0
        while time.monotonic() < until:
            number += 1
            await journal.append([_fact(number)], 1)
        return number

    return sum(await asyncio.gather(*(append() for _ in range(AT_ONCE)))) / LOAD_S
