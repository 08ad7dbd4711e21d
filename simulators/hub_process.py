"""The hub as a child process, known by its command line and by `run.json`.

The hub is started with `--die-with-parent`, so it ends even when this process is killed.
"""

import asyncio
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

VARDE = (sys.executable, "-m", "hub.cli.main")
_TAIL_LINES = 15
_STOP_WAIT_S = 15.0


class HubFailed(Exception):
    """The hub did not start, did not become ready or refused a command; the text says which."""


@dataclass(frozen=True, slots=True)
class Running:
    """Where a running hub listens."""

    web: str
    broker: tuple[str, int]
    listeners: dict[str, dict[str, Any]]

    def address(self, listener: str, transport: str) -> tuple[str, int]:
        """The host and port of a listener's socket."""
        host, port = self.listeners[listener][transport]
        return str(host), int(port)


class HubProcess:
    """`varde run FILE --settings SETTINGS` and the commands beside it."""

    def __init__(
        self, file: Path, settings: Path, state: Path, varde: Sequence[str] = VARDE
    ) -> None:
        self._varde = varde
        self._file = file
        self.settings = settings
        self._state = state
        self._log = state / "hub.log"
        self._process: asyncio.subprocess.Process | None = None

    async def start(self, ready_within_s: float = 60.0) -> Running:
        """Start it and return when it answers /health; HubFailed says why it does not."""
        run_file = self._state / "run.json"
        run_file.unlink(missing_ok=True)
        arguments = ("run", str(self._file), "--settings", str(self.settings))
        with self._log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *self._varde,
                *arguments,
                "--die-with-parent",
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                # Ctrl-C reaches us only: devices stop first, then the hub is asked to end.
                start_new_session=True,
            )
        try:
            async with asyncio.timeout(ready_within_s):
                return await self._until_ready(run_file)
        except TimeoutError:
            raise HubFailed(
                f"the hub was not ready within {ready_within_s:g} s.{self.last_words()}"
            ) from None

    async def stop(self) -> None:
        """Ask it to end, and end it when it does not listen."""
        if self._process is None or self._process.returncode is not None:
            return
        self._process.terminate()
        try:
            async with asyncio.timeout(_STOP_WAIT_S):
                await self._process.wait()
        except TimeoutError:
            self._process.kill()
            await self._process.wait()

    async def exited(self) -> HubFailed:
        """Return when the process has ended, with what it said last."""
        if self._process is None:
            raise RuntimeError("start the hub before waiting for its end")
        code = await self._process.wait()
        return HubFailed(f"the hub ended with exit code {code}.{self.last_words()}")

    async def code(self, person: str) -> str:
        """A one-time sign-in code for somebody."""
        asking = await asyncio.create_subprocess_exec(
            *self._varde,
            *("code", person, "--settings", str(self.settings)),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        said, complained = await asking.communicate()
        if asking.returncode != 0:
            text = complained.decode(errors="replace").strip()
            raise HubFailed(f"`varde code {person}` ended with {asking.returncode}: {text}")
        return said.decode().strip()

    def last_words(self) -> str:
        """The last lines of the hub's own log, to stand behind an error."""
        lines = self._log.read_text(errors="replace").splitlines()[-_TAIL_LINES:]
        told = "\n".join(f"  | {line}" for line in lines)
        return f" It said last:\n{told}" if told else " It said nothing."

    async def _until_ready(self, run_file: Path) -> Running:
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=2)) as session:
            while True:
                if self._process is not None and self._process.returncode is not None:
                    raise await self.exited()
                running = _read(run_file)
                if running is not None and await _healthy(session, running.web):
                    return running
                await asyncio.sleep(0.05)


async def _healthy(session: aiohttp.ClientSession, web: str) -> bool:
    try:
        async with session.get(f"{web}/health") as response:
            return response.status == 200
    except (aiohttp.ClientError, TimeoutError):
        return False


def _read(run_file: Path) -> Running | None:
    """What the hub wrote when everything listened, None before that."""
    if not run_file.exists():
        return None
    document = json.loads(run_file.read_text(encoding="utf-8"))
    broker = document["broker"]
    return Running(
        document["web"], (str(broker["host"]), int(broker["port"])), document["listeners"]
    )
