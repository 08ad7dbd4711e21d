"""Runs a hub's processes on one machine, and ends them in order.

    broker -> router -> web -> adapters     each ready before the next: the router's session exists
                                            before an adapter can publish
    adapters, web, router, broker           the end: nobody is heard any more, then the rest

A process that ends by itself is started again, at once and then at growing intervals; it is never
given up, because alarms depend on it. One that hangs is killed, and so is started again. One that
cannot even start the first time ends everything, except where the others can do without it.
"""

import asyncio
import logging
import os
import signal
import time
from collections import deque
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from hub.brokers.port import Broker, BrokerFailed
from hub.child import ended_by
from hub.mqtt import Login
from hub.processes.probe import silence
from hub.processes.ready import At, Ready, Run
from hub.processes.supervised import NotReady

log = logging.getLogger(__name__)
BACKOFF_S = (0.2, 1.0, 2.0, 5.0, 10.0, 30.0)
"""Pauses before starting again, by how often it has ended within the last minute."""
LOOP_WITHIN_S = 60.0
PARENT_LOOK_S = 0.5
PROBE_EVERY_S = 5.0
PROBES_MISSED = 3
"""So often in a row the broker may fail to answer before it is killed: one slow answer (a full disk
write, a burst of reconnections) is no reason to cut off everybody."""


class Process(Protocol):
    """What can be supervised."""

    name: str

    @property
    def pid(self) -> int | None:
        """Process id, None before the first start."""

    async def start(self) -> Ready:
        """Start it and wait until it is ready. NotReady, BrokerFailed."""

    async def wait(self) -> int:
        """Wait for its end and return the exit code."""

    async def stop(self, grace_s: float) -> None:
        """End it in order, or by force after the grace."""


class BrokerProcess:
    """The embedded broker among the others. Its first start comes before, because all need to know
    where it is."""

    name = "broker"

    def __init__(self, broker: Broker, login: Login, every_s: float = PROBE_EVERY_S) -> None:
        self._broker, self._login, self._every_s = broker, login, every_s

    @property
    def pid(self) -> int | None:
        return self._broker.pid

    async def start(self) -> Ready:
        if self._broker.pid is None:
            await self._broker.start()
        return Ready(ready=True)

    async def wait(self) -> int:
        watching = asyncio.create_task(self._kill_when_silent())
        try:
            return await self._broker.wait()
        finally:
            watching.cancel()

    async def _kill_when_silent(self) -> None:
        missed = 0
        while missed < PROBES_MISSED:
            await asyncio.sleep(self._every_s)
            why = await silence(self._login, self._every_s)
            missed = 0 if why is None else missed + 1
        log.error("the broker does not answer (%s): killing it", why)
        if self._broker.pid is not None:
            os.kill(self._broker.pid, signal.SIGKILL)

    async def stop(self, grace_s: float) -> None:
        await self._broker.stop()


@dataclass(slots=True)
class Supervisor:
    """The children of one municipality's hub, in the order in which they start."""

    municipality: str
    broker: At
    children: Sequence[Process]
    tell: Callable[[Run], None]
    """Called when all are ready, and again when one has come back."""
    drain_s: float
    optional: Collection[str] = ()
    """Names of children without which the others run, should they not start the first time."""
    _said: dict[str, Ready] = field(default_factory=dict)

    async def run(self, stop: asyncio.Event) -> None:
        """Run until `stop` is set. NotReady when a child cannot start the first time."""
        keepers: list[asyncio.Task[None]] = []
        try:
            for child in self.children:
                try:
                    if not await self._first_start(child, stop):
                        return
                except NotReady as error:
                    if child.name not in self.optional:
                        raise
                    log.error("%s; the others run without it, and it is tried again", error)
                keepers.append(asyncio.create_task(self._keep(child), name=child.name))
            self._tell()
            await stop.wait()
        finally:
            for keeper in keepers:
                keeper.cancel()
            await asyncio.gather(*keepers, return_exceptions=True)
            for child in reversed(self.children):
                await child.stop(self.drain_s)

    async def _first_start(self, child: Process, stop: asyncio.Event) -> bool:
        """Start a child; whether it is ready (and not told to stop meanwhile)."""
        starting = asyncio.create_task(child.start())
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait({starting, stopping}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        if not starting.done():
            starting.cancel()
            await asyncio.gather(starting, return_exceptions=True)
            return False
        self._said[child.name] = starting.result()
        return not stop.is_set()

    async def _keep(self, child: Process) -> None:
        """Start a child again whenever it ends."""
        ends: deque[float] = deque()
        while True:
            why = ended_by(await child.wait())
            pause_s = _pause(ends, time.monotonic())
            log.error("%s ended (%s): starting it again in %g s", child.name, why, pause_s)
            if len(ends) == len(BACKOFF_S):
                log.error("%s keeps ending; its last lines above say why", child.name)
            await asyncio.sleep(pause_s)
            try:
                self._said[child.name] = await child.start()
            except (NotReady, BrokerFailed) as error:
                log.error("%s", error)
            else:
                self._tell()

    def _tell(self) -> None:
        if any(c.name not in self._said for c in self.children if c.name not in self.optional):
            return
        there = (child for child in self.children if child.name in self._said)
        pids = {child.name: child.pid for child in there if child.pid is not None}
        web = next((said.url for said in self._said.values() if said.url), None)
        listeners = next((s.listeners for s in self._said.values() if s.listeners), {})
        pids["supervisor"] = os.getpid()
        self.tell(Run(self.municipality, self.broker, pids, web, listeners))


def _pause(ends: deque[float], now: float) -> float:
    """Note one more end and return how long to wait: longer with each end in the last minute."""
    while ends and ends[0] < now - LOOP_WITHIN_S:
        ends.popleft()
    ends.append(now)
    return BACKOFF_S[min(len(ends), len(BACKOFF_S)) - 1]


async def stop_with_parent(stop: asyncio.Event) -> None:
    """Set `stop` when the process that started us is gone."""
    parent = os.getppid()
    while os.getppid() == parent:  # noqa: ASYNC110 no portable system sends word of it
        await asyncio.sleep(PARENT_LOOK_S)
    log.warning("the process that started this hub is gone: ending")
    stop.set()
