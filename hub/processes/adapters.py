"""The adapters process: `python -m hub.processes.adapters --settings S --municipality ID ...`."""

import argparse
import asyncio
import logging
import signal
import sys
import time
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path

from adapters.bridge.run import Bound, CannotListen, TooFewFiles, run
from adapters.bridge.settings import BridgeSettings, Endpoint
from adapters.bridge.tls import BadCertificate
from hub.configuration.recorded import recorded
from hub.journal.port import NoJournal, WrongJournal
from hub.journal.sqlite import open_reader
from hub.processes.listeners import Listeners, configured
from hub.processes.logins import login_for
from hub.processes.own_broker import OwnBrokerUnusable
from hub.processes.ready import beat, say_ready
from hub.secrets import Secrets, SecretUnsafe
from hub.settings.load import load_settings
from hub.settings.whole import Settings

EXIT_CANNOT_START = 2
"""Trying again will not help: the reason is on standard error."""
_CANNOT = (
    *(CannotListen, BadCertificate, TooFewFiles, OwnBrokerUnusable),
    *(NoJournal, WrongJournal, SecretUnsafe),
)


def main() -> int:
    """Run until SIGTERM or SIGINT; 2 when it cannot start as it is configured."""
    args = _arguments()
    settings = load_settings(args.settings)
    logging.basicConfig(level=settings.log_level.upper(), format="adapters: %(message)s")
    try:
        bridge = _bridge(settings, args.municipality, (args.broker_host, args.broker_port))
        asyncio.run(_serve(bridge))
    except _CANNOT as error:
        print(f"adapters: {str(error) or type(error).__doc__}", file=sys.stderr)  # noqa: T201
        return EXIT_CANNOT_START
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="adapters")
    parser.add_argument("--settings", type=Path, required=True)
    parser.add_argument("--municipality", required=True)
    parser.add_argument("--broker-host", required=True)
    parser.add_argument("--broker-port", type=int, required=True)
    return parser.parse_args()


def _bridge(settings: Settings, municipality: str, broker: tuple[str, int]) -> BridgeSettings:
    journal = open_reader(settings.journal_path(municipality), municipality)
    try:
        entries = configured(journal)
    finally:
        journal.close()
    secrets = Secrets(settings.state_dir)
    own = settings.devices_broker
    where = broker if own is None or own.url is None else own.host_and_port
    devices = Endpoint(*where, *(login_for(settings, secrets, "devices") or ()))
    hub = Endpoint(*broker, *(login_for(settings, secrets, "adapters") or ()))
    kept = settings.state_dir / "kept" / municipality
    kept.mkdir(mode=0o700, parents=True, exist_ok=True)
    bridge = Listeners(settings, secrets, devices).bridge(municipality, hub, entries, kept)
    return replace(bridge, under_test=partial(_is_for_exercise, settings, municipality))


def _is_for_exercise(settings: Settings, municipality: str, subject: str) -> bool:
    """Whether the journal says now that the device is registered for exercise."""
    with closing(open_reader(settings.journal_path(municipality), municipality)) as journal:
        registry = recorded(journal).state.registry
    device = registry.devices.get(registry.device_of.get(subject, ""))
    return device is not None and device.exercise


async def _serve(bridge: BridgeSettings) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    beating: list[asyncio.Task[None]] = []

    def ready(bound: Bound) -> None:
        say_ready(listeners=dict(bound))
        beating.append(loop.create_task(beat()))

    try:
        await run(bridge, stop, ready, now=_now)
    finally:
        for task in beating:
            task.cancel()


def _now() -> int:
    return time.time_ns() // 1000


if __name__ == "__main__":
    sys.exit(main())
