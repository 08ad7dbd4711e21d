"""From a published press to the phones: to every open page (SSE), and by push to the receipt of the
phone's own worker, as the journal records it."""

import asyncio
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from hub.brokers.choose import Choice
from hub.journal.sqlite import open_reader
from routing.facts import SendEnded
from routing.kinds import Lane
from routing.topics import event
from tests.bench.cpu import cpu_s
from tests.bench.figures import quantile, show
from tests.bench.phone_load import Result, Task
from tests.bench.phone_town import phone_file, sign_in
from tests.bench.site import Site, running
from tests.bench.town import ADAPTER, MUNICIPALITY, alarm_key, presses

PRESSES, RATE_HZ = 20, 2.0
ALL_CALLED = 3
"""Presses that call everybody, one when the one before is received by all."""
WARM_UP = 3
READY_WITHIN_S, PATIENCE_S = 120.0, 60.0
GOAL_MS, GOAL_PHONES = 250.0, 500
Row = tuple[object, ...]


async def measure(broker: Choice, folder: Path, sizes: Sequence[int]) -> None:
    """Measure and print the table of one broker."""
    rows: list[Row] = []
    for size in sizes:
        for name, kind, all_called in (
            ("open pages (SSE)", "sse", False),
            ("push, one is called", "push", False),
            ("push, all are called", "push", True),
        ):
            place = folder / f"{kind}-{size}-{all_called}"
            place.mkdir()
            took_ms, used = await _measured(broker, place, size, kind, all_called=all_called)
            rows.append(_row(name, size, took_ms, used))
            print("  ", *rows[-1], flush=True)
    show(
        f"phones, {broker}: press published until it is on the phone; {PRESSES} presses at"
        f" {RATE_HZ:g}/s, {ALL_CALLED} where all are called (goal: SSE p99 <= {GOAL_MS:.0f} ms at"
        f" {GOAL_PHONES})",
        ("way", "phones", "arrivals", "p50 ms", "p99 ms", "max ms", "router, web (processors)"),
        rows,
    )


def _row(name: str, size: int, took_ms: Sequence[float], used: str) -> Row:
    figures = (quantile(took_ms, 0.5), quantile(took_ms, 0.99), max(took_ms))
    return name, size, len(took_ms), *(f"{one:.1f}" for one in figures), used


async def _measured(
    broker: Choice, folder: Path, size: int, kind: str, *, all_called: bool
) -> tuple[list[float], str]:
    """Return how long each arrival took, and the processors that the hub used."""
    count = ALL_CALLED if all_called else PRESSES
    town = phone_file(size, all_called=all_called)
    runs = {"warm-up": WARM_UP, "press": count}
    async with running(broker, folder, None, ("router", "web"), town=town, runs=runs) as site:
        load = await _Load.start(Task(kind, site.web, [*sign_in(site, size)]))
        try:
            receipts = 0 if kind == "sse" else size if all_called else 1
            presser = _Presser(site, receipts, in_turn=all_called)
            await presser.press("warm-up", WARM_UP)
            before, began = _cpu(site), time.monotonic()
            published = await presser.press("press", count)
            took_s = time.monotonic() - began
            used = [(now - was) / took_s for was, now in zip(before, _cpu(site), strict=True)]
            heard = (await load.end()).first
        finally:
            await load.kill()
        took_ms = presser.to_receipts(published) if receipts else _to_pages(published, heard)
    return took_ms, ", ".join(f"{one:.2f}" for one in used)


def _cpu(site: Site) -> list[float]:
    return [cpu_s(site.pids[name]) for name in ("router", "web")]


def _alarm(event_id: str) -> str:
    return f"{MUNICIPALITY}-{alarm_key(event_id)}"


def _to_pages(published: dict[str, int], heard: Sequence[dict[str, int]]) -> list[float]:
    """Return the time of each press at each page; RuntimeError when one never came."""
    missing = sum(alarm not in first for alarm in published for first in heard)
    if missing:
        raise RuntimeError(f"{missing} of {len(published) * len(heard)} never reached their page")
    return [(first[alarm] - at) / 1e6 for alarm, at in published.items() for first in heard]


class _Presser:
    """Publishes presses, and reads from the journal which sends were received when."""

    def __init__(self, site: Site, receipts: int, *, in_turn: bool) -> None:
        """`receipts` are awaited for each press, before the next one if `in_turn`."""
        self._site, self._receipts, self._in_turn = site, receipts, in_turn
        self._received: list[tuple[str, int]] = []
        self._wall_ns = time.time_ns() - time.monotonic_ns()
        self._seq = 0

    async def press(self, run: str, count: int) -> dict[str, int]:
        """Publish so many; return alarm to when it was published, monotonic ns."""
        wire = await self._site.wire("adapters")
        topic, before = event(MUNICIPALITY, Lane.HELP, ADAPTER), len(self._received)
        published: dict[str, int] = {}
        began = time.monotonic()
        for number, (id, octets) in enumerate(presses(run, count, time.time_ns() // 1000)):
            if self._in_turn:
                await self._until(before + number * self._receipts)
            else:
                await asyncio.sleep(max(0.0, began + number / RATE_HZ - time.monotonic()))
            published[_alarm(id)] = time.monotonic_ns()
            wire.publish(topic, octets)
        await self._until(before + count * self._receipts)
        await asyncio.sleep(1)
        wire.close()
        return published

    def to_receipts(self, published: dict[str, int]) -> list[float]:
        """Return the time of each receipt of these presses, in ms."""
        return [
            (at_us * 1000 - self._wall_ns - published[alarm]) / 1e6
            for alarm, at_us in self._received
            if alarm in published
        ]

    async def _until(self, count: int) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while len(self._received) < count:
            if time.monotonic() > deadline:
                raise RuntimeError(f"{len(self._received)} of {count} sends were received")
            await asyncio.sleep(0.05)
            self._read()

    def _read(self) -> None:
        journal = open_reader(self._site.settings.journal_path(MUNICIPALITY), MUNICIPALITY)
        try:
            while records := journal.read(self._seq):
                self._seq = records[-1].seq
                self._received += [
                    (record.fact.alarm, record.recorded_at)
                    for record in records
                    if isinstance(record.fact, SendEnded) and record.fact.delivered
                ]
        finally:
            journal.close()


@dataclass
class _Load:
    """The phones' process."""

    process: asyncio.subprocess.Process

    @classmethod
    async def start(cls, task: Task) -> "_Load":
        """Start it and return when every phone is ready."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.bench.phone_load"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=1 << 28,
        )
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(msgspec.json.encode(task) + b"\n")
        async with asyncio.timeout(READY_WITHIN_S):
            if await process.stdout.readline() != b"ready\n":
                raise RuntimeError("the phones did not get ready; the reason stands above")
        return cls(process)

    async def end(self) -> Result:
        """End it and return what the phones saw."""
        said, _ = await self.process.communicate(b"end\n")
        return msgspec.json.decode(said, type=Result)

    async def kill(self) -> None:
        """Leave nothing behind, whatever went wrong."""
        if self.process.returncode is None:
            self.process.kill()
            await self.process.wait()
