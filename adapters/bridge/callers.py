"""The connections of the HTTP side: so many, and then one gives way.

Anybody can open a connection and say nothing. Without a bound the process would run out of files,
and the other listeners could not accept a press any more. Of the address with the most connections
the one that was silent for longest is cut off, so that a crowd makes room for itself.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable
from typing import cast

log = logging.getLogger(__name__)

_REPORT_S = 60


class Callers:
    """The open connections, the longest silent first."""

    def __init__(self, serve: Callable[[], asyncio.Protocol], most: int) -> None:
        """`serve` makes the protocol that talks on one connection."""
        self._serve, self._most = serve, most
        self._open: dict[Caller, None] = {}
        self._per_host: Counter[str] = Counter()
        self._quiet_until = 0.0

    def accepted(self) -> "Caller":
        """Return the protocol of a new connection."""
        return Caller(self, self._serve())

    def admit(self, caller: "Caller") -> None:
        """Count a connection, and make room for it."""
        if len(self._open) >= self._most:
            crowd, _ = self._per_host.most_common(1)[0]
            self._cut_off(next(one for one in self._open if one.host == crowd))
        self._open[caller] = None
        self._per_host[caller.host] += 1

    def heard(self, caller: "Caller") -> None:
        """It is the liveliest now."""
        if caller in self._open:
            del self._open[caller]
            self._open[caller] = None

    def gone(self, caller: "Caller") -> None:
        """Forget a connection; one that was cut off is forgotten already."""
        if caller not in self._open:
            return
        del self._open[caller]
        self._per_host[caller.host] -= 1
        if not self._per_host[caller.host]:
            del self._per_host[caller.host]

    def _cut_off(self, caller: "Caller") -> None:
        self.gone(caller)
        caller.transport.abort()
        now = asyncio.get_running_loop().time()
        if now >= self._quiet_until:
            log.warning("HTTP: over %d connections; the longest silent are cut off", self._most)
            self._quiet_until = now + _REPORT_S


class Caller(asyncio.Protocol):
    """One connection: passes everything on to the protocol that talks on it."""

    host: str
    transport: asyncio.Transport

    def __init__(self, table: Callers, inner: asyncio.Protocol) -> None:
        self._table, self._inner = table, inner

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        self.host = (transport.get_extra_info("peername") or ("",))[0]
        self._table.admit(self)
        self._inner.connection_made(transport)

    def data_received(self, data: bytes) -> None:
        self._table.heard(self)
        self._inner.data_received(data)

    def eof_received(self) -> bool | None:
        return self._inner.eof_received()

    def connection_lost(self, exc: Exception | None) -> None:
        self._table.gone(self)
        self._inner.connection_lost(exc)

    def pause_writing(self) -> None:
        self._inner.pause_writing()

    def resume_writing(self) -> None:
        self._inner.resume_writing()
