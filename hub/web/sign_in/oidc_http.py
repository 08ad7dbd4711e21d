"""Asking the login provider: within a time, without cookies, and never further than was asked.

A provider that is away is asked no oftener than each `REST_S`: people try again and again then.
"""

import asyncio
import time
from base64 import b64encode
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Generic, Protocol, TypeVar

import aiohttp
import msgspec

TIMEOUT_S = 10.0
MOST_OCTETS = 262_144
REST_S = 10.0

T = TypeVar("T")


class ProviderAway(Exception):
    """The provider does not answer as it should; the message says which address and how."""


class Http(Protocol):
    """Asks an address of the provider's."""

    async def ask(
        self,
        method: str,
        url: str,
        form: dict[str, str] | None = None,
        basic: tuple[str, str] | None = None,
    ) -> tuple[int, bytes]:
        """Return status and body, `basic` being user and password. ProviderAway."""
        ...

    async def close(self) -> None:
        """Let go of the connections."""
        ...


class Client:
    """By HTTP; make it on the loop."""

    def __init__(self) -> None:
        self._http = aiohttp.ClientSession(
            cookie_jar=aiohttp.DummyCookieJar(), timeout=aiohttp.ClientTimeout(total=TIMEOUT_S)
        )

    async def ask(
        self,
        method: str,
        url: str,
        form: dict[str, str] | None = None,
        basic: tuple[str, str] | None = None,
    ) -> tuple[int, bytes]:
        """Return status and body. ProviderAway."""
        headers = {} if basic is None else {"Authorization": _basic(basic)}
        asked = self._http.request(method, url, data=form, headers=headers, allow_redirects=False)
        try:
            async with asked as answer:
                return answer.status, await _bounded(answer, url)
        except (aiohttp.ClientError, TimeoutError) as error:
            raise ProviderAway(f"{url}: {type(error).__name__}") from error

    async def close(self) -> None:
        """Let go of the connections."""
        await self._http.close()


def _basic(basic: tuple[str, str]) -> str:
    return "Basic " + b64encode(":".join(basic).encode()).decode()


async def _bounded(answer: aiohttp.ClientResponse, url: str) -> bytes:
    body = bytearray()
    async for part in answer.content.iter_chunked(16_384):
        body += part
        if len(body) > MOST_OCTETS:
            raise ProviderAway(f"{url}: more than {MOST_OCTETS} octets")
    return bytes(body)


async def get(http: Http, url: str) -> bytes:
    """Return the body of what is there. ProviderAway."""
    status, body = await http.ask("GET", url)
    if status != HTTPStatus.OK:
        raise ProviderAway(f"{url}: {status}")
    return body


def read(body: bytes, kind: type[T], url: str) -> T:
    """Return the JSON as what it should be. ProviderAway."""
    try:
        return msgspec.json.decode(body, type=kind)
    except msgspec.DecodeError as error:
        raise ProviderAway(f"{url}: {error}") from error


class Once(Generic[T]):
    """What is asked once for all who want it and then known; a failure stands for `REST_S`."""

    def __init__(
        self, ask: Callable[[], Awaitable[T]], now: Callable[[], float] = time.monotonic
    ) -> None:
        self._ask, self._now = ask, now
        self._turn = asyncio.Lock()
        self._found: T | None = None
        self._away: tuple[float, str] | None = None
        """When it failed last, and how."""

    async def get(self) -> T:
        """Return it. ProviderAway."""
        async with self._turn:
            if self._found is None:
                self._found = await self._asked()
            return self._found

    async def _asked(self) -> T:
        if self._away is not None and self._now() - self._away[0] < REST_S:
            raise ProviderAway(self._away[1])
        try:
            return await self._ask()
        except ProviderAway as away:
            self._away = self._now(), str(away)
            raise
