"""`python -m simulators.demo`: a small municipality to try, from the devices to a phone page.

The hub is a child process and is known only by its command line, its URLs and its wire protocols.
Ctrl-C ends everything; a state directory that was not asked for is removed.
"""

import argparse
import asyncio
import contextlib
import secrets
import signal
import socket
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from simulators.colleague import Colleague, PhoneProblem
from simulators.crew import Crew
from simulators.crew_running import crew_of, phones_handed_out
from simulators.devicelog import DeviceLog
from simulators.fleet import Fleet
from simulators.hub_process import HubFailed, HubProcess, Running
from simulators.hub_settings import hook_secrets, install_secrets, write_settings
from simulators.kinds import FAMILIES
from simulators.lan import NOTICE, NoNetwork, lan_address, qr_code
from simulators.panel.app import Panel
from simulators.plan import Plan, PlanProblem, read_flat, read_plan
from simulators.smoke import play
from simulators.smoke_reach import play_reach

_EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
MUNICIPALITY = _EXAMPLES / "fjordvik.yaml"
FLAT = _EXAMPLES / "training-flat.yaml"
_LOOPBACK = "127.0.0.1"


class PlaceUnusable(Exception):
    """The folder for the hub's state cannot be used; the text says why and what to do."""


class PortTaken(Exception):
    """The port for the page cannot be used; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Stage:
    """A running hub with its devices switched on."""

    hub: HubProcess
    running: Running
    plan: Plan
    fleet: Fleet
    log: DeviceLog
    crew: Crew


def main(argv: Sequence[str] | None = None) -> int:
    """Run the demonstration and return its exit code."""
    options = _parser().parse_args(argv)
    if options.flat and options.smoke:
        print(
            "demo: --smoke plays the demonstration's own story; leave out --flat", file=sys.stderr
        )
        return 2
    try:
        asyncio.run(_run(options))
    except (KeyboardInterrupt, asyncio.CancelledError):
        # Ctrl-C and SIGTERM end the demonstration in order; a story cut short has not passed.
        return 1 if options.smoke else 0
    except (HubFailed, NoNetwork, PhoneProblem, PlanProblem, PortTaken) as problem:
        print(f"demo: {problem}", file=sys.stderr)
        return 1
    except PlaceUnusable as problem:
        print(f"demo: {problem}", file=sys.stderr)
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m simulators.demo", description=__doc__)
    parser.add_argument("--smoke", action="store_true", help="play the story by itself, and end")
    parser.add_argument("--flat", action="store_true", help="the training flat: every device")
    parser.add_argument("--lan", action="store_true", help="let phones on this network open it")
    parser.add_argument(
        "--port", type=_port, default=0, help="port of the page (default: a free one)"
    )
    parser.add_argument("--keep", type=Path, metavar="DIR", help="keep the hub's state in DIR")
    parser.add_argument("--seed", type=int, help="make the devices' choices repeatable")
    parser.add_argument(
        "--file", type=Path, help=f"the municipality file to play (default: {MUNICIPALITY.name})"
    )
    return parser


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text} is no port: give a number from 0 to 65535")
    return int(text)


async def _run(options: argparse.Namespace) -> None:
    _check_platform()
    _end_in_order_at_sigterm()
    file = options.file or (FLAT if options.flat else MUNICIPALITY)
    plan = _plan_of(file, flat=options.flat)
    host = lan_address() if options.lan else _LOOPBACK
    async with contextlib.AsyncExitStack() as stack:
        state = _state_directory(options.keep, stack)
        listening = stack.enter_context(_listen(host, options.port))
        origin = f"http://{host}:{listening.getsockname()[1]}"
        install_secrets(state, plan)
        crew = await stack.enter_async_context(crew_of(plan))
        settings = write_settings(state, plan, web_host=host, panel_origin=origin, crew=crew)
        hub = HubProcess(file, settings, state)
        async with _stage(hub, plan, state, options.seed, crew) as stage:
            if options.smoke:
                await _smoke(stage)
            else:
                await _show(stage, listening, origin, lan=options.lan)


def _plan_of(file: Path, *, flat: bool) -> Plan:
    if not flat:
        return read_plan(file)
    return read_flat(file, {name: family.protocol for name, family in FAMILIES.items()})


def _end_in_order_at_sigterm() -> None:
    task = asyncio.current_task()
    if task is not None:
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)


def _check_platform() -> None:
    if sys.platform not in {"linux", "darwin"}:
        raise HubFailed(f"the demo runs on Linux and macOS; this is {sys.platform}")


def _state_directory(keep: Path | None, stack: contextlib.AsyncExitStack) -> Path:
    if keep is None:
        return Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="varde-demo-")))
    try:
        keep.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryFile(dir=keep):
            pass
    except OSError as problem:
        raise PlaceUnusable(
            f"{keep} cannot be used ({problem.strerror}); choose another folder with --keep"
        ) from problem
    return keep.resolve()


def _listen(host: str, port: int) -> socket.socket:
    try:
        return socket.create_server((host, port))
    except OSError as problem:
        raise PortTaken(
            f"port {port} on {host} cannot be used ({problem.strerror}); "
            "choose another with --port, or leave it out"
        ) from problem


@contextlib.asynccontextmanager
async def _stage(
    hub: HubProcess, plan: Plan, state: Path, seed: int | None, crew: Crew
) -> AsyncIterator[Stage]:
    log = DeviceLog(state / "devices.jsonl")
    try:
        running = await hub.start()
        crew.call_back_at(running.web, hook_secrets(state))
        fleet = Fleet(plan, running, state / "secrets", log=log, seed=seed)
        try:
            await fleet.start()
            yield Stage(hub, running, plan, fleet, log, crew)
        except TimeoutError as problem:
            raise HubFailed(
                f"a device found nobody to talk to ({problem!r}).{hub.last_words()}"
            ) from problem
        finally:
            await fleet.stop()
    finally:
        await hub.stop()
        log.close()


async def _smoke(stage: Stage) -> None:
    if not stage.plan.workers:
        raise PlanProblem("the municipality file has nobody on a shift")
    colleague = Colleague(stage.running.web)
    try:
        await colleague.sign_in(await stage.hub.code(stage.plan.workers[0].id))
        print(f"{stage.plan.workers[0].name} is signed in at {stage.running.web}")
        await play(stage.fleet, colleague, print)
        await _smoke_reach(stage)
    except PhoneProblem as problem:
        raise PhoneProblem(f"{problem}.{stage.hub.last_words()}") from problem
    finally:
        await colleague.sign_off()
    print("all four families: from the device to a closed alarm")
    print("and to a person who had no page open: by push, and by SMS when push was dead")


async def _smoke_reach(stage: Stage) -> None:
    first = stage.plan.workers[0]
    if not first.number:
        raise PlanProblem(f"{first.id} has no channel with a number: push and SMS cannot be played")
    await stage.crew.enrol(first.id, stage.running.web, await stage.hub.code(first.id))
    await play_reach(stage.fleet, stage.crew, first.id, print)


async def _show(stage: Stage, listening: socket.socket, origin: str, *, lan: bool) -> None:
    crew = stage.crew if stage.crew.reaches_anybody else None
    panel = Panel(
        stage.fleet,
        stage.log,
        stage.plan,
        stage.running.web,
        stage.hub.code,
        origin=origin,
        key=secrets.token_urlsafe(16),
        crew=crew,
    )
    async with panel.served(listening), phones_handed_out(crew, stage.hub, stage.running):
        if lan:
            print(f"{NOTICE}\n\n{qr_code(panel.url)}")
        print(f"Open {panel.url}")
        print(f"The phone page by itself: {stage.running.web}", _way_in(stage), sep="\n")
        print("Ctrl-C ends it.", flush=True)
        raise await stage.hub.exited()


def _way_in(stage: Stage) -> str:
    """Say how somebody gets a code for a phone page that the panel has not opened."""
    who = stage.plan.workers[0].id if stage.plan.workers else "PERSON"
    return f"A code to sign in there: .venv/bin/varde code {who} --settings {stage.hub.settings}"


if __name__ == "__main__":
    sys.exit(main())
