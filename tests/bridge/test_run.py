"""The whole bridge against a real broker: started, stopped, killed, and unable to start."""

import asyncio
import contextlib
import json
import resource
import signal
import socket
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from adapters.bridge.run import CannotListen, TooFewFiles, run
from adapters.bridge.settings import Address, BridgeSettings, Endpoint, StreamLimits, WireListener
from tests.bridge.bridge_process import settings
from tests.bridge.rig import WITHIN_S, Broker, Clock, Hub, until
from tests.bridge.sessions import LineSession, RequestLines


@dataclass
class Process:
    """A bridge process, and the addresses it printed."""

    child: asyncio.subprocess.Process
    bound: dict[str, Any]

    async def end(self, how: signal.Signals) -> int:
        self.child.send_signal(how)
        async with asyncio.timeout(WITHIN_S):
            return await self.child.wait()

    async def line(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_connection(*self.bound["alarm"]["tcp"])


Start = Callable[[], Awaitable[Process]]


@pytest.fixture
async def start(broker: Broker, tmp_path: Path, root: Path) -> AsyncIterator[Start]:
    """Return a function that starts a bridge process; each sees the same store."""
    children: list[asyncio.subprocess.Process] = []

    async def starting() -> Process:
        child = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "tests.bridge.bridge_process", str(broker.port), str(tmp_path)),
            cwd=root,
            stdout=asyncio.subprocess.PIPE,
        )
        children.append(child)
        assert child.stdout is not None
        async with asyncio.timeout(WITHIN_S):
            return Process(child, json.loads(await child.stdout.readline()))

    yield starting
    for child in children:
        if child.returncode is None:
            child.kill()
            await child.wait()


async def from_door(hub: Hub, number: int) -> None:
    """Publish as a device until the bridge has subscribed and the hub hears it."""

    def heard() -> bool:
        hub.client.publish("home/door", f"press {number}", 1)
        return f"{number:032x}" in hub.ids()

    await until(heard)


@pytest.mark.broker
async def test_every_shape_of_listener_reaches_the_hub_and_is_answered(
    hub: Hub, start: Start
) -> None:
    bridge = await start()
    assert set(bridge.bound) == {"alarm", "medication"}
    reader, writer = await bridge.line()
    writer.write(b"press 1\n")
    async with asyncio.timeout(WITHIN_S):
        assert await reader.readline() == b"durable 1\n"
    async with aiohttp.ClientSession() as http:
        url = bridge.bound["medication"]["http"]
        async with http.post(url, data=b"press 2\nmotion 3") as reply:
            assert reply.status == 202
    await from_door(hub, 4)
    assert {topic for topic, _ in hub.heard} == {
        "varde/v1/nordvik/event/help/alarm",
        "varde/v1/nordvik/event/help/medication",
        "varde/v1/nordvik/event/telemetry/medication",
        "varde/v1/nordvik/event/help/zigbee",
    }
    assert await bridge.end(signal.SIGTERM) == 0
    assert await reader.read() == b""
    writer.close()


@pytest.mark.broker
async def test_a_killed_bridge_answers_nobody_and_loses_no_message(hub: Hub, start: Start) -> None:
    hub.answer = lambda _: None
    bridge = await start()
    await from_door(hub, 1)
    hub.client.publish("home/door", "press 2", 1)
    reader, writer = await bridge.line()
    writer.write(b"press 3\n")
    await until(lambda: {f"{2:032x}", f"{3:032x}"} <= set(hub.ids()))
    await bridge.end(signal.SIGKILL)
    with contextlib.suppress(ConnectionResetError):
        assert b"3" not in await reader.read()
    writer.close()
    hub.heard.clear()
    hub.answer = lambda _: "durable"
    bridge = await start()
    await until(lambda: f"{2:032x}" in hub.ids())  # the device's broker had kept it
    reader, writer = await bridge.line()
    writer.write(b"press 3\n")  # the device had no answer, so it sends again
    async with asyncio.timeout(WITHIN_S):
        assert await reader.readline() == b"durable 3\n"
    writer.close()


@pytest.mark.broker
async def test_a_device_is_not_answered_while_the_broker_is_away(
    broker: Broker, hub: Hub, start: Start
) -> None:
    bridge = await start()
    reader, writer = await bridge.line()
    writer.write(b"press 1\n")
    async with asyncio.timeout(WITHIN_S):
        assert await reader.readline() == b"durable 1\n"
    broker.stop()
    writer.write(b"press 2\n")
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.3):
            await reader.readline()
    await broker.start()
    async with asyncio.timeout(WITHIN_S):
        assert await reader.readline() == b"durable 2\n"
    writer.close()


async def fails(bridge: BridgeSettings, clock: Clock) -> None:
    """Run a bridge that must not get as far as being ready."""
    async with asyncio.timeout(WITHIN_S):
        await run(bridge, asyncio.Event(), lambda _: pytest.fail("it is ready"), now=clock)


@pytest.fixture
def bridge(tmp_path: Path, free_port: Callable[[], int]) -> BridgeSettings:
    return replace(settings(Endpoint("127.0.0.1", free_port()), tmp_path), topics=())


async def test_a_taken_port_is_named(bridge: BridgeSettings, clock: Clock) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        address = Address("127.0.0.1", taken.getsockname()[1])
        with pytest.raises(CannotListen, match="'alarm' cannot listen"):
            await fails(
                replace(bridge, wires=(WireListener("alarm", LineSession, tcp=address),)), clock
            )
        with pytest.raises(CannotListen, match="'http' cannot listen"):
            await fails(replace(bridge, http=address), clock)


async def test_more_connections_than_the_system_allows_are_refused_at_start(
    bridge: BridgeSettings, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _: (1024, 4096))
    limits = StreamLimits(connections=5000)
    wire = replace(bridge.wires[0], limits=limits)
    with pytest.raises(TooFewFiles, match=r"need 6100 open files and the system allows 4096"):
        await fails(replace(bridge, wires=(wire,)), clock)


async def test_a_session_that_raises_ends_the_run(bridge: BridgeSettings, clock: Clock) -> None:
    sent = asyncio.get_running_loop().create_future()

    def ready(bound: Any) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as device:
            device.sendto(b"broken", tuple(bound["alarm"]["udp"]))
        sent.set_result(None)

    with pytest.raises(Exception, match="'alarm' raised KeyError"):
        await run(bridge, asyncio.Event(), ready, now=clock)
    assert sent.done()


def test_settings_that_cannot_be_meant_are_refused(tmp_path: Path) -> None:
    hub = Endpoint("127.0.0.1", 1883, "adapters", "secret")
    assert "secret" not in repr(hub)
    one = settings(hub, tmp_path)
    with pytest.raises(ValueError, match="two listeners have the id 'alarm'"):
        replace(one, wires=one.wires * 2)
    with pytest.raises(ValueError, match="need an address for HTTP"):
        replace(one, http=None)
    with pytest.raises(ValueError, match="no UDP, TCP or TLS address"):
        replace(one, wires=(WireListener("alarm", LineSession),))
    assert one.listener_ids == ("alarm", "zigbee", "medication")
    assert isinstance(one.requests[0].session, RequestLines)
