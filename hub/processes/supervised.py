"""One child process under supervision: started, awaited until ready, stopped in order.

The child dies with its parent (`hub.child_exec`) and leads a session of its own, so that Ctrl-C
reaches the supervisor alone, which then ends everything in order.
"""

import asyncio
import logging
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import hub.child_exec
from hub.child import ended_by
from hub.processes.ready import BEAT, Ready, read_ready

log = logging.getLogger(__name__)
READY_WAIT_S = 60.0
SILENT_S = 10.0
"""A process that has not beaten for so long is killed. Five beats: a slow disk or a busy machine
may cost one or two, and a press waits no longer than this for a router that hangs."""
_LOOKS = 5
"""Silence is counted in looks, not read off a clock: a supervisor that was itself stopped for a
while (a suspended machine) blames nobody for it."""


class NotReady(Exception):
    """A process ended, or kept silent, before it was ready. `code` is None when it kept silent."""

    def __init__(self, name: str, code: int | None) -> None:
        what = f"said nothing for {READY_WAIT_S:.0f} s" if code is None else ended_by(code)
        super().__init__(f"{name} did not get ready: {what}; the reason is in its lines above")
        self.code = code


class Supervised:
    """A module run as a process: `python -m <module> <arguments>`."""

    def __init__(
        self, name: str, module: str, arguments: Sequence[str], silent_s: float = SILENT_S
    ) -> None:
        self.name = name
        self._silent_s = silent_s
        self._beaten = False
        wrapper = [sys.executable, "-I", "-S", str(hub.child_exec.__file__), str(os.getpid())]
        self._command = [*wrapper, sys.executable, "-m", module, *arguments]
        self._process: asyncio.subprocess.Process | None = None
        self._reading: asyncio.Task[None] | None = None

    @property
    def pid(self) -> int | None:
        return None if self._process is None else self._process.pid

    async def start(self) -> Ready:
        """Start it and wait for its one line. NotReady when that does not come."""
        self._process = await asyncio.create_subprocess_exec(
            *self._command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            start_new_session=True,
        )
        ready: asyncio.Future[Ready] = asyncio.get_running_loop().create_future()
        self._reading = asyncio.create_task(self._read(self._process, ready))
        ended = asyncio.create_task(self._process.wait())
        either: set[asyncio.Future[Any]] = {ready, ended}
        await asyncio.wait(either, timeout=READY_WAIT_S, return_when=asyncio.FIRST_COMPLETED)
        if not ready.done():
            code = ended.result() if ended.done() else None
            await self.stop(grace_s=1)
            raise NotReady(self.name, code)
        return ready.result()

    async def wait(self) -> int:
        """Wait for its end and return the exit code; a process that hangs is ended by force."""
        assert self._process is not None
        watching = asyncio.create_task(self._kill_when_silent(self._process))
        try:
            return await self._process.wait()
        finally:
            watching.cancel()

    async def _kill_when_silent(self, process: asyncio.subprocess.Process) -> None:
        silent = 0
        while silent < _LOOKS:
            self._beaten = False
            await asyncio.sleep(self._silent_s / _LOOKS)
            silent = 0 if self._beaten else silent + 1
        log.error("%s has not answered for %g s: killing it", self.name, self._silent_s)
        with suppress(ProcessLookupError):
            process.kill()

    async def stop(self, grace_s: float) -> None:
        """Ask it to end, and kill it when it has not within the grace. Twice is no error."""
        process = self._process
        if process is None or process.returncode is not None:
            return
        with suppress(ProcessLookupError):
            process.terminate()
        try:
            async with asyncio.timeout(grace_s):
                await process.wait()
        except TimeoutError:
            log.warning("%s did not end within %g s and was killed", self.name, grace_s)
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()

    async def _read(
        self, process: asyncio.subprocess.Process, ready: "asyncio.Future[Ready]"
    ) -> None:
        """Take the ready line and the beats; pass everything else on to standard error."""
        assert process.stdout is not None
        async for line in process.stdout:
            if line == BEAT:
                self._beaten = True
                continue
            said = None if ready.done() else read_ready(line)
            if said is None:
                sys.stderr.buffer.write(line)
                sys.stderr.flush()
            else:
                ready.set_result(said)
