"""Vibration sensor and radar: what they publish is what the listener understands."""

import asyncio
import json

import pytest

from adapters.zigbee2mqtt import Zigbee2mqttConfig, Zigbee2mqttSession
from simulators.devicelog import DeviceLog
from simulators.gateway import DeviceBroker
from simulators.zigbee import ZigbeeDevice
from simulators.zigbee_rooms import PresenceRadar, Vibration
from tests.simulators.test_door import StubBroker

AT = 1_800_000_000_000_000


@pytest.mark.parametrize(
    ("kind", "actions", "told"),
    [
        (Vibration, ["touch", "fall_off"], [["motion.detected"], ["motion.detected"]]),
        (
            PresenceRadar,
            ["enter", "fall", "get_up", "leave"],
            [
                ["motion.detected"],
                ["fall.detected", "motion.detected"],
                ["motion.detected"],
                ["device.alive"],
            ],
        ),
    ],
)
async def test_what_they_do_is_what_the_listener_tells(
    kind: type[ZigbeeDevice], actions: list[str], told: list[list[str]]
) -> None:
    broker = StubBroker()
    server = await asyncio.start_server(broker.serve, "127.0.0.1", 0)
    where = DeviceBroker("127.0.0.1", server.sockets[0].getsockname()[1])
    device = kind("bed", where, seed=1, log=DeviceLog())
    await device.start()
    try:
        for action in actions:
            assert (await getattr(device, action)()).accepted
    finally:
        await device.stop()
        server.close()
    session = Zigbee2mqttSession(Zigbee2mqttConfig(id="z"))
    heard = [
        session.message(message.topic, json.dumps(message.payload).encode(), False, AT + number)
        for number, message in enumerate(broker.published)
        if message.topic == "zigbee2mqtt/bed"
    ]
    assert [[str(event.type) for event in events] for events in heard] == told
