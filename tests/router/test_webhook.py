"""The signed webhook against a real HTTP server: what it says, and how it takes what it is told."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from hashlib import sha256

import aiohttp
import pytest
from aiohttp import web
from msgspec.structs import replace

from hub.notifier import webhook as module
from hub.notifier.channel import Attempt, Result, Send
from hub.notifier.webhook import Webhook, signed
from routing.marks import Mark
from tests.router.test_notifier import ALARM, owed

SECRET = b"a secret of the test"
NOW = 1_795_331_701_500_000
Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Receiver:
    """A local server that keeps what it got and answers as it is told."""

    def __init__(self) -> None:
        self.got: list[tuple[str, dict[str, str], bytes]] = []
        self.answer: Answer | None = None
        self.url = ""

    async def handle(self, request: web.Request) -> web.StreamResponse:
        headers = {name.lower(): value for name, value in request.headers.items()}
        self.got.append((request.path, headers, await request.read()))
        return web.Response() if self.answer is None else await self.answer(request)


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    one = Receiver()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", one.handle)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    one.url = f"http://{host}:{port}"
    yield one
    await runner.cleanup()


@pytest.fixture
async def webhook() -> AsyncIterator[Webhook]:
    async with aiohttp.ClientSession() as http:
        yield Webhook(http, SECRET, lambda: NOW)


def send(url: str | None) -> Send:
    return Send(owed("anna"), ALARM, {} if url is None else {"url": url})


def rfc2104(key: bytes, text: bytes) -> bytes:
    """HMAC-SHA256 as RFC 2104, section 2, writes it down, for a key shorter than a block."""
    block = key.ljust(64, b"\0")
    inner = sha256(bytes(octet ^ 0x36 for octet in block) + text).digest()
    return sha256(bytes(octet ^ 0x5C for octet in block) + inner).digest()


async def test_the_signature_is_over_id_time_and_body(receiver: Receiver, webhook: Webhook) -> None:
    assert await webhook.attempt(send(receiver.url)) == Attempt(Result.DELIVERED, "http-200")
    ((_, headers, body),) = receiver.got
    assert headers["webhook-id"] == "a1:r1.s0:anna:webhook-1"
    assert headers["webhook-timestamp"] == "1795331701"
    assert headers["content-type"] == "application/json"
    mac = rfc2104(SECRET, b"a1:r1.s0:anna:webhook-1.1795331701." + body)
    assert headers["webhook-signature"] == "v1," + base64.b64encode(mac).decode()


async def test_the_body_is_ids_codes_and_instants_only(
    receiver: Receiver, webhook: Webhook
) -> None:
    await webhook.attempt(send(receiver.url))
    assert json.loads(receiver.got[0][2]) == {
        "type": "alarm.paged",
        "id": "a1:r1.s0:anna:webhook-1",
        "alarm": "a1",
        "person": "anna",
        "kind": "help.pressed",
        "category": "help",
        "severity": 4,
        "phase": "looking",
        "activations": 1,
        "people_needed": 1,
        "raised_at": "1970-01-01T00:00:00Z",
        "received_at": "1970-01-01T00:00:00Z",
        "why": {"code": "in_team", "params": {"team": "home"}},
    }


async def test_an_exercise_says_that_it_is_one(receiver: Receiver, webhook: Webhook) -> None:
    alarm = replace(ALARM, marks=(Mark.EXERCISE,))
    await webhook.attempt(Send(owed("anna"), alarm, {"url": receiver.url}))
    assert json.loads(receiver.got[0][2])["exercise"] is True


async def test_the_url_is_a_template_whose_values_are_quoted(
    receiver: Receiver, webhook: Webhook
) -> None:
    await webhook.attempt(send(receiver.url + "/to/{person}/of/{alarm}"))
    assert receiver.got[0][0] == "/to/anna/of/a1"


@pytest.mark.parametrize(
    ("status", "result"),
    [
        (200, Result.DELIVERED),
        (202, Result.DELIVERED),
        (204, Result.DELIVERED),
        (301, Result.FAILED),
        (307, Result.FAILED),
        (400, Result.FAILED),
        (401, Result.FAILED),
        (404, Result.FAILED),
        (410, Result.FAILED),
        (408, Result.AGAIN),
        (425, Result.AGAIN),
        (429, Result.AGAIN),
        (500, Result.AGAIN),
        (502, Result.AGAIN),
        (503, Result.AGAIN),
    ],
)
async def test_what_a_status_means(
    receiver: Receiver, webhook: Webhook, status: int, result: Result
) -> None:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(status=status, headers={"Location": f"{receiver.url}/elsewhere"})

    receiver.answer = answer
    assert await webhook.attempt(send(receiver.url)) == Attempt(result, f"http-{status}")
    assert len(receiver.got) == 1, "a redirect is not followed: it would carry ids elsewhere"


@pytest.mark.parametrize(
    ("said", "after_s"), [("7", 7.0), ("soon", None), ("-1", None), ("", None), ("\xb2", None)]
)
async def test_retry_after_is_read_in_seconds(
    receiver: Receiver, webhook: Webhook, said: str, after_s: float | None
) -> None:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(status=503, headers={"Retry-After": said})

    receiver.answer = answer
    assert (await webhook.attempt(send(receiver.url))).again_after_s == after_s


async def test_a_receiver_that_does_not_answer_is_tried_again(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def answer(_: web.Request) -> web.Response:
        await asyncio.Event().wait()
        return web.Response()

    receiver.answer = answer
    monkeypatch.setattr(module, "TIMEOUT_S", 0.05)
    async with aiohttp.ClientSession() as http:
        tried = await Webhook(http, SECRET, lambda: NOW).attempt(send(receiver.url))
    assert tried == Attempt(Result.AGAIN, "timeout")


async def test_a_receiver_that_hangs_up_is_tried_again(
    receiver: Receiver, webhook: Webhook
) -> None:
    async def answer(request: web.Request) -> web.Response:
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    receiver.answer = answer
    assert await webhook.attempt(send(receiver.url)) == Attempt(
        Result.AGAIN, "ServerDisconnectedError"
    )


async def test_a_receiver_that_is_not_there_is_tried_again(
    webhook: Webhook, free_port: Callable[[], int]
) -> None:
    tried = await webhook.attempt(send(f"http://127.0.0.1:{free_port()}/"))
    assert tried == Attempt(Result.AGAIN, "ClientConnectorError")


@pytest.mark.parametrize(
    "url",
    ["", "not a url", "http://", "ftp://127.0.0.1/x", "//nowhere", "http://[1", "http://a..b/",
     "http://127.0.0.1:99999/", "http://" + "x" * 70 + ".example/", "{person}"],
)  # fmt: skip
async def test_an_address_that_can_never_work_has_failed(webhook: Webhook, url: str) -> None:
    tried = await webhook.attempt(send(url))
    assert tried.result is Result.FAILED


async def test_a_person_without_an_address_cannot_be_reached_so(webhook: Webhook) -> None:
    assert await webhook.attempt(send(None)) == Attempt(Result.FAILED, "no-url")


async def test_connections_are_used_again(receiver: Receiver, webhook: Webhook) -> None:
    peers: set[object] = set()

    async def answer(request: web.Request) -> web.Response:
        assert request.transport is not None
        peers.add(request.transport.get_extra_info("peername"))
        return web.Response()

    receiver.answer = answer
    for _ in range(5):
        await webhook.attempt(send(receiver.url))
    assert len(peers) == 1


def test_the_example_of_standard_webhooks_is_signed_alike() -> None:
    # The published example of the specification's signature scheme (standardwebhooks.com).
    key = base64.b64decode("plJ3nmyCDGBKInavdOK15jsl")
    body = b'{"event_type":"ping","data":{"success":true}}'
    headers = signed(key, "msg_loFOjxBNrRLzqYUf", 1731705121, body)
    assert headers["webhook-signature"] == "v1,rAvfW3dJ/X/qxhsaXPOyyCGmRKsaKWcsNccKXlIktD0="
