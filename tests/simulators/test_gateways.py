"""SMS and voice gateways and the ntfy server: what they take, what people do, what calls back."""

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from simulators.sms_gateway import SmsGateway
from simulators.telecom import Hook, Telecom
from simulators.verdict import NEVER, Verdict
from tests.simulators.until import until

SECRET = "a secret of these tests"
NUMBER = "+4740000001"
T = TypeVar("T", bound=Telecom)


class StubHooks:
    """Takes callbacks, and checks who calls."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, dict[str, Any]]] = []
        self.status = 200
        self.url = ""

    @asynccontextmanager
    async def served(self) -> AsyncIterator["StubHooks"]:
        app = web.Application()
        app.router.add_post("/hooks/sim/{what}", self._take)
        async with TestServer(app) as server:
            self.url = str(server.make_url("/hooks/sim"))
            yield self

    async def _take(self, request: web.Request) -> web.Response:
        body, at = await request.read(), request.headers["X-Varde-Timestamp"]
        mac = hmac.new(SECRET.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
        assert request.headers["X-Varde-Signature"] == f"sha256={mac}"
        assert abs(int(at) - time.time()) < 60
        self.heard.append((request.match_info["what"], json.loads(body)))
        return web.json_response({"say": "Takk."}, status=self.status)

    def said(self, what: str) -> list[dict[str, Any]]:
        return [body for name, body in self.heard if name == what]


@asynccontextmanager
async def beside(gateway: T) -> AsyncIterator[tuple[T, StubHooks, aiohttp.ClientSession]]:
    """A gateway that runs and calls back, and a client of it."""
    async with StubHooks().served() as hooks:
        gateway.hook = Hook(hooks.url, SECRET)
        origin = await gateway.start()
        try:
            async with aiohttp.ClientSession(origin) as http:
                yield gateway, hooks, http
        finally:
            await gateway.end()


async def send(http: aiohttp.ClientSession, path: str = "/sms", **more: Any) -> tuple[int, Any]:
    wish = {"to": NUMBER, "text": "Alarm", "reference": "r1"}
    async with http.post(path, json={**wish, **more}) as response:
        is_json = response.content_type == "application/json"
        return response.status, await response.json() if is_json else await response.text()


async def ring(http: aiohttp.ClientSession, **more: Any) -> str:
    wish = {"to": NUMBER, "say": "Trykk 1.", "reference": "r1", "language": "nb", **more}
    async with http.post("/call", json=wish) as response:
        assert response.status == 200
        return str((await response.json())["id"])


async def test_an_sms_reaches_its_handset_and_is_reported() -> None:
    async with beside(SmsGateway()) as (gateway, hooks, http):
        nokia = gateway.handset(NUMBER)
        assert await send(http) == (200, {"id": "sms-1"})
        assert [sms.text for sms in nokia.inbox] == ["Alarm"]
        report = {"id": "sms-1", "reference": "r1", "status": "delivered"}
        await until(lambda: hooks.heard == [("report", report)])


async def test_a_number_without_a_handset_fails() -> None:
    async with beside(SmsGateway()) as (_, hooks, http):
        await send(http, to="+4799999999")
        await until(lambda: [one["status"] for one in hooks.said("report")] == ["failed"])


@pytest.mark.parametrize("state", [{"on": False, "covered": True}, {"on": True, "covered": False}])
async def test_out_of_reach_an_sms_waits_and_is_reported_when_it_arrives(
    state: dict[str, bool],
) -> None:
    async with beside(SmsGateway()) as (gateway, hooks, http):
        gateway.set_reachable(NUMBER, **state)
        await send(http)
        assert not gateway.reply(NUMBER, "1")
        assert (gateway.handset(NUMBER).inbox, hooks.heard) == ([], [])
        gateway.set_reachable(NUMBER, on=True, covered=True)
        await until(lambda: len(hooks.said("report")) == 1)
        assert [sms.reference for sms in gateway.handset(NUMBER).inbox] == ["r1"]


async def test_a_reply_calls_back_with_who_and_what() -> None:
    async with beside(SmsGateway()) as (gateway, hooks, _):
        assert gateway.reply(NUMBER, "1 4821")
        await until(lambda: hooks.heard == [("reply", {"from": NUMBER, "text": "1 4821"})])


async def test_reports_can_come_twice_late_or_never() -> None:
    async with beside(SmsGateway()) as (gateway, hooks, http):
        gateway.handset(NUMBER)
        gateway.habits.repeat = True
        await send(http)
        await until(lambda: len(hooks.heard) == 2)
        gateway.habits.repeat, gateway.habits.lose = False, True
        await send(http)
        gateway.habits.lose, gateway.habits.delay_s = False, 0.1
        began = time.monotonic()
        await send(http)
        await until(lambda: len(hooks.heard) == 3)
        assert time.monotonic() - began >= 0.1
        assert [one["id"] for one in hooks.said("report")] == ["sms-1", "sms-1", "sms-3"]


async def test_a_callback_that_the_hub_cannot_take_is_tried_three_times() -> None:
    async with beside(SmsGateway()) as (gateway, hooks, _):
        hooks.status = 503
        gateway.reply(NUMBER, "1")
        await until(lambda: len(gateway.called_back) == 1)
        assert len(hooks.heard) == 3
        assert gateway.called_back[0][2] == 503


async def test_a_callback_that_the_hub_refuses_is_not_tried_again() -> None:
    async with beside(SmsGateway()) as (gateway, hooks, _):
        hooks.status = 401
        gateway.reply(NUMBER, "1")
        await until(lambda: len(gateway.called_back) == 1)
        assert len(hooks.heard) == 1


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"to": 47}, 400),
        ({"text": ""}, 400),
        ({"text": "x" * 918}, 200),
        ({"text": "x" * 919}, 400),
    ],
    ids=["number", "empty", "most", "too long"],
)
async def test_what_a_gateway_cannot_send_is_refused(more: dict[str, Any], status: int) -> None:
    async with beside(SmsGateway()) as (_, _, http):
        assert (await send(http, **more))[0] == status


async def test_a_token_is_asked_for_where_there_is_one() -> None:
    async with beside(SmsGateway(token="t1")) as (_, _, http):
        assert (await send(http))[0] == 401
        http.headers["Authorization"] = "Bearer t1"
        assert (await send(http))[0] == 200


async def test_a_gateway_answers_what_it_is_told_or_never() -> None:
    async with beside(SmsGateway()) as (gateway, _, http):
        gateway.verdict = Verdict(429, 5)
        async with http.post("/sms") as response:
            assert (response.status, response.headers["Retry-After"]) == (429, "5")
        gateway.verdict = NEVER
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.2):
                await send(http)


async def test_a_gateway_that_is_down_takes_nothing_and_comes_back_in_its_place() -> None:
    async with beside(SmsGateway()) as (gateway, _, http):
        origin = gateway.origin
        await gateway.stop()
        assert not gateway.up
        with pytest.raises(aiohttp.ClientConnectionError):
            await send(http)
        assert await gateway.start() == origin
        assert (await send(http))[0] == 200
