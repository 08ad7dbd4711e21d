"""What is measured, as it runs: a broker and the hub's own processes, started and ended by pid."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hub.brokers.accounts import NAMES, accounts
from hub.brokers.choose import Choice, embedded
from hub.brokers.port import Endpoint
from hub.configuration.at_start import apply_at_start
from hub.configuration.check import check
from hub.journal.port import Journal
from hub.journal.sqlite import open_reader, open_writer
from hub.processes import parts
from hub.processes.ready import At
from hub.router import boot
from hub.secrets import Secrets
from hub.settings.brokers import BrokerSettings
from hub.settings.listeners import ListenSettings
from hub.settings.pages import WebSettings
from hub.settings.stores import KeptSettings
from hub.settings.whole import Settings
from routing.facts import ConfigurationSet
from routing.instant import Instant
from routing.state import State
from tests.bench.town import ADAPTER, MUNICIPALITY, PENDANT, municipality_file, registered
from tests.bench.wire import Wire

BASELINE_TOPICS = "baseline/#"
"""Where the baseline hears, on the same broker under the same settings."""
WRITTEN_TOGETHER = 500
_LOOPBACK = "127.0.0.1:0"


@dataclass(frozen=True, slots=True)
class Past:
    """What has happened before the measurement: configured at `since`, then what `write` adds."""

    since: Instant
    write: Callable[[Journal], Awaitable[None]]


@dataclass(slots=True)
class Site:
    """A running hub. `pids` names its processes and the broker's."""

    settings: Settings
    secrets: Secrets
    endpoint: Endpoint
    pids: dict[str, int]
    listeners: dict[str, Any]
    web: str = ""
    """Where the pages are, if they are wanted."""

    def password(self, account: str) -> str:
        return self.secrets.secret(f"broker-{account}")

    async def wire(self, account: str) -> Wire:
        """Return a signed-in connection."""
        wire = Wire(lambda topic, payload: None)
        await wire.connect(self.endpoint.host, self.endpoint.port, account, self.password(account))
        return wire

    def state(self) -> State:
        """Return what the journal says now."""
        path = self.settings.journal_path(MUNICIPALITY)
        journal = open_reader(path, MUNICIPALITY)
        try:
            return boot.load_state(journal)[0]
        finally:
            journal.close()


@asynccontextmanager
async def running(
    broker: Choice,
    folder: Path,
    webhook_url: str | None,
    wanted: Sequence[parts.Part] = ("router",),
    *,
    town: str | None = None,
    past: Past | None = None,
    runs: Mapping[str, int] | None = None,
) -> AsyncIterator[Site]:
    """Run a broker and the wanted processes over a fresh journal in the folder.

    `town` is the municipality's file, where it is not the usual one; `past` is what the journal
    holds before the router starts; `runs` names the runs whose devices are registered, and how many
    those are.
    """
    settings = _settings(broker, folder)
    secrets = Secrets(folder)
    secrets.secret(f"scaip-{PENDANT}")
    await _configure(settings, secrets, town or municipality_file(webhook_url), past, runs or {})
    server = embedded(
        broker,
        folder=folder / "broker",
        accounts=accounts(
            [MUNICIPALITY],
            {name: secrets.secret(f"broker-{name}") for name in NAMES},
            (BASELINE_TOPICS,),
        ),
    )
    endpoint = await server.start()
    children = parts.children(settings, MUNICIPALITY, At(endpoint.host, endpoint.port), wanted)
    try:
        said = [await child.start() for child in children]
        pids = {child.name: child.pid for child in children if child.pid is not None}
        listeners = {name: at for ready in said for name, at in ready.listeners.items()}
        web = next((ready.url for ready in said if ready.url), "")
        pids["broker"] = server.pid or 0
        yield Site(settings, secrets, endpoint, pids, listeners, web)
    finally:
        await asyncio.gather(*(child.stop(10) for child in children))
        await server.stop()


def _settings(broker: Choice, folder: Path) -> Settings:
    return Settings(
        state_dir=folder,
        broker=BrokerSettings(embedded=broker.value),
        web=WebSettings(bind=_LOOPBACK, push_contact="it@bench.example"),
        listeners={ADAPTER: ListenSettings(udp=_LOOPBACK, tcp=_LOOPBACK)},
        log_level="warning",
        kept=KeptSettings(frames=1_000_000, octets=1 << 30),
    )


async def _configure(
    settings: Settings, secrets: Secrets, town: str, past: Past | None, runs: Mapping[str, int]
) -> None:
    checked = check(town)
    if checked.file is None:
        raise ValueError("\n".join(checked.lines("bench", "en")))
    journal = open_writer(settings.journal_path(MUNICIPALITY), MUNICIPALITY)
    try:
        key = secrets.secret("digest-key").encode()
        at = time.time_ns() // 1000 if past is None else past.since
        await apply_at_start(journal, checked.file, key, at)
        for run, count in runs.items():
            for batch in _batched(registered(run, count), WRITTEN_TOGETHER):
                await journal.append(batch, at)
        if past is not None:
            await past.write(journal)
    finally:
        journal.close()


def _batched(facts: Sequence[ConfigurationSet], size: int) -> Iterator[Sequence[ConfigurationSet]]:
    """Yield them in order, so many at a time."""
    for first in range(0, len(facts), size):
        yield facts[first : first + size]
