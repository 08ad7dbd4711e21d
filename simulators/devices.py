"""`python -m simulators.devices`: the devices and their panel, beside a hub that runs already.

What an installer would know of the hub is read from its state folder: where it listens (`run.json`)
and what each device signs in with. `docker-compose.yml` runs this.
"""

import argparse
import asyncio
import secrets
import signal
import socket
import sys
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from simulators.devicelog import DeviceLog
from simulators.fleet import Fleet
from simulators.hub_process import HubFailed, HubProcess, Running
from simulators.panel.app import Panel
from simulators.plan import Plan, PlanProblem, read_plan


class RunningHub(HubProcess):
    """A hub that somebody else started."""

    async def found(self, state: Path, within_s: float = 60.0) -> Running:
        """Return where it is as soon as it answers; HubFailed when it does not in time."""
        try:
            async with asyncio.timeout(within_s):
                return await self._until_ready(state / "run.json")
        except TimeoutError:
            raise HubFailed(f"no hub answers for {state} after {within_s:g} s") from None


def main(argv: Sequence[str] | None = None) -> int:
    """Run until Ctrl-C or SIGTERM and return the exit code."""
    options = build_parser().parse_args(argv)
    try:
        plan = read_plan(options.file)
        asyncio.run(_run(options, plan))
    except (HubFailed, OSError, PlanProblem) as problem:
        print(f"devices: {problem}", file=sys.stderr)
        return 1
    return 0


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of this command line."""
    parser = argparse.ArgumentParser(prog="python -m simulators.devices", description=__doc__)
    parser.add_argument("file", type=Path, help="the municipality file")
    parser.add_argument("--settings", type=Path, required=True, help="the hub's settings file")
    parser.add_argument("--state", type=Path, required=True, help="the hub's state folder")
    parser.add_argument("--url", default="http://127.0.0.1:8090", help="what the panel is called")
    parser.add_argument("--host", default="127.0.0.1", help="where the panel binds")
    return parser


async def _run(options: argparse.Namespace, plan: Plan) -> None:
    hub = RunningHub(options.file, options.settings, options.state)
    running = await hub.found(options.state)
    log = DeviceLog()
    fleet = Fleet(plan, running, options.state / "secrets", log=log)
    listening = socket.create_server((options.host, urlsplit(options.url).port or 80))
    key = secrets.token_urlsafe(16)
    panel = Panel(fleet, log, plan, running.web, hub.code, origin=options.url, key=key)
    try:
        await fleet.start()
        async with panel.served(listening):
            print(f"Open {panel.url}", flush=True)
            await _until_stopped()
    finally:
        await fleet.stop()
        log.close()


async def _until_stopped() -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await stop.wait()


if __name__ == "__main__":
    sys.exit(main())
