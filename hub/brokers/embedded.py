"""A broker program as a supervised child of this process."""

import asyncio
import socket
import sys
from collections.abc import Sequence
from pathlib import Path

from hub import child
from hub.brokers.port import Account, BrokerFailed, Endpoint, Program

START_S = 15.0
"""A broker that does not accept connections after so long has failed to start."""

_PROBE_S = 0.02
_LOG_TAIL = 1000


class EmbeddedBroker:
    """See `hub.brokers.port.Broker`. Port None takes a free one at the first start and keeps it."""

    def __init__(
        self,
        program: Program,
        *,
        folder: Path,
        accounts: Sequence[Account],
        host: str = "127.0.0.1",
        port: int | None = None,
    ) -> None:
        self._program = program
        self._folder = folder
        self._accounts = accounts
        self._host = host
        self._port = port
        self._child: child.Child | None = None
        self._held: socket.socket | None = None
        """Bound to the port and never listening: on Linux no program that asks for any port is
        given it before the broker binds it, or while the broker starts again."""

    @property
    def pid(self) -> int | None:
        running = self._child is not None and self._child.returncode is None
        return self._child.pid if self._child is not None and running else None

    async def start(self) -> Endpoint:
        """Start it; BrokerFailed when the port is taken or the program ends or hangs."""
        probe = _bound(self._host, self._port)
        self._port = probe.getsockname()[1]
        if self._held is None and sys.platform == "linux":
            self._held = probe
        else:
            probe.close()
        endpoint = Endpoint(self._host, self._port)
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        command = self._program.prepare(self._folder, endpoint, self._accounts)
        self._child = child.start(command, log=self._log)
        try:
            async with asyncio.timeout(START_S):
                await self._accepting(self._child, endpoint)
        except TimeoutError:
            await self._child.stop()
            raise self._failed(f"did not answer within {START_S:.0f} s") from None
        return endpoint

    async def wait(self) -> int:
        if self._child is None:
            raise RuntimeError("this broker was never started")
        return await self._child.wait()

    async def stop(self) -> None:
        if self._child is not None:
            await self._child.stop()
        if self._held is not None:
            self._held.close()
            self._held = None

    @property
    def _log(self) -> Path:
        return self._folder / f"{self._program.name}.log"

    async def _accepting(self, running: child.Child, endpoint: Endpoint) -> None:
        while running.returncode is None:
            try:
                _, writer = await asyncio.open_connection(endpoint.host, endpoint.port)
            except OSError:
                await asyncio.sleep(_PROBE_S)
            else:
                writer.close()
                return
        raise self._failed(f"ended with {child.ended_by(running.returncode)}")

    def _failed(self, how: str) -> BrokerFailed:
        said = self._log.read_text(errors="replace")[-_LOG_TAIL:] if self._log.exists() else ""
        return BrokerFailed(f"the broker {self._program.name} {how}. It said:\n{said.strip()}")


def _bound(host: str, port: int | None) -> socket.socket:
    """Return a socket at the wished port, or at any; BrokerFailed when the wished one is taken."""
    probe = socket.socket()
    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        probe.bind((host, port or 0))
    except OSError as error:
        probe.close()
        raise BrokerFailed(
            f"port {port} on {host} cannot be used ({error.strerror}): "
            "does a broker run there already? Give another port, or point the hub at that one"
        ) from error
    return probe
