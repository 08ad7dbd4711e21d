"""Webhooks: held until durable, refused in a way that makes the sender call again."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import aiohttp
import pytest
from yarl import URL

from adapters.bridge.crash import Crash, SessionBroken
from adapters.bridge.hub_link import OnOutcome
from adapters.bridge.requests import RequestRunner
from adapters.bridge.settings import Address, HttpLimits, RequestListener
from adapters.session import Outcome
from routing.event import Event
from tests.bridge.rig import Clock, until
from tests.bridge.sessions import RequestLines


class Rig:
    """A server under test, and a hub that answers as `outcomes` says, or not."""

    runner: RequestRunner

    def __init__(self) -> None:
        self.outcomes: dict[int, Outcome] = {}
        self.emitted: list[tuple[str, str]] = []
        self.url = ""
        self.crash = Crash()

    def emit(self, adapter: str, event: Event, on_outcome: OnOutcome) -> None:
        self.emitted.append((adapter, event.id))
        if outcome := self.outcomes.get(int(event.id, 16)):
            asyncio.get_running_loop().call_soon(on_outcome, event.id, outcome)

    async def post(self, body: bytes, path: str = "/webhook/medication") -> tuple[int, str]:
        async with aiohttp.ClientSession() as http, http.post(self.url + path, data=body) as reply:
            self.headers = reply.headers
            return reply.status, await reply.text()


LIMITS = HttpLimits()
Open = Callable[..., AbstractAsyncContextManager[Rig]]


@pytest.fixture
def serving(clock: Clock) -> Open:
    """Return a context manager that runs the server with the given limits."""

    @asynccontextmanager
    async def opened(limits: HttpLimits = LIMITS) -> AsyncIterator[Rig]:
        rig = Rig()
        listener = RequestListener("medication", RequestLines())
        runner = RequestRunner([listener], limits, rig.emit, clock, rig.crash)
        rig.runner = runner
        rig.url = await runner.start(Address("127.0.0.1", 0))
        yield rig
        await runner.stop()

    return opened


async def test_a_request_is_answered_when_all_its_events_are_durable(serving: Open) -> None:
    async with serving() as rig:
        rig.outcomes = {1: Outcome.DURABLE, 2: Outcome.DURABLE}
        assert await rig.post(b"press 1\nmotion 2") == (202, "took 2")
        assert rig.emitted == [("medication", f"{1:032x}"), ("medication", f"{2:032x}")]


@pytest.mark.parametrize("second", [Outcome.BUSY, Outcome.FAILED, None])
async def test_anything_less_is_503_and_the_same_message_then_succeeds(
    serving: Open, second: Outcome | None
) -> None:
    async with serving(HttpLimits(answer_within_s=0.1)) as rig:
        rig.outcomes = {1: Outcome.DURABLE}
        if second:
            rig.outcomes[2] = second
        status, _ = await rig.post(b"press 1\npress 2")
        assert (status, rig.headers["Retry-After"]) == (503, "5")
        rig.outcomes = {1: Outcome.DURABLE, 2: Outcome.DURABLE}
        assert await rig.post(b"press 1\npress 2") == (202, "took 2")


async def test_the_session_may_refuse(serving: Open) -> None:
    async with serving() as rig:
        assert await rig.post(b"") == (400, "empty")
        assert rig.emitted == []


async def test_what_is_not_a_webhook(serving: Open) -> None:
    async with serving() as rig:
        assert (await rig.post(b"press 1", "/webhook/other"))[0] == 404
        assert (await rig.post(b"press 1", "/"))[0] == 404
        assert (await rig.post(b"x" * 262_145))[0] == 413
        url = f"{rig.url}/webhook/medication"
        async with aiohttp.ClientSession() as http, http.get(url) as reply:
            assert reply.status == 405
        assert rig.emitted == []


async def test_a_listener_may_be_called_by_get_with_path_and_query(clock: Clock) -> None:
    rig = Rig()
    phones = RequestListener("phones", RequestLines(), ("GET", "POST"))
    runner = RequestRunner([phones], LIMITS, rig.emit, clock, rig.crash)
    url = await runner.start(Address("127.0.0.1", 0))
    called = f"{url}/webhook/phones/a%20key?at=2014-06-04+09%3A10"
    async with aiohttp.ClientSession() as http, http.get(URL(called, encoded=True)) as reply:
        assert (reply.status, await reply.text()) == (200, "a key|at=2014-06-04+09%3A10")
    await runner.stop()


async def test_a_body_that_never_ends_is_given_up(serving: Open) -> None:
    async with serving(HttpLimits(read_within_s=0.05)) as rig:
        host, port = rig.url.removeprefix("http://").split(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(b"POST /webhook/medication HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\npr")
        assert (await reader.readline()).startswith(b"HTTP/1.1 408 ")
        writer.close()


async def test_only_so_many_are_held(serving: Open) -> None:
    async with serving(HttpLimits(concurrent=1)) as rig:
        held = asyncio.create_task(rig.post(b"press 1"))
        await until(lambda: rig.emitted)
        assert (await rig.post(b"press 2"))[0] == 503
        assert len(rig.emitted) == 1
        held.cancel()


async def half(rig: Rig) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Begin a request whose body does not end."""
    host, port = rig.url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(b"POST /webhook/medication HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\npr")
    return reader, writer


