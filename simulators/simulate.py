"""`varde simulate`: homes and fleets of devices that live their days at a running hub, with faults.

The same seed makes the same plan. It ends by itself when the time is over. Devices speak with
listeners on this machine only, unless another place is named and allowed.
"""

import argparse
import asyncio
import contextlib
import signal
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from simulators import demo
from simulators.aim import NotHere, aimed
from simulators.devicelog import DeviceLog
from simulators.devices import RunningHub
from simulators.fleet import Fleet
from simulators.homes import fleet_plan, make_homes
from simulators.homes_file import silence_s, write_homes
from simulators.hub_process import HubFailed, Running
from simulators.plan import PlanProblem
from simulators.player import Player
from simulators.rhythm import Step
from simulators.spans import span_s, trouble
from simulators.timetable import Timetable, lines
from simulators.troubles import TROUBLES

_MOST_HOMES = 5000
_FIRST_DAY = datetime.fromisoformat("2026-03-02T07:00")
"""A Monday morning: what a plan begins with unless it is said, so that a seed says it all."""


def main(argv: Sequence[str] | None = None) -> int:
    """Simulate and return the exit code."""
    options = build_parser().parse_args(argv)
    if options.flat:
        return demo.main(["--flat"])
    homes = tuple(make_homes(options.homes, options.seed))
    table = Timetable(
        homes,
        options.seed,
        options.begin,
        options.for_s,
        tuple(options.fault),
        everyday=not options.faults_only,
    )
    try:
        if options.write_municipality is not None:
            write_homes(options.write_municipality, homes, options.speed)
        elif options.dry_run:
            for line in lines(_chosen(table, options.only), options.begin):
                print(line)
        elif options.state is None:
            print("simulate: say where the hub's state is, with --state DIR", file=sys.stderr)
            return 2
        else:
            asyncio.run(_run(options, table))
    except (HubFailed, NotHere, OSError, PlanProblem) as problem:
        print(f"simulate: {problem}", file=sys.stderr)
        return 1
    return 0


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of this command line."""
    parser = argparse.ArgumentParser(prog="varde simulate", description=__doc__)
    plan = parser.add_argument_group("what is simulated")
    plan.add_argument("--homes", type=_homes, default=10, help="how many homes (default: 10)")
    plan.add_argument("--seed", type=int, default=1, help="the same seed, the same plan")
    plan.add_argument(
        "--from",
        dest="begin",
        type=datetime.fromisoformat,
        default=_FIRST_DAY,
        metavar="TIME",
        help=f"local time the plan begins at (default: {_FIRST_DAY.isoformat()})",
    )
    plan.add_argument(
        "--for",
        dest="for_s",
        type=span_s,
        default=span_s("24h"),
        metavar="SPAN",
        help="how much time is simulated, as 30min, 24h or 7d (default: 24h)",
    )
    plan.add_argument(
        "--fault",
        type=trouble,
        action="append",
        default=[],
        metavar="NAME[:at=2h,for=6h,area=1]",
        help=f"something goes wrong; may be repeated: {', '.join(TROUBLES)}",
    )
    plan.add_argument("--faults-only", action="store_true", help="leave the everyday life out")
    plan.add_argument(
        "--only",
        action="append",
        default=[],
        metavar="DEVICE",
        help="only this device (pendant-0001), family (pendant) or home (home-0001)",
    )
    where = parser.add_argument_group("where it goes")
    where.add_argument("--state", type=Path, metavar="DIR", help="the running hub's state folder")
    where.add_argument("--speed", type=_speed, default=1.0, help="60 plays an hour in a minute")
    where.add_argument("--target", metavar="HOST", help="another place than the hub itself names")
    where.add_argument(
        "--beyond-this-machine",
        action="store_true",
        help="allow a target that is not this machine: never one that real people are behind",
    )
    other = parser.add_argument_group("instead of simulating")
    other.add_argument("--dry-run", action="store_true", help="print the plan as lines of JSON")
    other.add_argument(
        "--write-municipality", type=Path, metavar="FILE", help="write the file for these homes"
    )
    other.add_argument("--flat", action="store_true", help="the training flat, with its own hub")
    return parser


def _homes(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= _MOST_HOMES:
        raise argparse.ArgumentTypeError(f"{text}: give a number from 1 to {_MOST_HOMES}")
    return int(text)


def _speed(text: str) -> float:
    speed = float(text)
    if not 0 < speed <= 10_000:
        raise argparse.ArgumentTypeError(f"{text}: give a number above 0, 10000 at most")
    return speed


def _chosen(table: Timetable, only: Sequence[str]) -> list[Step]:
    def wanted(step: Step) -> bool:
        names = (step.device, step.device.partition("-")[0], step.home)
        return not only or any(name in only for name in names)

    return [step for step in table.steps() if wanted(step)]


async def _run(options: argparse.Namespace, table: Timetable) -> None:
    running = await RunningHub(Path(), Path(), options.state).found(options.state)
    there = aimed(running, options.target, allowed=options.beyond_this_machine)
    steps = _chosen(table, options.only)
    log = DeviceLog()
    fleet = _fleet(options, table, there, log)
    task = asyncio.current_task()
    if task is not None:
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    player = Player(fleet, speed=options.speed)
    try:
        await fleet.start()
        print(f"{len(table.homes)} homes, {len(steps)} steps, {options.speed:g} times as fast")
        with contextlib.suppress(asyncio.CancelledError):
            await player.play(steps, lambda step: None)
    finally:
        await fleet.stop()
        log.close()
    print(player.tally.told())


def _fleet(options: argparse.Namespace, table: Timetable, there: Running, log: DeviceLog) -> Fleet:
    # No seed: the plan repeats, yet the references of a second run must be new to the hub.
    return Fleet(
        fleet_plan(table.homes),
        there,
        options.state / "secrets",
        log=log,
        heartbeat_s=silence_s(options.speed) / 3,
    )


if __name__ == "__main__":
    sys.exit(main())
