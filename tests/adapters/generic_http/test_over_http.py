"""A gateway that cannot sign, over a real socket: the token, 503 until it is durable, then 200."""

import asyncio
import json

import aiohttp

from adapters.bridge.crash import Crash
from adapters.bridge.hub_link import OnOutcome
from adapters.bridge.requests import RequestRunner
from adapters.bridge.settings import Address, HttpLimits, RequestListener
from adapters.generic_http import GenericHttpSession
from adapters.session import Outcome
from routing.event import Event
from tests.adapters.generic_http.test_session import AT, CONFIG, LEAK, TOKEN


async def test_a_message_is_answered_when_it_is_durable_and_only_with_its_token() -> None:
    outcomes = [Outcome.FAILED]
    told: list[Event] = []

    def emit(_: str, event: Event, on_outcome: OnOutcome) -> None:
        told.append(event)
        asyncio.get_running_loop().call_soon(on_outcome, event.id, outcomes[-1])

    listener = RequestListener("gate", GenericHttpSession(CONFIG, TOKEN))
    runner = RequestRunner([listener], HttpLimits(), emit, lambda: AT, Crash())
    url = await runner.start(Address("127.0.0.1", 0))
    body = json.dumps(LEAK)

    async def post(token: str) -> int:
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "7"}
        async with (
            aiohttp.ClientSession() as http,
            http.post(f"{url}/webhook/gate", data=body, headers=headers) as reply,
        ):
            return reply.status

    try:
        assert await post("guessed") == 401
        assert told == []
        assert await post(TOKEN) == 503
        first = {event.id for event in told}
        outcomes.append(Outcome.DURABLE)
        assert await post(TOKEN) == 200
        assert {event.id for event in told} == first
    finally:
        await runner.stop()
