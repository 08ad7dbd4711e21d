"""Connections that somebody holds open with as little as possible: each is an open file of the
process, of which there are about a thousand, and people's phones need them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tests.web.town import Browser

HEAD = b"POST /api/sign-in HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
SOON_S = 0.3


@asynccontextmanager
async def connected(
    browser: Browser, begun: bytes, drip: bytes = b""
) -> AsyncIterator[asyncio.StreamReader]:
    """Connect and begin; go on sending the drip, if there is one, until nobody takes it."""
    url = browser.http._base_url
    assert url is not None
    reader, writer = await asyncio.open_connection(url.host, url.port)
    writer.write(begun)
    dripping = asyncio.create_task(_drip(writer, drip))
    yield reader
    dripping.cancel()
    writer.close()


async def _drip(writer: asyncio.StreamWriter, octet: bytes) -> None:
    while octet and not writer.is_closing():
        writer.write(octet)
        await asyncio.sleep(SOON_S / 10)


async def let_go(reader: asyncio.StreamReader) -> bytes:
    """Return what comes until the other side closes the connection."""
    found = bytearray()
    async with asyncio.timeout(20):
        try:
            while octets := await reader.read(1_000):
                found += octets
        except ConnectionResetError:
            """Closed while we were still sending."""
    return bytes(found)


@pytest.mark.parametrize("begun", [b"", b"GET / HT", HEAD])
async def test_who_sends_no_whole_request_is_let_go(
    kari: Browser, monkeypatch: pytest.MonkeyPatch, begun: bytes
) -> None:
    monkeypatch.setattr("hub.web.server.HEAD_WITHIN_S", SOON_S)
    async with connected(kari, begun) as reader:
        assert await let_go(reader) == b""


async def test_who_sends_a_head_sign_by_sign_is_let_go(
    kari: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.web.server.HEAD_WITHIN_S", SOON_S)
    async with connected(kari, HEAD + b"X-Slow: ", b"x") as reader:
        assert await let_go(reader) == b""


async def test_a_second_request_is_waited_for_no_longer(
    kari: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.web.server.HEAD_WITHIN_S", SOON_S)
    async with connected(kari, b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n", b"G") as reader:
        assert (await let_go(reader)).count(b"HTTP/1.1 ") == 1


async def test_who_sends_a_body_sign_by_sign_is_let_go(
    kari: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.web.guard.BODY_WITHIN_S", SOON_S)
    monkeypatch.setattr("hub.web.server.HEAD_WITHIN_S", SOON_S)
    async with connected(kari, HEAD + b"Content-Length: 8000\r\n\r\n", b"x") as reader:
        assert (await let_go(reader))[:10] in {b"", b"HTTP/1.1 4"}


async def test_a_stream_that_is_read_stays_open(
    kari: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It lasts longer than any of these times: ten signs of life are further apart than they."""
    monkeypatch.setattr("hub.web.server.HEAD_WITHIN_S", SOON_S)
    monkeypatch.setattr("hub.web.guard.BODY_WITHIN_S", SOON_S)
    beats = 0
    async with asyncio.timeout(30), kari.http.get("/api/stream") as response:
        async for line in response.content:
            beats += line.startswith(b"event: beat")
            if beats == 10:
                break
    assert beats == 10
