"""How each answer of a gateway is taken, and when the second gateway is asked."""

import asyncio
import json
from collections.abc import Callable

import aiohttp
import pytest
from aiohttp import web

from hub.notifier.channel import Attempt, Result
from tests.channels.gateways import settings, sms
from tests.channels.sends import send
from tests.channels.stub_gateway import StubGateway


@pytest.mark.parametrize(
    ("status", "result"),
    [
        (200, Result.TAKEN),
        (201, Result.TAKEN),
        (202, Result.TAKEN),
        (204, Result.TAKEN),
        (301, Result.FAILED),
        (307, Result.FAILED),
        (400, Result.FAILED),
        (401, Result.FAILED),
        (402, Result.FAILED),
        (403, Result.FAILED),
        (404, Result.FAILED),
        (408, Result.AGAIN),
        (413, Result.FAILED),
        (425, Result.AGAIN),
        (429, Result.AGAIN),
        (500, Result.AGAIN),
        (502, Result.AGAIN),
        (503, Result.AGAIN),
    ],
)
async def test_what_a_status_means(
    stub: StubGateway, http: aiohttp.ClientSession, status: int, result: Result
) -> None:
    stub.status, stub.headers = status, {"Location": f"{stub.url}/elsewhere"}
    tried = await sms(http, settings(stub.url)).attempt(send())
    assert (tried.result, tried.code) == (result, f"http-{status}")
    assert len(stub.got) == 1, "a redirect is not followed: it would carry a number elsewhere"


async def test_a_gateway_that_names_its_statuses(
    stub: StubGateway, http: aiohttp.ClientSession
) -> None:
    one = settings(stub.url, success=[202])
    stub.status = 202
    assert (await sms(http, one).attempt(send())).result is Result.TAKEN
    stub.status = 200
    assert (await sms(http, one).attempt(send())).result is Result.FAILED


ACCEPTED = {"at": "response.0.status", "is_one_of": ["ok", "queued"]}


@pytest.mark.parametrize(
    ("body", "tried"),
    [
        ('{"response": [{"status": "queued"}]}', Attempt(Result.TAKEN, "http-200")),
        ('{"response": [{"status": "no money"}]}', Attempt(Result.FAILED, "not-accepted")),
        ('{"response": []}', Attempt(Result.FAILED, "not-accepted")),
        ("[]", Attempt(Result.FAILED, "not-accepted")),
        ("<html>Welcome", Attempt(Result.AGAIN, "answer-unreadable")),
        ("", Attempt(Result.AGAIN, "answer-unreadable")),
        ("[" * 5_000, Attempt(Result.AGAIN, "answer-unreadable")),
        ('{"response": [{"status": "ok"', Attempt(Result.AGAIN, "answer-unreadable")),
    ],
)
async def test_a_gateway_that_says_yes_or_no_inside_its_200(
    stub: StubGateway, http: aiohttp.ClientSession, body: str, tried: Attempt
) -> None:
    stub.body = body
    assert await sms(http, settings(stub.url, accepted=ACCEPTED)).attempt(send()) == tried


@pytest.mark.parametrize("body", ["", "not json", "[" * 5_000, '{"id": {}}', '{"id": "\\u0000"}'])
async def test_an_answer_without_an_id_is_a_yes_all_the_same(
    stub: StubGateway, http: aiohttp.ClientSession, body: str
) -> None:
    stub.body = body
    assert (await sms(http, settings(stub.url)).attempt(send())).result is Result.TAKEN


@pytest.mark.parametrize(("said", "after_s"), [("7", 7.0), ("soon", None), ("\xb2", None)])
async def test_retry_after_is_read_in_seconds(
    stub: StubGateway, http: aiohttp.ClientSession, said: str, after_s: float | None
) -> None:
    stub.status, stub.headers = 429, {"Retry-After": said}
    assert (await sms(http, settings(stub.url)).attempt(send())).again_after_s == after_s


async def test_a_gateway_that_does_not_answer_is_tried_again(
    stub: StubGateway, http: aiohttp.ClientSession
) -> None:
    async def silent(_: web.Request) -> web.StreamResponse:
        await asyncio.Event().wait()
        return web.Response()

    stub.answer = silent
    tried = await sms(http, settings(stub.url, timeout_s=0.05)).attempt(send())
    assert tried == Attempt(Result.AGAIN, "timeout")


async def test_a_gateway_that_hangs_up_is_tried_again(
    stub: StubGateway, http: aiohttp.ClientSession
) -> None:
    async def abort(request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    stub.answer = abort
    tried = await sms(http, settings(stub.url)).attempt(send())
    assert tried == Attempt(Result.AGAIN, "ServerDisconnectedError")


async def test_a_gateway_that_is_not_there_is_tried_again(
    http: aiohttp.ClientSession, free_port: Callable[[], int]
) -> None:
    tried = await sms(http, settings(f"http://127.0.0.1:{free_port()}/")).attempt(send())
    assert tried == Attempt(Result.AGAIN, "ClientConnectorError")


async def test_an_answer_without_end_is_cut(stub: StubGateway, http: aiohttp.ClientSession) -> None:
    async def endless(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        try:
            while True:
                await response.write(b" " * 8_192)
        except ConnectionError:
            return response

    stub.answer = endless
    assert (await sms(http, settings(stub.url)).attempt(send())).result is Result.TAKEN


@pytest.mark.parametrize("status", [400, 503])
async def test_the_second_gateway_takes_what_the_first_does_not(
    stub: StubGateway, second: StubGateway, http: aiohttp.ClientSession, status: int
) -> None:
    stub.status = status
    tried = await sms(http, settings(stub.url), settings(second.url)).attempt(send())
    assert tried == Attempt(Result.TAKEN, "http-200")
    assert json.loads(stub.got[0].body) == json.loads(second.got[0].body)


async def test_the_second_gateway_rests_while_the_first_serves(
    stub: StubGateway, second: StubGateway, http: aiohttp.ClientSession
) -> None:
    await sms(http, settings(stub.url), settings(second.url)).attempt(send())
    assert (len(stub.got), len(second.got)) == (1, 0)


@pytest.mark.parametrize(
    ("statuses", "tried"),
    [
        ((503, 400), Attempt(Result.AGAIN, "http-503")),
        ((400, 503), Attempt(Result.AGAIN, "http-503")),
        ((400, 403), Attempt(Result.FAILED, "http-403")),
    ],
)
async def test_where_neither_takes_it_hope_decides(
    stub: StubGateway,
    second: StubGateway,
    http: aiohttp.ClientSession,
    statuses: tuple[int, int],
    tried: Attempt,
) -> None:
    stub.status, second.status = statuses
    assert await sms(http, settings(stub.url), settings(second.url)).attempt(send()) == tried
