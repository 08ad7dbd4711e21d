"""Addresses that lead into the municipality's own network although they look like public ones."""

import asyncio

import aiohttp
import pytest

from hub.notifier.push_endpoint import is_public
from hub.router.outgoing import push_client


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("64:ff9b::a9fe:a9fe", False),
        ("64:ff9b::10.0.0.1", False),
        ("64:ff9b::142.250.74.10", True),
        ("64:ff9b:1::a00:1", False),
        ("2002:7f00:1::1", False),
        ("2002:c0a8:101::1", False),
        ("2002:8efa:4a0a::1", True),
        ("::ffff:0:127.0.0.1", False),
        ("::127.0.0.1", False),
        ("::1", False),
        ("::", False),
        ("fec0::1", False),
        ("2001::1", False),
    ],
)
def test_an_address_that_carries_another_is_what_that_one_is(address: str, public: bool) -> None:
    assert is_public(address) is public


@pytest.mark.parametrize(
    "host", ["127.1", "0177.0.0.1", "0.0", "0x7f.1", "127.0.0.1.", "１２７.1", "localhost"]
)
async def test_no_spelling_of_a_machine_of_ours_is_posted_to(host: str) -> None:
    heard = asyncio.Event()

    async def hear(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.set()
        writer.close()

    server = await asyncio.start_server(hear, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server, push_client() as client:
        with pytest.raises((aiohttp.ClientError, ValueError)):
            await client.post(f"http://{host}:{port}/")
    assert not heard.is_set()
