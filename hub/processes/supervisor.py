"""Runs a hub's processes on one machine, and ends them in order.

    broker -> router -> web -> adapters        each ready before the next: the router's session exists
                                               before an adapter can publish
    adapters, web, router, broker              the end: nobody is heard any more, then the rest

A process that ends by itself is started again, at once and then at growing intervals; it is never
given up, because alarms depend on it. One that cannot even start the first time ends everything.
"""

import asyncio
import logging
import os
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from hub.child import ended_by
from hub.processes.ready import At, Ready, Run, write_run
from hub.processes.supervised import NotReady, Supervised

log = logging.getLogger(__name__)
BACKOFF_S = (0.2, 1.0, 2.0, 5.0, 10.0, 30.0)
"""Pauses before starting again, by how often it has ended within the last minute."""
LOOP_WITHIN_S = 60.0
PARENT_LOOK_S = 0.5


@dataclass(slots=True)
class Supervisor:
    """The children of one municipality's hub, in the order in which they start."""

    municipality: str
    broker: At
    children: Sequence[Supervised]
    run_path: Path | None
    """Where to say what runs; None says it nowhere."""
    drain_s: float
    _said: dict[str, Ready] = field(default_factory=dict)

    async def run(self, stop: asyncio.Event) -> None:
        """Run until `stop` is set. NotReady when a child cannot start the first time."""
        keepers: list[asyncio.Task[None]] = []
        try:
            for child in self.children:
                if not await self._first_start(child, stop):
                    return
                keepers.append(asyncio.create_task(self._keep(child), name=child.name))
            self._tell()
            await stop.wait()
        finally:
            for keeper in keepers:
                keeper.cancel()
            await asyncio.gather(*keepers, return_exceptions=True)
            if self.run_path is not None:
                self.run_path.unlink(missing_ok=True)
            for child in reversed(self.children):
                await child.stop(self.drain_s)

    async def _first_start(self, child: Supervised, stop: asyncio.Event) -> bool:
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

    async def _keep(self, child: Supervised) -> None:
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
            except NotReady as error:
                log.error("%s", error)  # noqa: TRY400 the child has told the cause itself
            else:
                self._tell()

    def _tell(self) -> None:
        if self.run_path is None or len(self._said) < len(self.children):
            return
        pids = {child.name: child.pid for child in self.children if child.pid is not None}
        web = next((said.url for said in self._said.values() if said.url), None)
        listeners = next((s.listeners for s in self._said.values() if s.listeners), {})
        pids["supervisor"] = os.getpid()
        write_run(self.run_path, Run(self.municipality, self.broker, pids, web, listeners))


def _pause(ends: deque[float], now: float) -> float:
    """Note one more end and return how long to wait: the more ends in the last minute, the longer."""
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
