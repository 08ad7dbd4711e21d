"""(a) MQTT publish to webhook arrival, against baseline F on the same broker, runs interleaved."""

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from hub.brokers.choose import Choice
from routing.kinds import Lane
from routing.topics import event
from simulators.devicelog import DeviceLog
from simulators.pendant import Pendant
from simulators.sip.client import Receiver as SipReceiver
from simulators.sip.digest import Credentials
from tests.bench.disk import fsync_ms
from tests.bench.figures import quantile, show, spread
from tests.bench.receiver import Receiver
from tests.bench.site import Site, running
from tests.bench.town import ADAPTER, MUNICIPALITY, PENDANT, alarm_key, presses
from tests.bench.wire import Wire

MESSAGES, RATE_HZ, WARM_UP = 200, 50, 20
FRAMES, PAUSE_S = 40, 0.05
"""A second press is announced again only when the first page has its outcome."""
PATIENCE_S = 10.0
GOAL = 2.5
BASELINE_TOPIC = "baseline/alarm"


@dataclass(slots=True)
class Runs:
    """Median and p99 of each run, in ms."""

    medians: list[float] = field(default_factory=list)
    tails: list[float] = field(default_factory=list)

    def add(self, took_ms: list[float]) -> None:
        self.medians.append(median(took_ms))
        self.tails.append(quantile(took_ms, 0.99))


async def measure(broker: Choice, folder: Path, runs: int) -> None:
    """Measure and print the table of one broker."""
    receiver = Receiver()
    url = await receiver.start()
    ours, theirs, frames = Runs(), Runs(), Runs()
    disk_ms = fsync_ms(folder)
    counts = {"warm-up": WARM_UP, **dict.fromkeys(map(str, range(runs)), MESSAGES)}
    homes = {f"hub {name}": count for name, count in counts.items()}
    async with running(broker, folder, url, ("router", "adapters"), runs=homes) as site:
        async with _forwarder(site, url):
            adapters, devices = await site.wire("adapters"), await site.wire("devices")
            topic = event(MUNICIPALITY, Lane.HELP, ADAPTER)
            for name, count in counts.items():
                hub_ms = await _run(receiver, adapters, topic, f"hub {name}", count)
                f_ms = await _run(receiver, devices, BASELINE_TOPIC, f"f {name}", count)
                if name != "warm-up":
                    ours.add(hub_ms)
                    theirs.add(f_ms)
            adapters.close()
            devices.close()
        for seed in range(runs):
            frames.add(await _frames(receiver, site, seed))
    receiver.stop()
    _tell(broker, disk_ms, ours, theirs, frames)


def _tell(broker: Choice, disk_ms: float, ours: Runs, theirs: Runs, frames: Runs) -> None:
    pairs = zip(ours.medians, theirs.medians, strict=True)
    ratios = [hub_ms / f_ms for hub_ms, f_ms in pairs]
    rows = [
        ("baseline F", spread(theirs.medians), spread(theirs.tails), "1"),
        ("hub: publish to webhook", spread(ours.medians), spread(ours.tails), spread(ratios)),
        ("hub: SCAIP datagram to webhook", spread(frames.medians), spread(frames.tails), ""),
    ]
    head = ("path", "p50 ms", "p99 ms", f"ratio to F (goal {GOAL})")
    runs = len(ratios)
    show(
        f"webhook, {broker}: {runs} runs of {MESSAGES} at {RATE_HZ}/s, interleaved; median of the"
        f" runs (lowest-highest); fsync p50 of this disk {disk_ms:.2f} ms",
        head,
        rows,
    )


async def _run(receiver: Receiver, wire: Wire, topic: str, name: str, count: int) -> list[float]:
    """Publish so many presses at the rate and return how long each took to arrive, in ms."""
    receiver.clear()
    sent: dict[str, int] = {}
    began = time.monotonic()
    for number, (event_id, payload) in enumerate(presses(name, count, time.time_ns() // 1000)):
        await asyncio.sleep(max(0.0, began + number / RATE_HZ - time.monotonic()))
        sent[alarm_key(event_id)] = time.monotonic_ns()
        wire.publish(topic, payload)
    await receiver.until(count, PATIENCE_S)
    arrived = receiver.first_arrivals()
    if missing := sent.keys() - arrived.keys():
        raise RuntimeError(f"run {name}: {len(missing)} of {count} webhooks never arrived")
    return [(arrived[key] - at) / 1e6 for key, at in sent.items()]


async def _frames(receiver: Receiver, site: Site, seed: int) -> list[float]:
    """Press a simulated pendant, one press after the other; from its datagram to the webhook."""
    host, port = site.listeners[ADAPTER]["udp"]
    password = site.secrets.secret(f"scaip-{PENDANT}")
    pendant = Pendant(
        Credentials(PENDANT, password), [SipReceiver(host, port)], seed=seed, log=DeviceLog()
    )
    took_ms: list[float] = []
    for _ in range(FRAMES):
        receiver.clear()
        began = time.monotonic_ns()
        pressing = asyncio.create_task(pendant.press())
        await receiver.until(1, PATIENCE_S)
        if not (arrived := receiver.first_arrivals()):
            raise RuntimeError("a press of the simulated pendant reached nobody")
        took_ms += [(at - began) / 1e6 for at in arrived.values()]
        await pressing
        await asyncio.sleep(PAUSE_S)
    await pendant.stop()
    return took_ms


@asynccontextmanager
async def _forwarder(site: Site, url: str) -> AsyncIterator[None]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.bench.baseline"),
        *(str(site.endpoint.port), BASELINE_TOPIC, url),
        env={**os.environ, "VARDE_BENCH_PASSWORD": site.password("devices")},
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(PATIENCE_S):
            await process.stdout.readline()
        yield
    finally:
        process.terminate()
        await process.wait()
