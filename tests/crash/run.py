"""Kill the real hub: `python -m tests.crash.run --kills 100 [--broker nats|mosquitto] [--seed N]`.

Router and broker are killed apart and together, at 200 presses a second and at saturation. The
router also dies by failpoint between commit and acknowledgement, and while its commits do not get
through. A kill comes after a number of further confirmations, so that load is under way at each.
Then all comes to rest and is judged.
"""

import argparse
import asyncio
import random
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path

from hub.brokers.choose import Choice
from routing.facts import AlarmRaised, StepStarted
from tests.crash.devices import Devices
from tests.crash.receiver import Receiver
from tests.crash.rig import TOWN, Rig, now
from tests.crash.verify import Evidence, failures

KINDS = ("held", "failpoint", "broker", "both", "router")
"""`held`: the router is killed while its commits do not get through and its inputs pile up."""
HELD_S = 0.4
RATE = 200.0
WINDOW = 300
"""Unconfirmed presses at saturation."""
SLACK_S = 5.0
"""How late a step may be beyond downtime: a loaded machine's turn, commit and start."""
REST_S = 240.0


@dataclass(frozen=True)
class Campaign:
    """One broker, one rate (None: saturation), so many kills."""

    choice: Choice
    rate: float | None
    kills: int
    seed: int
    wait_s: int = 10
    """How long the first step of the town's policy waits: longer than several kills are apart."""

    kinds: Sequence[str] = KINDS
    environ: Mapping[str, str] = field(default_factory=dict)
    slack_s: float = SLACK_S

    @property
    def between(self) -> tuple[int, int]:
        """Fewest and most confirmations from one kill to the next."""
        return (400, 1600) if self.rate is None else (20, 250)


@dataclass(frozen=True)
class Result:
    """What a campaign came to."""

    failures: Sequence[str]
    kills: int
    presses: int
    alarms: int
    calls: int
    took_s: float
    loaded_s: float


async def run(campaign: Campaign, folder: Path) -> Result:
    """Run a campaign in an empty folder; everything it started has ended when it returns."""
    rig = Rig(folder, campaign.choice, campaign.wait_s, environ=campaign.environ)
    began = time.monotonic()
    async with Receiver() as receiver:
        await rig.configure(receiver.url)
        try:
            return await _run(campaign, rig, receiver, began)
        finally:
            await rig.stop()


async def _run(campaign: Campaign, rig: Rig, receiver: Receiver, began: float) -> Result:
    await rig.start_broker()
    await rig.start_router()
    window = WINDOW if campaign.rate is None else 2000
    log = rig.folder / "devices.log"
    devices = Devices(rig.login("adapters"), TOWN, log, now, rate=campaign.rate, window=window)
    chance = random.Random(campaign.seed)
    try:
        devices.start()
        for kind in cycle(campaign.kinds):
            if rig.kills >= campaign.kills:
                break
            more = chance.randint(*campaign.between)
            await rig.unless_it_ends(devices.further(more, REST_S))
            await _kill(kind, rig, chance)
        loaded_s = time.monotonic() - began
        await rig.unless_it_ends(devices.settle(REST_S))
        # A disk that is too slow for the frames of so many strangers is an alarm too, and not ours.
        raised = [r.fact for r in rig.journal() if isinstance(r.fact, AlarmRaised)]
        ours = {fact.alarm for fact in raised if fact.event in devices.pressed}
        steps = 2 * len(ours)
        await rig.until_recorded(StepStarted, steps, REST_S, lambda fact: fact.alarm in ours)
        await receiver.distinct(steps, REST_S, ours)
    finally:
        devices.close()
    evidence = Evidence(
        journal=rig.journal(),
        pressed=devices.pressed,
        confirmed=devices.confirmed,
        calls=receiver.calls,
        down=rig.down,
        wait_s=campaign.wait_s,
        slack_s=campaign.slack_s,
    )
    return Result(
        failures=failures(evidence),
        kills=rig.kills,
        presses=len(devices.pressed),
        alarms=len(ours),
        calls=len(receiver.calls),
        took_s=time.monotonic() - began,
        loaded_s=loaded_s,
    )


async def _kill(kind: str, rig: Rig, chance: random.Random) -> None:
    if kind in ("broker", "both"):
        await rig.kill_broker()
    if kind in ("router", "both", "failpoint"):
        await rig.kill_router()
    if kind == "held":
        async with rig.commits_held():
            await asyncio.sleep(HELD_S)
            await rig.kill_router()
    if kind in ("broker", "both"):
        await rig.start_broker()
    if kind == "failpoint":
        await rig.start_router(failpoint=f"after-commit:{chance.randint(1, 60)}")
        await rig.router_killed()
    if kind != "broker":
        await rig.start_router()


def line(campaign: Campaign, result: Result) -> str:
    """Return the campaign's line in the closing table."""
    rate = "saturation" if campaign.rate is None else f"{campaign.rate:.0f}/s"
    reached = result.presses / result.loaded_s
    return (
        f"{campaign.choice:10} {rate:>10} {result.kills:5} kills {result.presses:7} presses"
        f" ({reached:5.0f}/s) {result.alarms:7} alarms {result.calls:7} webhooks"
        f" {result.took_s:6.0f} s  {len(result.failures)} failures"
    )


def main(argv: Sequence[str] | None = None) -> int:
    """Run the campaigns and print what they came to."""
    parser = argparse.ArgumentParser(prog="python -m tests.crash.run", description=__doc__)
    parser.add_argument("--kills", type=int, default=100, help="in all, shared by the campaigns")
    parser.add_argument("--broker", choices=["nats", "mosquitto"], help="only this one")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args(argv)
    choices = [Choice(asked.broker)] if asked.broker else [Choice.NATS, Choice.MOSQUITTO]
    plans = [(choice, rate) for choice in choices for rate in (RATE, None)]
    bad = 0
    for choice, rate in plans:
        campaign = Campaign(choice, rate, -(-asked.kills // len(plans)), asked.seed)
        with tempfile.TemporaryDirectory(prefix="varde-crash-") as folder:
            result = asyncio.run(run(campaign, Path(folder)))
        print(line(campaign, result), flush=True)
        print("\n".join(result.failures[:20]), end="\n" if result.failures else "")
        bad += len(result.failures)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
