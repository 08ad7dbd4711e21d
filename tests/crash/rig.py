"""A real broker and a real router process that can be killed at any moment and started again.

The town: nobody has registered any device, so that every press is an alarm of its own. Step 1 calls
Anna, step 2 after `wait_s` Berit, who is given an hour; both are reached by webhook.
"""

import asyncio
import json
import os
import signal
import sqlite3
import sys
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import hub.child_exec
from hub.brokers.accounts import NAMES, accounts
from hub.brokers.choose import Choice, embedded
from hub.journal.port import Document, Record
from hub.journal.sqlite import open_reader, open_writer
from hub.mqtt import Login
from hub.processes.ready import read_ready
from hub.router.failpoint import VARIABLE
from hub.secrets import Secrets
from hub.settings.load import parse_settings
from routing.facts import ConfigurationSet
from routing.instant import Instant
from routing.municipality import AnyItem, Municipality, Person, Policy, Role, Step, Target
from routing.plans import Correlation

TOWN = "kraksund"
PATIENCE_S = 60.0
NO_STRANGERS_TOGETHER = 1_000_000_000
"""Here each press of a device that nobody knows is to be an alarm of its own."""
LAST_WAIT_S = 3600


def now() -> Instant:
    return time.time_ns() // 1000


def items(wait_s: int) -> list[AnyItem]:
    """Return the town; `wait_s` is how long the first step waits."""
    steps = (
        Step((Target("person", "anna"),), wait_s),
        Step((Target("person", "berit"),), LAST_WAIT_S),
    )
    return [
        Municipality(
            id=TOWN,
            timezone="Europe/Oslo",
            default_policy="plain",
            correlation=Correlation(strangers=NO_STRANGERS_TOGETHER),
        ),
        *(Person(id=p, roles=(Role.STAFF,), channels=("webhook-1",)) for p in ("anna", "berit")),
        Policy(id="plain", steps=steps, fallback=(Target("person", "berit"),)),
    ]


