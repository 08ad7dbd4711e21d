"""What the hub tells devices reaches their sessions, and waits with the broker for a bridge that is
away."""

import asyncio
import json
import signal
from collections.abc import AsyncIterator
from typing import Any

import paho.mqtt.client as paho
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from tests.bridge.rig import MUNICIPALITY, WITHIN_S, Hub, until
from tests.bridge.test_run import Start, start

__all__ = ["start"]  # a fixture

UNLOCK = {"type": "command", "id": "c1", "subject": "nuki:1", "action": "unlock", "expires_at": 9}
ACCEPTED = {"type": "progress", "event": "e1", "subject": "espax:1", "phase": "accepted"}


def tell(hub: Hub, listener: str, message: dict[str, Any] | str) -> None:
    body = message if isinstance(message, str) else json.dumps(message)
    topic = f"varde/v1/{MUNICIPALITY}/device/{listener}"
    hub.client.publish(topic, body, 1).wait_for_publish(WITHIN_S)


@pytest.fixture
async def published(hub: Hub) -> AsyncIterator[list[str]]:
    """What is published for the door, as it comes."""
    heard: list[str] = []
    door = paho.Client(CallbackAPIVersion.VERSION2, "door")
    subscribed: list[int] = []
    door.on_connect = lambda c, *_: c.subscribe("set/#", 1)
    door.on_subscribe = lambda *_: subscribed.append(1)
    door.on_message = lambda _c, _u, message: heard.append(message.payload.decode())
    door.connect_async("127.0.0.1", hub.port)
    door.loop_start()
    await until(lambda: subscribed)
    yield heard
    door.disconnect()
    door.loop_stop()


@pytest.mark.broker
async def test_a_wire_session_is_told_and_what_cannot_be_read_stops_nothing(
    hub: Hub, start: Start
) -> None:
    bridge = await start()
    reader, writer = await bridge.line()
    writer.write(b"press 1\n")
    async with asyncio.timeout(WITHIN_S):
        assert await reader.readline() == b"durable 1\n"
        answer = asyncio.ensure_future(reader.readline())
        while not answer.done():  # until the bridge has subscribed
            tell(hub, "alarm", "not JSON")
            tell(hub, "alarm", ACCEPTED)
            await asyncio.wait([answer], timeout=0.1)
        assert answer.result() == b"accepted e1\n"
    writer.close()


@pytest.mark.broker
async def test_what_was_told_while_the_bridge_was_away_comes_when_it_is_back(
    hub: Hub, start: Start, published: list[str]
) -> None:
    bridge = await start()

    def told() -> bool:  # the broker keeps it from the bridge's first subscription on
        tell(hub, "zigbee", UNLOCK)
        return "unlock c1" in published

    await until(told)
    await until(lambda: f"{9:032x}" in hub.ids())
    assert await bridge.end(signal.SIGKILL) == -signal.SIGKILL
    published.clear()
    tell(hub, "zigbee", {**UNLOCK, "id": "c2"})
    await start()
    await until(lambda: "unlock c2" in published)
