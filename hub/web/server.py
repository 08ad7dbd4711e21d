"""The HTTP server: ends its open streams at shutdown, and says when it listens."""

import asyncio
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI
from uvicorn.protocols.http.h11_impl import H11Protocol

GRACE_S = 5
HEAD_WITHIN_S = 10.0
"""In which the head of a request must come; a connection is let go after twice that at most."""
_LOOPBACK = {"0.0.0.0": "127.0.0.1", "::": "::1"}
"""Where a browser here finds what listens on every address."""


def listen(host: str, port: int) -> socket.socket:
    """Return a listening socket; port 0 lets the system choose. OSError when it cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named as TCP, or asyncio leaves Nagle's algorithm on and an answer waits 40 ms for its body.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError:
        listening.close()
        raise
    listening.listen(128)
    return listening


def url_of(listening: socket.socket) -> str:
    """Return the address that a browser on this machine opens."""
    host, port = listening.getsockname()[:2]
    host = _LOOPBACK.get(host, host)
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


class Connection(H11Protocol):
    """uvicorn waits for ever for a request's head, and a thousand connections without one leave no
    file for anybody else's. What is under way, a stream too, may last."""

    _looking: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)  # type: ignore[arg-type]
        self._looking = self.loop.call_later(HEAD_WITHIN_S, self._look, None)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._looking is not None:
            self._looking.cancel()
        super().connection_lost(exc)

    def _look(self, before: object) -> None:
        """Let go where no request has come since the look before."""
        is_over = getattr(self.cycle, "response_complete", True)  # before the first there is none
        if is_over and self.cycle is before:
            self.transport.close()
        else:
            self._looking = self.loop.call_later(HEAD_WITHIN_S, self._look, self.cycle)


class Server(uvicorn.Server):
    """uvicorn waits for open requests at shutdown, and a stream never ends by itself."""

    def __init__(
        self,
        app: FastAPI,
        *,
        end_streams: Callable[[], None],
        on_ready: Callable[[], None],
        trusted_proxies: Sequence[str] = (),
    ) -> None:
        config = uvicorn.Config(
            app,
            http=Connection,
            lifespan="off",
            access_log=False,  # addresses of people's phones are personal data
            log_config=None,
            server_header=False,
            # A header that anybody may write must not say who is guessing codes.
            proxy_headers=bool(trusted_proxies),
            forwarded_allow_ips=list(trusted_proxies),
            timeout_graceful_shutdown=GRACE_S,
        )
        super().__init__(config)
        self._end_streams = end_streams
        self._on_ready = on_ready

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Signals are the process's own: uvicorn would raise them again after the shutdown."""
        yield

    def end(self) -> None:
        """Shut down in order."""
        self.should_exit = True

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        self._on_ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._end_streams()
        await super().shutdown(sockets=sockets)
