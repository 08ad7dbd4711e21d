"""A small ntfy server (docs.ntfy.sh, "Publish as JSON" and "Subscribe"), and a phone that reads it.

`POST /` takes `{"topic", "message", "title"?, "priority"?, "tags"?, "click"?, "actions"?}` and
answers with the message as kept. `GET /<topic>/json` streams messages, a line of JSON each;
`?poll=1&since=all` returns what is kept and ends.
"""

import asyncio
import itertools
import json
import re
import time
from typing import Any

import aiohttp
from aiohttp import web

from simulators.telecom import Telecom

Message = dict[str, Any]
_TOPIC = re.compile(r"^[-_A-Za-z0-9]{1,64}$")
_TEXTS = ("title", "click", "markdown", "icon", "tags", "priority", "actions")
LONGEST = 4096
"""Octets of a message's text (docs.ntfy.sh, "Limitations")."""


class NtfyServer(Telecom):
    """The server; a token of its own guards every topic."""

    def __init__(self, token: str | None = None) -> None:
        routes = [
            web.post("/", self._publish),
            web.get("/{topic}/json", self._subscribe),
        ]
        super().__init__(routes, None, token)
        self.kept: dict[str, list[Message]] = {}
        self._ids = itertools.count(1)
        self._streams: dict[str, set[asyncio.Queue[Message]]] = {}

    async def tap(self, message: Message, number: int) -> tuple[int, str]:
        """Tap a button of a message on a phone, 0 for the first; return what its request was
        answered (docs.ntfy.sh, "Send HTTP request")."""
        action = message["actions"][number]
        async with (
            aiohttp.ClientSession() as http,
            http.request(
                action.get("method", "POST"),
                action["url"],
                headers=action.get("headers"),
                data=action.get("body"),
            ) as response,
        ):
            return response.status, await response.text()

    async def _publish(self, request: web.Request) -> web.Response:
        wish = await self._asked(request, "topic")
        topic, text = wish["topic"], str(wish.get("message", ""))
        if not _TOPIC.match(topic):
            raise web.HTTPBadRequest(text='{"code":40009,"error":"invalid topic"}')
        if not 1 <= int(wish.get("priority", 3)) <= 5:
            raise web.HTTPBadRequest(text='{"code":40007,"error":"invalid priority"}')
        if len(text.encode()) > LONGEST:
            raise web.HTTPRequestEntityTooLarge(LONGEST, len(text.encode()))
        message: Message = {
            "id": f"m{next(self._ids):011d}",
            "time": int(time.time()),
            "event": "message",
            "topic": topic,
            "message": text or "triggered",
            **{name: wish[name] for name in _TEXTS if name in wish},
        }
        self.kept.setdefault(topic, []).append(message)
        for queue in self._streams.get(topic, ()):
            queue.put_nowait(message)
        self.changed()
        return web.json_response(message)

    async def _subscribe(self, request: web.Request) -> web.StreamResponse:
        if self._token and request.headers.get("Authorization") != f"Bearer {self._token}":
            raise web.HTTPUnauthorized(text="The token is wrong.")
        topic = request.match_info["topic"]
        response = web.StreamResponse(headers={"Content-Type": "application/x-ndjson"})
        await response.prepare(request)
        kept = self.kept.get(topic, []) if request.query.get("since") == "all" else []
        if request.query.get("poll") == "1":
            for message in kept:
                await response.write(_line(message))
            return response
        queue: asyncio.Queue[Message] = asyncio.Queue()
        streams = self._streams.setdefault(topic, set())
        streams.add(queue)
        try:
            await response.write(_line({"event": "open", "topic": topic}))
            for message in kept:
                await response.write(_line(message))
            while True:
                await response.write(_line(await queue.get()))
        finally:
            streams.discard(queue)


def _line(message: Message) -> bytes:
    return json.dumps(message, ensure_ascii=False).encode() + b"\n"
