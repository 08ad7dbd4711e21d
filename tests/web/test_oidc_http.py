"""Asking a login provider by HTTP: what is not followed, not kept and not read to its end."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from hub.web.sign_in import oidc_http
from hub.web.sign_in.oidc_http import Client, ProviderAway, get


class Server:
    """Answers by path, and remembers what came."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str | None, str | None, str]] = []
        self.url = ""

    async def answer(self, request: web.Request) -> web.StreamResponse:
        headers, body = request.headers, await request.text()
        self.asked.append((request.path, headers.get("authorization"), headers.get("cookie"), body))
        if request.path == "/moved":
            raise web.HTTPFound("/elsewhere")
        if request.path == "/huge":
            return web.Response(body=b"x" * (oidc_http.MOST_OCTETS + 1))
        answer = web.Response(body=b"x" * oidc_http.MOST_OCTETS)
        answer.set_cookie("follow", "me")
        return answer


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    made, app = Server(), web.Application()
    app.router.add_route("*", "/{rest:.*}", made.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    made.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield made
    await runner.cleanup()


@pytest.fixture
async def http() -> AsyncIterator[Client]:
    made = Client()
    yield made
    await made.close()


async def test_a_form_goes_out_with_the_clients_name_and_no_cookie_comes_back(
    server: Server, http: Client
) -> None:
    for _ in range(2):
        form = {"code": "a b&c"}
        status, body = await http.ask("POST", f"{server.url}/token", form, ("urn:varde", "så"))
        assert (status, len(body)) == (200, oidc_http.MOST_OCTETS)
    basic = "Basic dXJuOnZhcmRlOnPDpQ=="  # of "urn:varde:så", RFC 7617
    assert server.asked == [("/token", basic, None, "code=a+b%26c")] * 2


async def test_nothing_is_followed(server: Server, http: Client) -> None:
    assert (await http.ask("GET", f"{server.url}/moved"))[0] == 302
    with pytest.raises(ProviderAway, match="302"):
        await get(http, f"{server.url}/moved")
    assert {path for path, *_ in server.asked} == {"/moved"}


async def test_what_is_too_long_is_not_read_to_its_end(server: Server, http: Client) -> None:
    with pytest.raises(ProviderAway, match="more than 262144 octets"):
        await get(http, f"{server.url}/huge")
