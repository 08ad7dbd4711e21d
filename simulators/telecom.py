"""What simulated gateways have in common: an HTTP port, a verdict, and callbacks to the hub.

A callback is JSON, signed: `X-Varde-Timestamp` in Unix seconds, and `X-Varde-Signature:
sha256=<hex>`, the HMAC-SHA256 of timestamp, full stop and body. It may come late, twice or never.
"""

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any

import aiohttp
from aiohttp import web

from simulators.listening import Listening
from simulators.verdict import Verdict

TRIES = 3
"""How often a callback is tried that the hub does not answer by 2xx."""
_BETWEEN_S = 0.5


@dataclass(frozen=True, slots=True)
class Hook:
    """Where a gateway calls back: `<url>/<report|reply|key>`, proven by a shared secret."""

    url: str
    secret: str

    def headers(self, body: bytes, now_s: float) -> dict[str, str]:
        """Return the headers that prove who calls."""
        at = str(int(now_s))
        signed = at.encode() + b"." + body
        mac = hmac.new(self.secret.encode(), signed, hashlib.sha256).hexdigest()
        return {
            "Content-Type": "application/json",
            "X-Varde-Timestamp": at,
            "X-Varde-Signature": f"sha256={mac}",
        }


@dataclass(slots=True)
class Habits:
    """What becomes of a gateway's callbacks; changed while it runs."""

    delay_s: float = 0.0
    lose: bool = False
    repeat: bool = False


def _forget(answer: dict[str, Any]) -> None:
    """What the hub answers is of no use to most callbacks."""


class Telecom:
    """A gateway's port and its callbacks; `heard` holds what it was asked, oldest first."""

    def __init__(
        self, routes: Sequence[web.RouteDef], hook: Hook | None = None, token: str | None = None
    ) -> None:
        self.hook, self.habits = hook, Habits()
        self.verdict: Verdict | None = None
        """What is answered instead of doing the work."""
        self.called_back: list[tuple[str, dict[str, Any], int]] = []
        """Each callback: which, its body, and the hub's status; 0 where nobody answered."""
        self.changed: Callable[[], None] = lambda: None
        """Called whenever somebody's handset changes."""
        self._routes, self._token = routes, token
        self._listening = Listening(self._app)
        self._http: aiohttp.ClientSession | None = None
        self._under_way: set[asyncio.Task[None]] = set()

    @property
    def origin(self) -> str:
        """`http://host:port`."""
        return self._listening.origin

    @property
    def up(self) -> bool:
        """Whether it listens now."""
        return self._listening.up

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> str:
        """Listen, again on the same port after a `stop`, and return the origin."""
        if self._http is None:
            self._http = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=5))
        return await self._listening.start(host, port)

    async def stop(self) -> None:
        """Close the port, as in an outage: nobody can send, callbacks still go out."""
        await self._listening.stop()

    async def end(self) -> None:
        """Stop, and call nobody back any more."""
        await self.stop()
        for task in self._under_way:
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)
        if self._http is not None:
            await self._http.close()

    def _app(self) -> web.Application:
        app = web.Application()
        app.add_routes(self._routes)
        return app

    async def _asked(self, request: web.Request, *names: str) -> dict[str, Any]:
        """Return what was sent; the verdict is answered before anything is looked at."""
        if self.verdict is not None:
            if self.verdict.never:
                await self._listening.ending.wait()
            raise _refusal(self.verdict)
        if self._token and request.headers.get("Authorization") != f"Bearer {self._token}":
            raise web.HTTPUnauthorized(text="The token is wrong.")
        try:
            wish = await request.json()
        except json.JSONDecodeError:
            raise web.HTTPBadRequest(text="That is not JSON.") from None
        if not isinstance(wish, dict) or not all(isinstance(wish.get(n), str) for n in names):
            raise web.HTTPBadRequest(text=f"Send {', '.join(names)} as text.")
        return wish

    def call_back(
        self, what: str, body: dict[str, Any], then: Callable[[dict[str, Any]], None] = _forget
    ) -> None:
        """Tell the hub something, as the habits are; `then` gets the JSON it answers."""
        if self.habits.lose:
            return
        for _ in range(2 if self.habits.repeat else 1):
            self.later(self._call_back(what, body, then))

    async def _call_back(
        self, what: str, body: dict[str, Any], then: Callable[[dict[str, Any]], None]
    ) -> None:
        if self.hook is None or self._http is None:
            return
        await asyncio.sleep(self.habits.delay_s)
        octets = json.dumps(body, ensure_ascii=False).encode()
        status = 0
        for number in range(TRIES):
            await asyncio.sleep(number * _BETWEEN_S)
            try:
                url, headers = f"{self.hook.url}/{what}", self.hook.headers(octets, time.time())
                async with self._http.post(url, data=octets, headers=headers) as response:
                    status = response.status
                    if response.content_type == "application/json":
                        then(await response.json())
            except (aiohttp.ClientError, TimeoutError):
                status = 0
            if 200 <= status < 500:
                break
        self.called_back.append((what, body, status))

    def later(self, work: Coroutine[Any, Any, None]) -> None:
        """Let something go on beside; it ends with the gateway."""
        task = asyncio.create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)


def _refusal(verdict: Verdict) -> web.HTTPException:
    class Told(web.HTTPException):
        status_code = verdict.status

    return Told(text="told so", headers=verdict.headers)
