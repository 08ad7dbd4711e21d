"""Many sends at once towards one gateway: waiting for our own turn is no failed attempt."""

import asyncio

import aiohttp
import pytest
from aiohttp import web

from hub.notifier import gateway as module
from hub.notifier.channel import Attempt, Result
from hub.notifier.places import NoPlace, Places
from tests.channels.gateways import settings, sms
from tests.channels.sends import send
from tests.channels.stub_gateway import StubGateway


async def test_a_place_is_given_back_and_who_finds_none_is_told() -> None:
    places = Places(1, wait_s=0.02)
    async with places.one():
        with pytest.raises(NoPlace):
            async with places.one():
                pytest.fail("there was none")
    async with places.one():
        pass


async def test_two_hundred_at_once_are_all_taken_by_a_slow_gateway(
    stub: StubGateway, http: aiohttp.ClientSession
) -> None:
    together, most = 0, 0

    async def slow(_: web.Request) -> web.StreamResponse:
        nonlocal together, most
        together += 1
        most = max(most, together)
        await asyncio.sleep(0.05)
        together -= 1
        return web.json_response({"id": "x"})

    stub.answer = slow
    channel = sms(http, settings(stub.url))
    tried = await asyncio.gather(*(channel.attempt(send()) for _ in range(200)))
    assert {attempt.result for attempt in tried} == {Result.TAKEN}
    assert most <= 64


async def test_a_gateway_whose_places_are_all_taken_leaves_it_to_the_second(
    stub: StubGateway,
    second: StubGateway,
    http: aiohttp.ClientSession,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "Places", lambda: Places(1, wait_s=0.02))
    held = asyncio.Event()

    async def hold(_: web.Request) -> web.StreamResponse:
        await held.wait()
        return web.json_response({"id": "x"})

    stub.answer = hold
    channel = sms(http, settings(stub.url), settings(second.url))
    first = asyncio.ensure_future(channel.attempt(send()))
    await stub.heard.wait()
    assert await channel.attempt(send()) == Attempt(Result.TAKEN, "http-200")
    assert (len(stub.got), len(second.got)) == (1, 1)
    held.set()
    assert (await first).result is Result.TAKEN
