"""The push service when it is told to fail, is down, and as a process of its own."""

import asyncio
import json
import os
import signal
import sys

import aiohttp
import pytest

from simulators.verdict import NEVER, Verdict, verdict_of
from simulators.webpush import Keys
from tests.simulators.push_sender import encrypted
from tests.simulators.test_push_service import BODY, NOW_S, post
from tests.simulators.until import until


@pytest.mark.parametrize("status", [400, 403, 404, 410, 413, 429, 500, 503])
async def test_it_answers_what_it_is_told(status: int) -> None:
    async with post() as here:
        here.service.verdict = Verdict(status, 3)
        answered, headers = await here.sender.send(here.line.endpoint, BODY, NOW_S)
        assert (answered, headers["Retry-After"]) == (status, "3")
        here.service.verdicts[here.line.endpoint] = None
        assert await here.send() == 201


async def test_it_can_be_told_never_to_answer() -> None:
    async with post() as here:
        here.service.verdict = NEVER
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.3):
                await here.send()
        assert here.service.asked[-1].status == 0


async def test_after_an_outage_it_is_where_it_was_and_has_what_waited() -> None:
    async with post() as here:
        origin, waited = here.service.origin, encrypted(b"x", Keys().public())
        assert await here.send(waited) == 201
        await here.service.stop()
        with pytest.raises(aiohttp.ClientConnectionError):
            await here.send()
        assert await here.service.start() == origin
        await here.line.open(here.hear)
        await until(lambda: here.heard == [waited])


async def test_what_the_phone_did_not_confirm_comes_again() -> None:
    async with post() as here, aiohttp.ClientSession() as http:
        async with http.post(f"{here.service.origin}/subscribe", json={}) as response:
            told = await response.json()
        await here.sender.send(told["endpoint"], BODY, NOW_S)
        for _ in range(2):
            async with http.ws_connect(told["receive"]) as socket:
                message = json.loads((await socket.receive()).data)
        async with http.ws_connect(told["receive"]) as socket:
            await socket.receive()
            await socket.send_str(message["id"])
            await until(lambda: here.service.waiting(told["endpoint"]) == 0)


def test_a_verdict_is_a_status_never_or_work() -> None:
    assert verdict_of("work") is None
    assert verdict_of("never") == NEVER
    assert verdict_of("429", 7) == Verdict(429, 7)
    for wrong in ("99", "600", "soon"):
        with pytest.raises(ValueError, match=r"no status|invalid literal"):
            verdict_of(wrong)


async def test_as_a_process_it_says_where_it_is_and_takes_verdicts_by_its_key() -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "simulators.push_service", "--answer", "503", "--retry-after", "9"),
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    try:
        told = json.loads(await process.stdout.readline())
        async with aiohttp.ClientSession() as http:
            push, verdict = f"{told['origin']}/push/x", f"{told['origin']}/verdict"
            async with http.post(push) as response:
                assert (response.status, response.headers["Retry-After"]) == (503, "9")
            async with http.post(verdict, json={"answer": "work"}) as response:
                assert response.status == 403
            key = {"Authorization": f"Bearer {told['key']}"}
            async with http.post(verdict, json={"answer": "work"}, headers=key) as response:
                assert response.status == 204
            async with http.post(push) as response:
                assert response.status == 404
    finally:
        os.kill(process.pid, signal.SIGTERM)
        assert await process.wait() == 0
