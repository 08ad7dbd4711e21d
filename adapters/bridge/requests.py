"""Runs `RequestSession`s on one HTTP server: `/webhook/<listener id>`, and below where a session
reads the rest of the path.

A request is held until all its events are durable, and answered 503 with Retry-After when that is
not known in time, when nobody can be reached (`busy`), or when too many are held already: the
sender then calls again with the same message id, and meets the same events. Bodies that are still
on their way hold no such place (`bodies.py`).
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence

from aiohttp import web

from adapters.bridge.bodies import Bodies
from adapters.bridge.callers import Callers
from adapters.bridge.connections import host_text
from adapters.bridge.crash import Crash
from adapters.bridge.server_log import server_log
from adapters.bridge.settings import Address, HttpLimits, RequestListener
from adapters.bridge.sockets import Emitter
from adapters.session import Answer, Call, Outcome, Speak
from routing.event import Event
from routing.instant import Instant

_AGAIN = "not stored yet; send the same message again\n"
_CROWDED = "too many requests are waiting; send the same message again\n"


class RequestRunner:
    """All request listeners behind one address."""

    def __init__(
        self,
        listeners: Sequence[RequestListener],
        limits: HttpLimits,
        emit: Emitter,
        now: Callable[[], Instant],
        crash: Crash,
    ) -> None:
        self._listeners: Mapping[str, RequestListener] = {one.id: one for one in listeners}
        self._limits = limits
        self._emit = emit
        self._now = now
        self._crash = crash
        self._held = 0
        self._bodies = Bodies(limits)
        self._server: asyncio.Server | None = None
        app = web.Application(client_max_size=limits.body_octets)
        app.router.add_route("*", "/webhook/{listener}", self._called)
        app.router.add_route("*", "/webhook/{listener}/{path:.*}", self._called)
        self._runner = web.AppRunner(
            app, access_log=None, shutdown_timeout=1, logger=server_log("http")
        )

    async def start(self, address: Address) -> str:
        """Bind and serve; return `http://host:port`. OSError when the address is taken."""
        await self._runner.setup()
        server = self._runner.server
        assert server is not None  # after `setup`
        callers = Callers(server, self._limits.connections)
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(
            callers.accepted, address.host, address.port, backlog=512
        )
        host, port = self._server.sockets[0].getsockname()[:2]
        return f"http://{host_text(host)}:{port}"

    async def stop(self) -> None:
        """Stop serving; held requests are dropped, and their senders call again."""
        if self._server is not None:
            self._server.close()
        await self._runner.cleanup()

    async def _called(self, request: web.Request) -> web.Response:
        listener = self._listeners.get(request.match_info["listener"])
        if listener is None:
            raise web.HTTPNotFound(text="no such webhook; check the address\n")
        if request.method not in listener.methods:
            raise web.HTTPMethodNotAllowed(request.method, listener.methods)
        try:
            body = await self._bodies.read(request)
        except TimeoutError:
            raise web.HTTPRequestTimeout(text="the body did not arrive in time\n") from None
        if self._held >= self._limits.concurrent:
            return self._again(_CROWDED)
        self._held += 1
        try:
            return await self._handle(listener, request, body)
        finally:
            self._held -= 1

    async def _handle(
        self, listener: RequestListener, request: web.Request, body: bytes
    ) -> web.Response:
        with self._crash.guard(listener.id):
            read = listener.session.request(_call(request, body), self._now())
        if isinstance(read, Answer):
            return _response(read)
        if await self._all_durable(listener.id, read.events):
            return _response(read.answer)
        return self._again(_AGAIN)

    async def _all_durable(self, listener: str, events: Sequence[Event]) -> bool:
        outcomes = {event.id: self._offer(listener, event) for event in events}
        try:
            async with asyncio.timeout(self._limits.answer_within_s):
                found = await asyncio.gather(*outcomes.values())
        except TimeoutError:
            return False
        return all(one is Outcome.DURABLE for one in found)

    def _offer(self, listener: str, event: Event) -> asyncio.Future[Outcome]:
        future: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()

        def heard(_: str, outcome: Outcome, _speak: Speak | None = None, /) -> None:
            if not future.done():
                future.set_result(outcome)

        self._emit(listener, event, heard)
        return future

    def _again(self, text: str) -> web.Response:
        retry = {"Retry-After": str(self._limits.retry_after_s)}
        return web.Response(status=503, text=text, headers=retry)


def _call(request: web.Request, body: bytes) -> Call:
    return Call(
        headers={name.lower(): value for name, value in request.headers.items()},
        body=body,
        method=request.method,
        path=request.match_info.get("path", ""),
        query=request.rel_url.raw_query_string,
    )


def _response(answer: Answer) -> web.Response:
    return web.Response(status=answer.status, text=answer.text)
