"""A child process that does not outlive its parent, and whose output has a bounded place.

Linux kills the child when the *thread* that started it ends (prctl(2), PR_SET_PDEATHSIG), which is
right for kill -9 of the process and wrong for a worker thread; so children are started from the
main thread only. Elsewhere there is no such wish: a child is stopped by `stop` and, when the
interpreter ends in order, by its exit hook; after kill -9 of the parent it is ended by hand.

The child leads a session of its own, so that Ctrl-C on the terminal reaches the supervisor alone.
"""

import asyncio
import atexit
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import IO

LOG_BYTES = 1_000_000
"""A log file grows to this, then takes the place of the one before it (`<name>.1`)."""

_EXEC = Path(__file__).with_name("child_exec.py")


class Child:
    """A running program. Make it with `start`."""

    def __init__(self, process: subprocess.Popen[bytes], log: Path | None) -> None:
        self._process = process
        self._ended: Future[int] = Future()
        self._watcher = threading.Thread(target=self._watch, args=(log,), daemon=True)
        self._watcher.start()
        atexit.register(self._kill)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def returncode(self) -> int | None:
        """Exit code, minus the signal's number if one ended it; None while it runs."""
        return self._ended.result() if self._ended.done() else None

    async def wait(self) -> int:
        """Wait for the end and return the exit code."""
        return await asyncio.shield(asyncio.wrap_future(self._ended))

    async def stop(self, grace_s: float = 5.0) -> int:
        """Ask it to end, and kill it when it has not within the grace; return the exit code."""
        self._process.terminate()
        try:
            async with asyncio.timeout(grace_s):
                return await self.wait()
        except TimeoutError:
            self._kill()
            return await self.wait()

    def _kill(self) -> None:
        self._process.kill()

    def _watch(self, log: Path | None) -> None:
        """On a thread of its own: keep the log, then the exit code."""
        if log is not None and self._process.stdout is not None:
            with self._process.stdout as output:
                _keep(output, log)
        code = self._process.wait()
        atexit.unregister(self._kill)
        self._ended.set_result(code)


def start(
    command: Sequence[str],
    *,
    log: Path | None = None,
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> Child:
    """Start a program by its absolute path; its output goes to `log`, or where ours goes.

    RuntimeError when called from a worker thread, see above. A program that cannot be started ends
    at once with exit code 1, and the reason is in its output.
    """
    if threading.current_thread() is not threading.main_thread():
        raise RuntimeError("start children from the main thread: they end with their thread")
    process = subprocess.Popen(
        [sys.executable, "-I", "-S", str(_EXEC), str(os.getpid()), *command],
        stdin=subprocess.DEVNULL,
        stdout=None if log is None else subprocess.PIPE,
        stderr=None if log is None else subprocess.STDOUT,
        env=environment,
        cwd=folder,
        start_new_session=True,
    )
    return Child(process, log)


def _keep(output: IO[bytes], log: Path) -> None:
    while chunk := os.read(output.fileno(), 65536):
        if log.exists() and log.stat().st_size + len(chunk) > LOG_BYTES:
            log.replace(f"{log}.1")
        with log.open("ab") as file:
            file.write(chunk)


def ended_by(code: int) -> str:
    """Return an exit code in words: `signal SIGKILL`, `exit code 3`."""
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