@dataclass
class Rig:
    """Broker and router over one state folder. `down` holds when the router was not there."""

    folder: Path
    choice: Choice
    wait_s: int = 10
    towns: tuple[str, ...] = (TOWN,)
    """What the broker's accounts may reach: a baseline beside the hub has a tree of its own."""
    environ: Mapping[str, str] = field(default_factory=dict)
    """Added to the router's environment."""
    down: list[tuple[Instant, Instant]] = field(default_factory=list)
    kills: int = 0
    _router: asyncio.subprocess.Process | None = None
    _down_since: Instant | None = None

    def __post_init__(self) -> None:
        source = json.dumps(
            {
                "state_dir": str(self.folder),
                "broker": {"embedded": self.choice},
                "log_level": "warning",
                # Nobody has registered these devices: what they say must not fill their store.
                "kept": {"frames": 1_000_000, "octets": 1 << 30},
            }
        )
        self._settings_file = self.folder / "settings.yaml"
        self._settings_file.write_text(source)
        self.settings = parse_settings(source)
        secrets = Secrets(self.folder)
        self.passwords = {name: secrets.secret(f"broker-{name}") for name in NAMES}
        self.broker = embedded(
            self.choice,
            folder=self.folder / "broker",
            accounts=accounts(self.towns, self.passwords),
        )
        self._log = (self.folder / "router.log").open("ab")

    async def configure(
        self, webhook_url: str, configuration: Sequence[AnyItem] | None = None
    ) -> None:
        """Write the town (or another) into a new journal, as `varde apply` does."""
        town = items(self.wait_s) if configuration is None else configuration
        journal = open_writer(self.settings.journal_path(TOWN), TOWN)
        document = json.dumps({"channels": {"webhook-1": {"url": webhook_url}}}).encode()
        await journal.append(
            [ConfigurationSet(item=item, author="test") for item in town],
            now(),
            [Document("person", item.id, document) for item in town if isinstance(item, Person)],
        )
        journal.close()

    # -- broker ----------------------------------------------------------------------------------

    async def start_broker(self) -> None:
        self.endpoint = await self.broker.start()

    async def kill_broker(self) -> None:
        assert self.broker.pid is not None
        os.kill(self.broker.pid, signal.SIGKILL)
        await self.broker.wait()
        self.kills += 1

    def login(self, name: str) -> Login:
        return Login(self.endpoint.host, self.endpoint.port, name, self.passwords[name])

    # -- router ----------------------------------------------------------------------------------

    async def start_router(self, failpoint: str | None = None) -> None:
        """Start it and wait until it says that it is ready.

        One that is to die after so many commits may do so before: behind a backlog it commits at
        once.
        """
        await self.spawn_router(failpoint)
        await self.router_ready(failpoint)

    async def spawn_router(self, failpoint: str | None = None) -> asyncio.subprocess.Process:
        """Start it; the one before it, if that still runs, is the caller's."""
        command = [sys.executable, "-I", "-S", str(hub.child_exec.__file__), str(os.getpid())]
        command += [sys.executable, "-m", "hub.router.process", "--municipality", TOWN]
        command += ["--settings", str(self._settings_file)]
        command += ["--broker-host", self.endpoint.host, "--broker-port", str(self.endpoint.port)]
        environ = {**os.environ, **self.environ, **({VARIABLE: failpoint} if failpoint else {})}
        self._router = await asyncio.create_subprocess_exec(
            *command,
            env=environ,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=self._log,
        )
        return self._router

    async def router_ready(self, failpoint: str | None = None) -> None:
        assert self._router is not None
        assert self._router.stdout is not None
        async with asyncio.timeout(PATIENCE_S):
            while read_ready(line := await self._router.stdout.readline()) is None:
                if not line and failpoint:
                    break
                if not line:
                    raise AssertionError(f"the router ended: {self.said()}")
        if self._down_since is not None:
            self.down.append((self._down_since, now()))
            self._down_since = None

    async def unless_it_ends(self, waiting: Coroutine[None, None, None]) -> None:
        """Wait, but not for a router that has ended by itself."""
        assert self._router is not None
        ended, wanted = (asyncio.ensure_future(one) for one in (self._router.wait(), waiting))
        try:
            await asyncio.wait({ended, wanted}, return_when=asyncio.FIRST_COMPLETED)
            assert wanted.done(), f"the router ended by itself: {self.said()}"
            wanted.result()
        finally:
            ended.cancel()
            wanted.cancel()

    async def kill_router(self) -> None:
        """Kill it with SIGKILL, which nothing can catch."""
        assert self._router is not None
        if self._router.returncode is None:
            self._router.send_signal(signal.SIGKILL)
        await self.router_killed()

    async def router_killed(self) -> None:
        """Wait for its death by SIGKILL, whoever sent it."""
        assert self._router is not None
        async with asyncio.timeout(PATIENCE_S):
            code = await self._router.wait()
        assert code == -signal.SIGKILL, f"the router ended with {code}: {self.said()}"
        self._down_since = self._down_since or now()
        self.kills += 1

    async def stop(self) -> None:
        """End everything in order, whatever still runs."""
        if self._router is not None and self._router.returncode is None:
            self._router.terminate()
            await self._router.wait()
        await self.broker.stop()
        self._log.close()

    def said(self) -> str:
        """Return the end of the router's log."""
        return (self.folder / "router.log").read_text(errors="replace")[-2000:]

    # -- journal ---------------------------------------------------------------------------------

    @asynccontextmanager
    async def commits_held(self) -> AsyncIterator[None]:
        """Let no commit through meanwhile, by a write transaction of our own in the same file.

        SQLite has one writer at a time; the router's waits (https://www.sqlite.org/lockingv3.html).
        """
        path = self.settings.journal_path(TOWN)
        with closing(sqlite3.connect(path, check_same_thread=False, timeout=PATIENCE_S)) as ours:
            await asyncio.to_thread(ours.execute, "BEGIN IMMEDIATE")
            yield
            ours.rollback()

    def journal(self) -> Sequence[Record]:
        """Return every record, read as any other process reads it."""
        with _Reader(self.settings.journal_path(TOWN)) as reader:
            found: list[Record] = []
            while records := reader.read(found[-1].seq if found else 0):
                found += records
            return found

    async def until_recorded(
        self,
        kind: type,
        number: int,
        within_s: float,
        counts: Callable[[Any], bool] = lambda fact: True,
    ) -> None:
        """Wait until the journal holds so many facts of the kind that count."""
        with _Reader(self.settings.journal_path(TOWN)) as reader:
            found = 0
            async with asyncio.timeout(within_s):
                async for records in reader.tail(0):
                    facts = (r.fact for r in records if isinstance(r.fact, kind))
                    found += sum(counts(fact) for fact in facts)
                    if found >= number:
                        return


class _Reader:
    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> Any:
        self._reader = open_reader(self._path, TOWN)
        return self._reader

    def __exit__(self, *_: object) -> None:
        self._reader.close()
