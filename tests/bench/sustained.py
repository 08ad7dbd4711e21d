"""(b) Alarms per second, each from another device, each with an unaccepted timer armed."""

import asyncio
import sys
from dataclasses import dataclass
from pathlib import Path

import msgspec

from hub.brokers.choose import Choice
from routing.lifecycle import Phase
from tests.bench.cpu import cpu_s
from tests.bench.disk import fsync_ms
from tests.bench.figures import quantile, show
from tests.bench.load import Result, Task
from tests.bench.receiver import Receiver
from tests.bench.site import Site, running

LADDER_HZ = (500, 1000, 1500, 2000)
GOAL_HZ, GOAL_P99_MS = 1000, 100
PATIENCE_S = 15.0
HEAD = (
    "offered/s",
    "confirm p50 ms",
    "p99",
    "webhook p50 ms",
    "p99",
    "armed",
    "router",
    "broker",
    "",
)


@dataclass(frozen=True, slots=True)
class Rung:
    """One rate, held for a while over a fresh journal."""

    rate_hz: int
    confirm_ms: list[float]
    webhook_ms: list[float]
    """Empty where nobody is called by webhook."""
    sent: int
    armed: int
    """Alarms that the journal says look for somebody with a deadline set."""
    late_ms: float
    router_share: float
    """Processor seconds of the router per second of load."""
    broker_share: float

    @property
    def holds(self) -> bool:
        """Whether everything was confirmed, armed and called, p99 within the goal."""
        if not self.sent == self.armed == len(self.confirm_ms):
            return False
        measured = [took for took in (self.confirm_ms, self.webhook_ms) if took]
        return all(quantile(took, 0.99) < GOAL_P99_MS for took in measured)


async def measure(broker: Choice, folder: Path, seconds: int, *, webhooks: bool) -> None:
    """Climb the ladder and print its table."""
    disk_ms = fsync_ms(folder)
    rungs = [await _rung(broker, folder / str(rate), rate, seconds, webhooks) for rate in LADDER_HZ]
    what = "one webhook send for each alarm included" if webhooks else "no webhook sends"
    show(
        f"sustained, {broker}: {seconds} s a rate, {what};"
        f" fsync p50 of this disk {disk_ms:.2f} ms before",
        HEAD,
        [_row(rung) for rung in rungs],
    )
    best = max((rung.rate_hz for rung in rungs if rung.holds), default=0)
    print(f"  highest rate with p99 < {GOAL_P99_MS} ms: {best}/s (goal {GOAL_HZ}/s)", flush=True)


def _row(rung: Rung) -> tuple[object, ...]:
    return (
        rung.rate_hz,
        *_quantiles(rung.confirm_ms),
        *_quantiles(rung.webhook_ms),
        f"{rung.armed}/{rung.sent}",
        f"{rung.router_share:.2f}",
        f"{rung.broker_share:.2f}",
        "holds" if rung.holds else f"no (publisher late by {rung.late_ms:.0f} ms at worst)",
    )


def _quantiles(took_ms: list[float]) -> tuple[str, str]:
    if not took_ms:
        return "-", "-"
    return f"{quantile(took_ms, 0.5):.1f}", f"{quantile(took_ms, 0.99):.1f}"


async def _rung(broker: Choice, folder: Path, rate_hz: int, seconds: int, webhooks: bool) -> Rung:
    folder.mkdir()
    receiver = Receiver()
    url = await receiver.start()
    count = rate_hz * seconds
    name = f"{rate_hz}"
    async with running(broker, folder, url if webhooks else None, runs={name: count}) as site:
        before_s = _cpu(site)
        result = await _load(site, Task(*_where(site), name, rate_hz, count))
        router_s, broker_s = (now - was for was, now in zip(before_s, _cpu(site), strict=True))
        if webhooks:
            await receiver.until(count, PATIENCE_S)
    receiver.stop()
    arrived = receiver.first_arrivals()
    pairs = zip(result.keys, result.due, strict=True)
    return Rung(
        rate_hz=rate_hz,
        confirm_ms=[
            (at - due) / 1e6 for at, due in zip(result.confirmed, result.due, strict=True) if at
        ],
        webhook_ms=[(arrived[key] - due) / 1e6 for key, due in pairs if key in arrived],
        sent=count,
        armed=_armed(site),
        late_ms=result.late_ms,
        router_share=router_s / seconds,
        broker_share=broker_s / seconds,
    )


def _cpu(site: Site) -> list[float]:
    return [cpu_s(site.pids[name]) for name in ("router", "broker")]


def _where(site: Site) -> tuple[str, int, str]:
    return site.endpoint.host, site.endpoint.port, site.password("adapters")


def _armed(site: Site) -> int:
    alarms = site.state().alarms.values()
    return sum(one.phase is Phase.LOOKING and one.due_at is not None for one in alarms)


async def _load(site: Site, task: Task) -> Result:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.bench.load"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    said, _ = await process.communicate(msgspec.json.encode(task))
    return msgspec.json.decode(said, type=Result)
