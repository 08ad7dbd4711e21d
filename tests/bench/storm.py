"""(f) Help during a storm: 10,000 technical events of registered devices in 10 s beside presses.

From publishing a press until its webhook arrives, first with nothing else going on, then with the
storm, which another process publishes (`python -m tests.bench.storm`, a `Storm` on standard input).
"""

import asyncio
import json
import sys
import time
from pathlib import Path

import msgspec

from hub.brokers.choose import Choice
from routing.event import derive_id, make_event
from routing.kinds import Kind, Lane
from routing.topics import event
from tests.bench.figures import quantile, show
from tests.bench.receiver import Receiver
from tests.bench.site import Site, running
from tests.bench.town import ADAPTER, MUNICIPALITY, alarm_key, municipality_file, presses
from tests.bench.wire import Wire

DEVICES, ROUNDS, WITHIN_S = 2_500, 4, 10.0
KINDS = (Kind.MAINS_LOST, Kind.BATTERY_LOW, Kind.MAINS_RESTORED, Kind.LINK_LOST)
"""One round of each: a power cut as one of the municipality's devices tells it."""
PRESS_HZ, PATIENCE_S, GOAL_MS = 50, 20.0, 20.0
RUNS, PRESSES = ("warm-up", "idle", "storm"), int(PRESS_HZ * WITHIN_S)
TICK = 20
"""Events published together: 50 times a second."""


class Storm(msgspec.Struct, frozen=True):
    """Where the storm goes."""

    host: str
    port: int
    password: str


async def measure(broker: Choice, folder: Path, runs: int) -> None:
    """Measure and print the table."""
    receiver = Receiver()
    url = await receiver.start()
    rows: list[tuple[object, ...]] = []
    for run in range(runs):
        place = folder / str(run)
        place.mkdir()
        async with running(
            broker, place, url, town=_town(url), runs=dict.fromkeys(RUNS, PRESSES)
        ) as site:
            wire = await site.wire("adapters")
            await _presses(receiver, wire, "warm-up")
            idle = await _presses(receiver, wire, "idle")
            storming = asyncio.create_task(_storm(site))
            await asyncio.sleep(0.5)
            busy = await _presses(receiver, wire, "storm")
            sent_s = await storming
            wire.close()
        rows.append(_row(run, idle, busy, sent_s))
    receiver.stop()
    show(
        f"storm, {broker}: {DEVICES * ROUNDS:,} technical events of {DEVICES:,} devices beside"
        f" {PRESS_HZ} presses/s (goal: p99 <= idle + {GOAL_MS:.0f} ms)",
        ("run", "idle p50 ms", "p99", "storm p50 ms", "p99", "added p99", "storm sent in s", ""),
        rows,
    )


def _row(run: int, idle: list[float], busy: list[float], sent_s: float) -> tuple[object, ...]:
    figures = [quantile(took, part) for took in (idle, busy) for part in (0.5, 0.99)]
    added = figures[3] - figures[1]
    holds = "holds" if added <= GOAL_MS else "no"
    return run, *(f"{one:.1f}" for one in (*figures, added, sent_s)), holds


def _town(url: str) -> str:
    town = json.loads(municipality_file(url))
    town["devices"] += [
        {"id": f"s{number}", "name": "Enhet", "subject": _subject(number), "unit": "north"}
        for number in range(DEVICES)
    ]
    return json.dumps(town)


def _subject(number: int) -> str:
    return f"scaip:storm-{number}"


async def _presses(receiver: Receiver, wire: Wire, name: str) -> list[float]:
    """Publish presses for as long as the storm lasts; return how long each took, in ms."""
    receiver.clear()
    sent: dict[str, int] = {}
    began = time.monotonic()
    topic = event(MUNICIPALITY, Lane.HELP, ADAPTER)
    for number, (event_id, payload) in enumerate(presses(name, PRESSES, time.time_ns() // 1000)):
        await asyncio.sleep(max(0.0, began + number / PRESS_HZ - time.monotonic()))
        sent[alarm_key(event_id)] = time.monotonic_ns()
        wire.publish(topic, payload)
    deadline = time.monotonic() + PATIENCE_S
    while not sent.keys() <= (arrived := receiver.first_arrivals()).keys():
        if time.monotonic() > deadline:
            raise RuntimeError(
                f"{name}: {len(sent.keys() - arrived.keys())} presses reached nobody"
            )
        await asyncio.sleep(0.05)
    return [(arrived[key] - at) / 1e6 for key, at in sent.items()]


async def _storm(site: Site) -> float:
    """Run the other process and return how long it took to publish."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.bench.storm"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    task = Storm(site.endpoint.host, site.endpoint.port, site.password("adapters"))
    said, _ = await process.communicate(msgspec.json.encode(task))
    return msgspec.json.decode(said, type=float)


async def _publish(storm: Storm) -> float:
    wire = Wire(lambda topic, payload: None)
    await wire.connect(storm.host, storm.port, "adapters", storm.password)
    topic = event(MUNICIPALITY, Lane.TELEMETRY, ADAPTER)
    payloads = [_event(kind, number) for kind in KINDS for number in range(DEVICES)]
    began = time.monotonic()
    for number in range(0, len(payloads), TICK):
        due = began + number * WITHIN_S / len(payloads)
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        for payload in payloads[number : number + TICK]:
            wire.publish(topic, payload)
    took_s = time.monotonic() - began
    while wire.acknowledged < len(payloads):  # noqa: ASYNC110 a small client tells no one
        await asyncio.sleep(0.05)
    wire.close()
    return took_s


def _event(kind: Kind, number: int) -> bytes:
    return make_event(
        kind,
        id=derive_id("storm", kind, number),
        source=f"/adapters/scaip/{ADAPTER}",
        subject=_subject(number),
        received_at=time.time_ns() // 1000,
    ).to_json()


if __name__ == "__main__":
    took_s = asyncio.run(_publish(msgspec.json.decode(sys.stdin.buffer.read(), type=Storm)))
    sys.stdout.buffer.write(msgspec.json.encode(took_s))
