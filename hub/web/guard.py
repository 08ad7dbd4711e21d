"""What holds for every request and answer: sizes, and the headers that keep a page its own."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import msgspec
from starlette.datastructures import Headers, MutableHeaders

from hub.text import catalogue

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

MAX_BODY_BYTES = 8192
MAX_ADDRESS_CHARS = 512
CALLBACK = "/oidc/callback"
MAX_CALLBACK_CHARS = 6000
"""A login provider's code may be long; it comes in the address."""
HOOKS = "/hooks/"
MAX_HOOK_CHARS = 8192
"""A gateway that calls by GET has a whole SMS in the address, six signs for each letter of ours."""
BODY_WITHIN_S = 10.0
_SAME_FOR_ALL = ("/static/", "/text/", "/sw.js", "/manifest/", "/offline/", "/called/")
"""What holds nothing of anybody: a browser may keep it, and asks whether it has changed."""
_BAD_SIZE = {411: "length_required", 413: "too_large"}


def policy(frame_ancestors: tuple[str, ...]) -> str:
    """Return the Content-Security-Policy: all from here, no inline script or style."""
    frames = " ".join(("'self'", *frame_ancestors))
    return (
        "default-src 'self'; base-uri 'none'; object-src 'none'; form-action 'self'; "
        f"frame-ancestors {frames}"
    )


def size_refused(scope: Scope) -> int | None:
    """Return the status that refuses the request for its size, None when it may pass."""
    headers = Headers(scope=scope)
    length = headers.get("content-length", "")
    if len(scope["path"]) + len(scope["query_string"]) > _longest_address(scope["path"]):
        return 413
    if "transfer-encoding" in headers or (scope["method"] == "POST" and not length.isdigit()):
        return 411
    return 413 if length.isdigit() and int(length) > MAX_BODY_BYTES else None


def _longest_address(path: str) -> int:
    if path.startswith(HOOKS):
        return MAX_HOOK_CHARS
    return MAX_CALLBACK_CHARS if path == CALLBACK else MAX_ADDRESS_CHARS


class Guard:
    """ASGI middleware; pure, so that streams flow through it untouched."""

    def __init__(self, app: App, frame_ancestors: tuple[str, ...], *, secure: bool) -> None:
        self._app = app
        self._secure = secure
        self._policy = policy(frame_ancestors)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._add_headers(MutableHeaders(scope=message), scope["path"])
            await send(message)

        status = size_refused(scope)
        if status is None:
            await self._app(scope, _in_time(receive), send_with_headers)
        else:
            await _refuse(status, send_with_headers)

    def _add_headers(self, headers: MutableHeaders, path: str) -> None:
        headers["Content-Security-Policy"] = self._policy
        headers["Referrer-Policy"] = "no-referrer"
        headers["X-Content-Type-Options"] = "nosniff"
        headers["Permissions-Policy"] = "geolocation=(), camera=(), microphone=()"
        headers["Cache-Control"] = "no-cache" if path.startswith(_SAME_FOR_ALL) else "no-store"
        if self._secure:
            headers["Strict-Transport-Security"] = "max-age=31536000"


def _in_time(receive: Receive) -> Receive:
    """Give up a body that does not come whole, or sign by sign: half requests must not hold
    connections for ever."""
    whole, until = False, 0.0

    async def receive_in_time() -> Message:
        nonlocal whole, until
        if whole:  # what comes now is the end of the connection, and a stream may wait for it
            return await receive()
        until = until or asyncio.get_running_loop().time() + BODY_WITHIN_S
        try:
            async with asyncio.timeout_at(until):
                message = await receive()
        except TimeoutError:
            return {"type": "http.disconnect"}
        whole = not message.get("more_body", False)
        return message

    return receive_in_time


async def _refuse(status: int, send: Send) -> None:
    """No page of ours sends such a request, so no reader's language is looked up."""
    code = _BAD_SIZE[status]
    body = msgspec.json.encode({"error": code, "text": catalogue("en")(f"error.{code}")})
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
