"""The push service: whom it takes messages from, what it keeps, and what it is told to answer."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest

from simulators.push_line import PushLine
from simulators.push_service import PushService
from simulators.webpush import Keys
from tests.simulators.push_sender import Sender, encrypted
from tests.simulators.until import until

NOW_S = 1_795_000_000.0
BODY = encrypted(b"hello", Keys().public())


class Clock:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.at = NOW_S

    def __call__(self) -> float:
        return self.at


class Post:
    """A service with one subscriber and a sender whom it was made for."""

    def __init__(self, service: PushService, line: PushLine, clock: Clock, sender: Sender) -> None:
        self.service, self.line, self.clock, self.sender = service, line, clock, sender
        self.heard: list[bytes] = []

    async def hear(self, body: bytes) -> None:
        self.heard.append(body)

    async def send(self, body: bytes = BODY, /, **headers: str | None) -> int:
        where, at = self.line.endpoint, self.clock.at
        return (await self.sender.send(where, body, at, None, **headers))[0]

    async def claims(self, **claims: object) -> int:
        return (await self.sender.send(self.line.endpoint, BODY, self.clock.at, claims))[0]


@asynccontextmanager
async def post(sender: Sender | None = None) -> AsyncIterator[Post]:
    clock, sender = Clock(), sender or Sender()
    service = PushService(clock)
    await service.start()
    async with aiohttp.ClientSession() as http:
        line = PushLine(service.origin, http)
        await line.subscribe(sender.key)
        try:
            yield Post(service, line, clock, sender)
        finally:
            await line.close()
            await service.stop()


async def test_a_message_is_taken_with_a_location_and_reaches_the_phone() -> None:
    async with post() as here:
        await here.line.open(here.hear)
        status, headers = await here.sender.send(here.line.endpoint, BODY, NOW_S, Topic="a1")
        assert status == 201
        assert headers["Location"].startswith(f"{here.service.origin}/message/")
        assert headers["TTL"] == "60"
        await until(lambda: here.heard == [BODY])
        await until(lambda: here.service.waiting(here.line.endpoint) == 0)
        asked = here.service.asked[-1]
        assert (asked.status, asked.ttl_s, asked.urgency, asked.topic) == (201, 60, "high", "a1")
        assert asked.contact == "mailto:it@fjordvik.example"


async def test_what_comes_while_the_phone_is_away_waits_in_order() -> None:
    async with post() as here:
        bodies = [encrypted(bytes([number]), Keys().public()) for number in range(3)]
        for body in bodies:
            assert await here.send(body) == 201
        assert here.heard == []
        await here.line.open(here.hear)
        await until(lambda: here.heard == bodies)


async def test_a_topic_replaces_what_waits_with_the_same_topic() -> None:
    async with post() as here:
        first, second, other = (encrypted(b"x", Keys().public()) for _ in range(3))
        await here.send(first, Topic="alarm-1")
        await here.send(other, Topic="alarm-2")
        await here.send(second, Topic="alarm-1")
        await here.line.open(here.hear)
        await until(lambda: here.heard == [other, second])


async def test_a_message_is_dropped_when_its_time_is_over_and_with_ttl_0_at_once() -> None:
    async with post() as here:
        assert await here.send(TTL="0") == 201
        assert here.service.waiting(here.line.endpoint) == 0
        await here.send(TTL="10")
        here.clock.at += 9.9
        assert here.service.waiting(here.line.endpoint) == 1
        here.clock.at += 0.2
        assert here.service.waiting(here.line.endpoint) == 0


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"TTL": None}, 400),
        ({"TTL": "-1"}, 400),
        ({"TTL": "soon"}, 400),
        ({"Urgency": "urgent"}, 400),
        ({"Topic": "x" * 33}, 400),
        ({"Topic": "a b"}, 400),
        ({"Topic": "x" * 32}, 201),
        ({"Content_Encoding": "aesgcm"}, 400),
        ({"Authorization": None}, 401),
        ({"Authorization": "Basic eDp5"}, 401),
        ({"Authorization": "vapid t=x"}, 403),
        ({"Authorization": "vapid t=a.b.c, k=AAAA"}, 403),
    ],
)
async def test_what_the_standards_refuse_is_refused(
    headers: dict[str, str | None], status: int
) -> None:
    async with post() as here:
        assert await here.send(**headers) == status


async def test_the_most_is_4096_octets() -> None:
    async with post() as here:
        assert await here.send(b"x" * 4096) == 201
        assert await here.send(b"x" * 4097) == 413


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "https://push.example"},
        {"exp": int(NOW_S)},
        {"exp": int(NOW_S) + 86_401},
        {"exp": None},
        {"sub": "it@fjordvik.example"},
        {"sub": "mailto:"},
        {"sub": None},
    ],
    ids=str,
)
async def test_claims_that_do_not_hold_are_refused(claims: dict[str, object]) -> None:
    async with post() as here:
        assert await here.claims(exp=int(NOW_S) + 86_400) == 201
        assert await here.claims(**claims) == 403


async def test_another_key_or_another_algorithm_is_refused() -> None:
    async with post() as here:
        stranger = Sender()
        assert (await stranger.send(here.line.endpoint, BODY, NOW_S))[0] == 403
        assert "another key" in here.service.asked[-1].why
        claims = {"aud": here.service.origin, "exp": int(NOW_S) + 60, "sub": "mailto:a@b.example"}
        none = here.sender.header(claims, head={"typ": "JWT", "alg": "none"})
        assert await here.send(Authorization=none) == 403
        forged = here.sender.header({**claims, "exp": int(NOW_S) + 120})
        head, _, rest = here.sender.header(claims).partition(".")
        mixed = f"{head}.{rest.partition('.')[0]}.{forged.partition(', k=')[0].rpartition('.')[2]}"
        assert await here.send(Authorization=f"{mixed}, k={here.sender.key}") == 403
        assert "signature is not by k" in here.service.asked[-1].why


async def test_an_endpoint_that_is_not_there_is_404_and_one_that_ended_410() -> None:
    async with post() as here:
        unknown = f"{here.service.origin}/push/nobody"
        assert (await here.sender.send(unknown, BODY, NOW_S))[0] == 404
        await here.line.unsubscribe()
        assert await here.send() == 410