async def test_half_bodies_hold_no_place_of_a_complete_message(serving: Open) -> None:
    async with serving(HttpLimits(concurrent=1, reading=10)) as rig:
        rig.outcomes = {1: Outcome.DURABLE}
        open_bodies = [await half(rig) for _ in range(3)]
        await until(lambda: len(rig.runner._bodies._open) == 3)
        assert await rig.post(b"press 1") == (202, "took 1")
        for _, writer in open_bodies:
            writer.close()


@pytest.mark.parametrize(
    "limits", [HttpLimits(reading=2), HttpLimits(reading_per_host=2)], ids=["all", "one address"]
)
async def test_the_body_that_began_first_makes_room(serving: Open, limits: HttpLimits) -> None:
    async with serving(limits) as rig:
        rig.outcomes = {1: Outcome.DURABLE}
        first, _ = await half(rig)
        await until(lambda: len(rig.runner._bodies._open) == 1)
        second, writer = await half(rig)
        await until(lambda: len(rig.runner._bodies._open) == 2)
        assert await rig.post(b"press 1") == (202, "took 1")
        assert (await first.readline()).startswith(b"HTTP/1.1 408 ")
        writer.write(b"ess 1  ")
        assert (await second.readline()).startswith(b"HTTP/1.1 202 ")
        writer.close()


async def test_connections_that_say_nothing_make_room_for_one_that_speaks(serving: Open) -> None:
    async with serving(HttpLimits(connections=3)) as rig:
        rig.outcomes = {1: Outcome.DURABLE}
        host, port = rig.url.removeprefix("http://").split(":")
        silent = [await asyncio.open_connection(host, int(port)) for _ in range(3)]
        assert await rig.post(b"press 1") == (202, "took 1")
        async with asyncio.timeout(5):
            assert await silent[0][0].read() == b""
        silent[2][1].write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert (await silent[2][0].readline()).startswith(b"HTTP/1.1 404 ")
        for _, writer in silent:
            writer.close()


async def test_the_address_with_the_most_connections_makes_the_room(serving: Open) -> None:
    async with serving(HttpLimits(connections=3)) as rig:
        host, port = rig.url.removeprefix("http://").split(":")
        lone, of_lone = await asyncio.open_connection(host, int(port), local_addr=("127.0.0.2", 0))
        crowd = [await asyncio.open_connection(host, int(port)) for _ in range(3)]
        async with asyncio.timeout(5):
            assert await crowd[0][0].read() == b""
        of_lone.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert (await lone.readline()).startswith(b"HTTP/1.1 404 ")
        for writer in (of_lone, *(one for _, one in crowd)):
            writer.close()


async def test_the_log_quotes_no_request(serving: Open, caplog: pytest.LogCaptureFixture) -> None:
    async with serving() as rig:
        host, port = rig.url.removeprefix("http://").split(":")
        for _ in range(3):
            reader, writer = await asyncio.open_connection(host, int(port))
            writer.write(b"POST /secret\x01 HTTP/1.1\r\nsecret header\r\n\r\nsecret")
            await reader.read()
            writer.close()
    lines = [record for record in caplog.records if record.levelname == "ERROR"]
    assert [record.getMessage() for record in lines] == [
        "HTTP requests that could not be read or served: InvalidURLError, and 0 before it"
    ]
    assert "secret" not in caplog.text


async def test_a_session_that_raises_ends_the_bridge(
    serving: Open, caplog: pytest.LogCaptureFixture
) -> None:
    async with serving() as rig:
        assert (await rig.post(b"press secret"))[0] == 500
        with pytest.raises(SessionBroken, match="'medication' raised ValueError"):
            await rig.crash.wait()
    assert "secret" not in caplog.text
