"""A stub of the hub's web: sign-in, alarms, live stream and commands, as a phone sees them."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

Alarm = dict[str, Any]
AFTER = {
    "accept": "accepted",
    "on_the_way": "on_the_way",
    "arrive": "at_resident",
    "close": "closed",
}


class StubHub:
    """Alarms that move as commanded; `answer` may refuse a command instead."""

    def __init__(self) -> None:
        self.alarms: dict[str, Alarm] = {}
        self.commands: list[dict[str, Any]] = []
        self.answer: Callable[[dict[str, Any]], int] = lambda command: 200
        self._streams: list[asyncio.Queue[Alarm | None]] = []
        self.web = ""

    def tell(self, alarm: Alarm) -> None:
        self.alarms[alarm["id"]] = alarm
        for stream in self._streams:
            stream.put_nowait(alarm)

    def forget(self) -> None:
        """Tell the streams to fetch the list again."""
        for stream in self._streams:
            stream.put_nowait(None)

    def raise_alarm(self, kind: str, category: str) -> None:
        number = f"a{len(self.alarms) + 1}"
        self.tell({"id": number, "phase": "looking", "kind": kind, "category": category})

    @asynccontextmanager
    async def served(self) -> AsyncIterator["StubHub"]:
        app = web.Application()
        app.add_routes(
            [
                web.get("/health", self._health),
                web.post("/api/sign-in", self._sign_in),
                web.get("/api/alarms", self._list),
                web.get("/api/alarms/{id}", self._detail),
                web.get("/api/stream", self._stream),
                web.post("/api/alarms/{id}/commands", self._command),
                web.get("/enrol", self._enrol),
            ]
        )
        async with TestServer(app) as server:
            self.web = str(server.make_url("")).rstrip("/")
            yield self

    async def _health(self, request: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})

    async def _enrol(self, request: web.Request) -> web.Response:
        return web.Response(text="<p>the phone page</p>", content_type="text/html")

    async def _sign_in(self, request: web.Request) -> web.Response:
        if (await request.json())["code"] != "ABCD-EFGH":
            return web.Response(status=401)
        response = web.Response(status=204)
        response.set_cookie("varde_session", "s1", httponly=True, samesite="Lax")
        return response

    def _check(self, request: web.Request) -> None:
        if request.cookies.get("varde_session") != "s1":
            raise web.HTTPUnauthorized

    async def _list(self, request: web.Request) -> web.Response:
        self._check(request)
        return web.json_response({"cursor": "x", "alarms": list(self.alarms.values())})

    async def _detail(self, request: web.Request) -> web.Response:
        self._check(request)
        alarm = self.alarms[request.match_info["id"]]
        return web.json_response({**alarm, "timeline": [{"text": "raised"}]})

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        self._check(request)
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        await response.write(b": hello\nretry: 1000\n\n")
        queue: asyncio.Queue[Alarm | None] = asyncio.Queue()
        self._streams.append(queue)
        try:
            while True:
                alarm = await queue.get()
                event, data = ("resync", {}) if alarm is None else ("alarm", alarm)
                text = f"event: {event}\nid: c\ndata: {json.dumps(data)}\n\n"
                # Cut in the middle of a line, as a network may.
                await response.write(text[:11].encode())
                await response.write(text[11:].encode())
        finally:
            self._streams.remove(queue)

    async def _command(self, request: web.Request) -> web.Response:
        self._check(request)
        command = await request.json()
        assert request.headers["X-Varde"] == "1"
        self.commands.append(command)
        status = self.answer(command)
        if status == 200:
            alarm = self.alarms[request.match_info["id"]]
            self.tell({**alarm, "phase": AFTER[command["action"]]})
        return web.json_response({"state": "told"}, status=status)
