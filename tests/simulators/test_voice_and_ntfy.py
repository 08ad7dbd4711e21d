"""The voice gateway and the ntfy server: what they take, what people do, what calls back."""

import json
from typing import Any

import pytest

from simulators.ntfy_server import NtfyServer
from simulators.voice_gateway import VoiceGateway
from tests.simulators.test_gateways import NUMBER, beside, ring
from tests.simulators.until import until


async def test_a_call_rings_is_answered_and_a_key_is_told_and_answered() -> None:
    async with beside(VoiceGateway()) as (gateway, hooks, http):
        id = await ring(http)
        call = gateway.call_at(NUMBER)
        assert call is not None
        with pytest.raises(ValueError, match="the call is ringing"):
            gateway.press(call, "1")
        gateway.answer(call)
        gateway.press(call, "1")
        await until(lambda: call.heard == ["Takk."])
        gateway.hang_up(call)
        await until(lambda: len(hooks.said("report")) == 3)
        assert {one["status"] for one in hooks.said("report")} == {"ringing", "answered", "ended"}
        assert hooks.said("key") == [{"id": id, "reference": "r1", "key": "1"}]
        assert gateway.call_at(NUMBER) is None


async def test_a_call_that_nobody_takes_ends_as_no_answer() -> None:
    gateway = VoiceGateway()
    gateway.rings_for_s = 0.05
    async with beside(gateway) as (_, hooks, http):
        await ring(http)
        await until(lambda: [one["status"] for one in hooks.said("report")][-1:] == ["no-answer"])


async def test_busy_unreachable_and_refused_calls_are_told_as_what_they_are() -> None:
    async with beside(VoiceGateway()) as (gateway, hooks, http):
        first = await ring(http)
        second = await ring(http)
        gateway.unreachable.add("+4740000002")
        third = await ring(http, to="+4740000002")
        await until(lambda: len(hooks.said("report")) == 3)
        call = gateway.call_at(NUMBER)
        assert call is not None
        gateway.hang_up(call)
        await until(lambda: len(hooks.said("report")) == 4)
        last = {one["id"]: one["status"] for one in hooks.said("report")}
        assert last == {first: "busy", second: "busy", third: "no-answer"}


async def test_ntfy_keeps_and_streams_what_is_published() -> None:
    async with beside(NtfyServer()) as (server, _, http):
        async with http.get("/varde-kari/json") as stream:
            opened = json.loads(await stream.content.readline())
            assert opened["event"] == "open"
            wish = {"topic": "varde-kari", "message": "Alarm", "priority": 5, "tags": ["bell"]}
            async with http.post("/", json=wish) as response:
                kept = await response.json()
            assert json.loads(await stream.content.readline()) == kept
        assert (kept["event"], kept["message"], kept["priority"]) == ("message", "Alarm", 5)
        async with http.get("/varde-kari/json?poll=1&since=all") as response:
            assert json.loads(await response.text()) == kept
        assert server.kept["varde-kari"] == [kept]


async def test_a_button_of_an_ntfy_message_sends_the_request_that_it_describes() -> None:
    async with beside(NtfyServer()) as (server, _, http):
        button = {
            "action": "http",
            "url": f"{server.origin}/",
            "headers": {"Content-Type": "application/json"},
            "body": '{"topic": "tapped"}',
        }
        async with http.post("/", json={"topic": "a", "actions": [button]}):
            pass
        status, said = await server.tap(server.kept["a"][0], 0)
        assert (status, json.loads(said)["topic"]) == (200, "tapped")


@pytest.mark.parametrize(
    ("wish", "status"),
    [
        ({"message": "x"}, 400),
        ({"topic": "a b"}, 400),
        ({"topic": "a", "priority": 6}, 400),
        ({"topic": "a", "message": "x" * 4097}, 413),
        ({"topic": "a"}, 200),
    ],
)
async def test_ntfy_refuses_what_the_real_one_refuses(wish: dict[str, Any], status: int) -> None:
    async with beside(NtfyServer()) as (_, _, http), http.post("/", json=wish) as response:
        assert response.status == status


async def test_ntfy_asks_for_its_token_to_write_and_to_read() -> None:
    async with beside(NtfyServer(token="t1")) as (_, _, http):
        async with http.post("/", json={"topic": "a"}) as response:
            assert response.status == 401
        async with http.get("/a/json?poll=1") as response:
            assert response.status == 401
