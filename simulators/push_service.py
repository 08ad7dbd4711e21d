"""A push service (RFC 8030) with VAPID (RFC 8292): `python -m simulators.push_service`.

It takes messages for subscriptions, keeps them while the phone is away, and hands them to simulated
phones over a WebSocket, as browsers' own services do. It can be told to answer anything else, or
never.
"""

import argparse
import asyncio
import contextlib
import hmac
import json
import secrets
import signal
import sys
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aiohttp import WSMsgType, web

from simulators import vapid
from simulators.listening import Listening
from simulators.push_boxes import Box, Malformed, Message, message_of
from simulators.verdict import Verdict, verdict_of
from simulators.webpush import decode, encode

_KEPT = 1000
"""Requests that are remembered for whoever asks what was sent."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One request of a sender, and what it was answered."""

    at: float
    endpoint: str
    status: int
    why: str
    contact: str = ""
    ttl_s: int | None = None
    urgency: str = ""
    topic: str | None = None
    octets: int = 0


class PushService:
    """The service; `asked` holds the last requests, `verdicts` what is answered to whom."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._boxes: dict[str, Box] = {}
        self._by_receive: dict[str, Box] = {}
        self.asked: deque[Asked] = deque(maxlen=_KEPT)
        self.verdict: Verdict | None = None
        """For every endpoint that `verdicts` does not name; None does the work."""
        self.verdicts: dict[str, Verdict | None] = {}
        """By endpoint."""
        self.control_key = secrets.token_urlsafe(16)
        self._listening = Listening(self._app)

    @property
    def origin(self) -> str:
        """`http://host:port`: the audience that senders must name."""
        return self._listening.origin

    @property
    def up(self) -> bool:
        """Whether it listens now."""
        return self._listening.up

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> str:
        """Listen, again on the same port after a `stop`, and return the origin."""
        return await self._listening.start(host, port)

    async def stop(self) -> None:
        """Close the port and every connection; subscriptions and what waits stay."""
        await self._listening.stop()

    def waiting(self, endpoint: str) -> int:
        """Return how many messages wait for the phone of an endpoint."""
        return len(self._boxes[endpoint.rpartition("/")[2]].due(self._clock()))

    def _app(self) -> web.Application:
        # The most of RFC 8030 is judged by us; aiohttp's own limit only keeps the memory.
        app = web.Application(client_max_size=1 << 20)
        app.router.add_post("/subscribe", self._subscribe)
        app.router.add_post("/push/{id}", self._push)
        app.router.add_get("/receive/{secret}", self._receive)
        app.router.add_delete("/receive/{secret}", self._unsubscribe)
        app.router.add_post("/verdict", self._be_told)
        return app

    # -- senders ---------------------------------------------------------------------------------

    async def _push(self, request: web.Request) -> web.Response:
        endpoint = f"{self.origin}{request.path}"
        verdict = self.verdicts.get(endpoint, self.verdict)
        body = await request.read()
        if verdict is None:
            return self._take(request, endpoint, body)
        if verdict.never:
            self.asked.append(Asked(self._clock(), endpoint, 0, "told never to answer"))
            await self._listening.ending.wait()
        return self._answer(endpoint, verdict.status, "told so", verdict.headers)

    def _take(self, request: web.Request, endpoint: str, body: bytes) -> web.Response:
        box = self._boxes.get(request.match_info["id"])
        if box is None or box.gone:
            return self._answer(endpoint, 404 if box is None else 410, "no such subscription")
        now_s = self._clock()
        try:
            header = request.headers.get("Authorization", "")
            contact = vapid.check(header, self.origin, box.key, now_s)
            message = message_of(request, body, now_s)
        except (vapid.NotVapid, Malformed) as refused:
            return self._answer(endpoint, refused.status, str(refused))
        box.put(message)
        self.asked.append(
            Asked(
                *(now_s, endpoint, 201, "taken", contact),
                *(message.ttl_s, message.urgency, message.topic, len(body)),
            )
        )
        location = f"{self.origin}/message/{message.id}"
        return web.Response(status=201, headers={"Location": location, "TTL": str(message.ttl_s)})

    def _answer(
        self, endpoint: str, status: int, why: str, headers: Mapping[str, str] | None = None
    ) -> web.Response:
        self.asked.append(Asked(self._clock(), endpoint, status, why))
        return web.Response(status=status, text=why, headers=headers)

    # -- phones ----------------------------------------------------------------------------------

    async def _subscribe(self, request: web.Request) -> web.Response:
        try:
            key = (await request.json()).get("applicationServerKey")
            box = Box(key=None if key is None else decode(key))
        except (json.JSONDecodeError, AttributeError, TypeError, ValueError):
            raise web.HTTPBadRequest(text="Send {applicationServerKey} as base64url.") from None
        self._boxes[box.id] = self._by_receive[box.receive] = box
        endpoint = f"{self.origin}/push/{box.id}"
        told = {"endpoint": endpoint, "receive": f"{self.origin}/receive/{box.receive}"}
        return web.json_response(told, status=201, headers={"Location": endpoint})

    async def _unsubscribe(self, request: web.Request) -> web.Response:
        self._own(request).gone = True
        return web.Response(status=204)

    async def _receive(self, request: web.Request) -> web.WebSocketResponse:
        box = self._own(request)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        queue: asyncio.Queue[Message] = asyncio.Queue()
        for message in box.due(self._clock()):
            queue.put_nowait(message)
        # A second connection of the same phone takes the place of a dead first one.
        box.arrived = mine = queue.put_nowait
        sending = asyncio.create_task(_send_all(socket, queue))
        try:
            async for said in socket:
                if said.type is WSMsgType.TEXT:
                    box.taken(said.data)
        finally:
            sending.cancel()
            if box.arrived is mine:
                box.arrived = None
        return socket

    def _own(self, request: web.Request) -> Box:
        box = self._by_receive.get(request.match_info["secret"])
        if box is None:
            raise web.HTTPNotFound(text="No such subscription.")
        return box

    # -- testers ---------------------------------------------------------------------------------

    async def _be_told(self, request: web.Request) -> web.Response:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if not hmac.compare_digest(given.encode(), self.control_key.encode()):
            raise web.HTTPForbidden(text="Send the key that was printed at the start.")
        wish = await request.json()
        verdict = verdict_of(str(wish.get("answer")), wish.get("retry_after_s"))
        if "endpoint" in wish:
            self.verdicts[str(wish["endpoint"])] = verdict
        else:
            self.verdict = verdict
        return web.Response(status=204)


async def _send_all(socket: web.WebSocketResponse, queue: "asyncio.Queue[Message]") -> None:
    # The phone says later what it has; what was under way when the connection broke comes again.
    with contextlib.suppress(ConnectionError):
        while True:
            message = await queue.get()
            told: dict[str, Any] = {"id": message.id, "data": encode(message.body)}
            await socket.send_json(told)


def main(argv: Sequence[str] | None = None) -> int:
    """Serve until it is ended; the first line printed says where, and the key for /verdict."""
    parser = argparse.ArgumentParser(prog="python -m simulators.push_service", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="default: a free one")
    parser.add_argument("--answer", default="work", help="a status or `never`, instead of its work")
    parser.add_argument("--retry-after", type=int, help="seconds, with 429 and 503")
    options = parser.parse_args(argv)
    try:
        verdict = verdict_of(options.answer, options.retry_after)
    except ValueError:
        parser.error(f"--answer is a status from 200 to 599, never or work; not {options.answer}")
    asyncio.run(_serve(options.port, verdict))
    return 0


async def _serve(port: int, verdict: Verdict | None) -> None:
    service = PushService()
    service.verdict = verdict
    origin = await service.start(port=port)
    print(json.dumps({"origin": origin, "key": service.control_key}), flush=True)
    ended = asyncio.Event()
    for wish in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(wish, ended.set)
    await ended.wait()
    await service.stop()


if __name__ == "__main__":
    sys.exit(main())
