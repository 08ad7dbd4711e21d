"""A stub of what the hub offers a phone beside its pages: key, subscription, receipt, rights."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.simulators.push_sender import Sender, encrypted


class StubPhoneHub:
    """Pushes to the one phone that has subscribed; keeps what it answers."""

    def __init__(self) -> None:
        self.sender = Sender()
        self.subscription: dict[str, Any] = {}
        self.receipts: list[str] = []
        self.used: list[str] = []
        self.answer: tuple[int, dict[str, Any]] = (200, {"state": "done"})
        self.web = ""
        self.streams = 0
        """Pages that are open."""

    @asynccontextmanager
    async def served(self) -> AsyncIterator["StubPhoneHub"]:
        app = web.Application()
        app.add_routes(
            [
                web.post("/api/sign-in", self._sign_in),
                web.get("/api/push/key", self._key),
                web.post("/api/push/subscription", self._subscribe),
                web.post("/api/push/receipt", self._receipt),
                web.post("/api/rights", self._right),
                web.get("/api/alarms", self._alarms),
                web.get("/api/stream", self._stream),
            ]
        )
        async with TestServer(app) as server:
            self.web = str(server.make_url("")).rstrip("/")
            yield self

    async def push(self, send: str, **own: Any) -> int:
        """Push one notification about `alarm-1`, with rights named after the send."""
        payload = {
            "web_push": 8030,
            "notification": {
                "title": "Trygghetsalarm, Nord",
                "body": "Trykk for å se hvem og hvor",
                "lang": "nb",
                "navigate": "https://hub.example/alarms/alarm-1",
                "tag": "alarm-1",
            },
            "varde": {
                "v": 1,
                "send": send,
                "alarm": "alarm-1",
                "kind": "help.pressed",
                "receipt": f"receipt-{send}",
                "accept": f"accept-{send}",
                **own,
            },
        }
        return await self.push_octets(json.dumps(payload).encode())

    async def push_octets(self, plain: bytes) -> int:
        """Encrypt and push anything."""
        body = encrypted(plain, self.subscription["keys"])
        endpoint = self.subscription["endpoint"]
        return (await self.sender.send(endpoint, body, time.time()))[0]

    async def _sign_in(self, request: web.Request) -> web.Response:
        if (await request.json())["code"] != "ABCD-EFGH":
            return web.Response(status=401)
        response = web.Response(status=204)
        response.set_cookie("varde_session", "s1")
        return response

    async def _key(self, request: web.Request) -> web.Response:
        return web.json_response({"key": self.sender.key})

    async def _subscribe(self, request: web.Request) -> web.Response:
        assert request.headers["X-Varde"] == "1"
        assert request.cookies["varde_session"] == "s1"
        self.subscription = await request.json()
        return web.Response(status=204)

    async def _receipt(self, request: web.Request) -> web.Response:
        assert request.headers["X-Varde"] == "1"
        self.receipts.append((await request.json())["right"])
        return web.Response(status=204)

    async def _right(self, request: web.Request) -> web.Response:
        assert request.headers["X-Varde"] == "1"
        self.used.append((await request.json())["right"])
        return web.json_response(self.answer[1], status=self.answer[0])

    async def _alarms(self, request: web.Request) -> web.Response:
        return web.json_response({"cursor": "x", "alarms": []})

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        self.streams += 1
        try:
            while True:
                await response.write(b"event: beat\ndata: {}\n\n")
                await asyncio.sleep(0.01)
        finally:
            self.streams -= 1
