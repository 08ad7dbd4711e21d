"""TLS connections whose handshake is not done: a place of their own, a bound and a deadline.

None of them can push out a connection that has been heard, and none stays longer than `handshake_s`
however it drips. Where there are too many, the one that began first makes room.
"""

import asyncio
from collections import Counter
from collections.abc import Callable

from adapters.bridge.connection import Connection
from adapters.bridge.settings import StreamLimits


class Handshakes:
    """The handshakes under way, the oldest first."""

    def __init__(self, limits: StreamLimits, cut_off: Callable[[Connection, str], None]) -> None:
        """`cut_off` drops a connection and tells `done` of it."""
        self._limits = limits
        self._cut_off = cut_off
        self._under_way: dict[Connection, asyncio.TimerHandle] = {}
        self._per_host: Counter[str] = Counter()
        self._loop = asyncio.get_running_loop()

    def begin(self, connection: Connection) -> None:
        """Give a new connection its place and its deadline."""
        self._make_room(connection.host)
        why = "no TLS handshake in time"
        deadline = self._loop.call_later(self._limits.handshake_s, self._cut_off, connection, why)
        self._under_way[connection] = deadline
        self._per_host[connection.host] += 1

    def done(self, connection: Connection) -> None:
        """Forget a connection: it is admitted, or gone."""
        deadline = self._under_way.pop(connection, None)
        if deadline is None:
            return
        deadline.cancel()
        self._per_host[connection.host] -= 1
        if not self._per_host[connection.host]:
            del self._per_host[connection.host]

    def stop(self) -> None:
        """Drop them all."""
        for connection in list(self._under_way):
            self.done(connection)
            connection.transport.abort()

    def _make_room(self, host: str) -> None:
        if self._per_host[host] >= self._limits.handshakes_per_host:
            oldest = next(one for one in self._under_way if one.host == host)
            self._cut_off(oldest, "too many TLS handshakes from one address")
        elif len(self._under_way) >= self._limits.handshakes:
            self._cut_off(next(iter(self._under_way)), "too many TLS handshakes")
