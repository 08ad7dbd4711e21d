"""The hub's entities on a real broker: what Home Assistant would read there, a restart, a removal.

The schemas are written here from home-assistant.io (MQTT, MQTT sensor, MQTT binary sensor).
"""

import asyncio
import json
import os
import shutil
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import jsonschema
import paho.mqtt.client as paho
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from hub.homeassistant.part import HomeAssistant
from hub.journal.port import Record
from hub.mqtt.client import Login
from hub.settings.load import parse_settings
from hub.settings.whole import HomeAssistantSettings
from routing.kinds import Kind
from routing.lifecycle import Action, OutcomeCode
from routing.state import State
from tests.routing.story import Story

pytestmark = pytest.mark.broker
WITHIN_S = 30.0
MOSQUITTO = shutil.which("mosquitto", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
COMMON = {
    "name": {"type": "string", "minLength": 1},
    "unique_id": {"type": "string", "pattern": "^[A-Za-z0-9_-]+$"},
    "state_topic": {"type": "string", "pattern": "^[^+#]+$"},
    "availability_topic": {"type": "string", "pattern": "^[^+#]+$"},
    "entity_category": {"enum": ["config", "diagnostic"]},
    "qos": {"enum": [0, 1, 2]},
    "device": {
        "type": "object",
        "properties": {
            "identifiers": {"type": "array", "items": {"type": "string"}, "minItems": 1},
            "name": {"type": "string"},
            "manufacturer": {"type": "string"},
        },
        "required": ["identifiers"],
        "additionalProperties": False,
    },
    "origin": {
        "type": "object",
        "properties": {"name": {"type": "string"}, "sw_version": {"type": "string"}},
        "required": ["name"],
        "additionalProperties": False,
    },
}
SCHEMAS: dict[str, dict[str, Any]] = {
    "sensor": {
        "properties": {**COMMON, "state_class": {"enum": ["measurement", "total"]}},
        "required": ["state_topic", "unique_id", "device"],
        "additionalProperties": False,
    },
    "binary_sensor": {
        "properties": {
            **COMMON,
            "device_class": {"enum": ["battery", "connectivity", "problem", "running"]},
        },
        "required": ["state_topic", "unique_id", "device"],
        "additionalProperties": False,
    },
}


class Pages:
    """What the web process knows, told by a story."""

    def __init__(self) -> None:
        self.story = Story()
        self.journal: Any = self
        self.ready = True

    @property
    def state(self) -> State:
        return self.story.state

    @property
    def cursor(self) -> int:
        return len(self.story.journal)

    def read(self, after: int, limit: int = 1000) -> list[Record]:
        return self.story.journal[after : after + limit]

    async def news(self, after: int, timeout_s: float) -> bool:
        for _ in range(20):
            if self.cursor > after:
                return True
            await asyncio.sleep(0.01)
        return False


class Reader:
    """Home Assistant's side: everything retained below its prefix, as it is now."""

    def __init__(self, port: int) -> None:
        self.found: dict[str, str] = {}
        self.client = paho.Client(CallbackAPIVersion.VERSION2, "home-assistant")
        self.client.on_connect = lambda c, *_: c.subscribe("homeassistant/#", 1)
        self.client.on_message = self._message
        self.client.connect("127.0.0.1", port)
        self.client.loop_start()

    def _message(self, _: object, __: object, message: paho.MQTTMessage) -> None:
        if message.payload:
            self.found[message.topic] = message.payload.decode()
        else:
            self.found.pop(message.topic, None)

    def value(self, entity: str) -> str | None:
        return self.found.get(f"homeassistant/{entity}/state")

    def configs(self) -> dict[str, dict[str, Any]]:
        return {
            topic: json.loads(payload)
            for topic, payload in sorted(self.found.items())
            if topic.endswith("/config")
        }

    @property
    def objects(self) -> list[str]:
        return sorted(topic.split("/")[3] for topic in self.configs())

    @property
    def availability(self) -> str | None:
        return self.found.get("homeassistant/varde_simby/availability")

    def stop(self) -> None:
        self.client.disconnect()
        self.client.loop_stop()


async def until(condition: Callable[[], object]) -> None:
    loop = asyncio.get_running_loop()
    deadline = loop.time() + WITHIN_S
    while not condition():
        assert loop.time() < deadline
        await asyncio.sleep(0.01)


@pytest.fixture
def port(tmp_path: Path, free_port: Callable[[], int]) -> Iterator[int]:
    if MOSQUITTO is None:
        pytest.skip("mosquitto is not installed")
    number = free_port()
    file = tmp_path / "broker.conf"
    owner = f"user {os.environ.get('USER', 'root')}\n" if os.getuid() == 0 else ""
    file.write_text(f"listener {number} 127.0.0.1\nallow_anonymous true\n{owner}")
    process = subprocess.Popen(
        [MOSQUITTO, "-c", str(file)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    yield number
    process.terminate()
    process.wait(WITHIN_S)


@pytest.fixture
async def reader(port: int) -> AsyncIterator[Reader]:
    made: list[Reader] = []

    def connects() -> bool:
        try:
            made.append(Reader(port))
        except OSError:
            return False
        return True

    await until(connects)
    yield made[0]
    made[0].stop()


@asynccontextmanager
async def shown(
    port: int, pages: Pages, health: dict[str, bool] | None = None, **said: Any
) -> AsyncIterator["asyncio.Task[None]"]:
    part = HomeAssistant(
        HomeAssistantSettings.model_validate(said),
        "simby",
        pages,
        lambda: {"broker": True, "adapters": True} if health is None else health,
        login=Login("127.0.0.1", port),
        client_id="varde-test",
    )
    task = asyncio.create_task(part.run())
    yield task
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_every_config_is_one_that_home_assistant_takes(port: int, reader: Reader) -> None:
    async with shown(port, Pages(), devices="all"):
        await until(lambda: len(reader.configs()) == 10)
        for topic, config in reader.configs().items():
            prefix, component, node, object_id, _ = topic.split("/")
            assert (prefix, node) == ("homeassistant", "varde_simby")
            jsonschema.validate(config, SCHEMAS[component])
            assert config["state_topic"] == f"homeassistant/{component}/{node}/{object_id}/state"
            assert config["availability_topic"] == "homeassistant/varde_simby/availability"
        await until(lambda: reader.availability == "online")
        unique = {config["unique_id"] for config in reader.configs().values()}
        assert len(unique) == 10
    await until(lambda: reader.availability == "offline")


async def test_no_device_is_shown_that_was_not_asked_for(port: int, reader: Reader) -> None:
    async with shown(port, Pages(), devices=["pendant", "nobody"]):
        await until(lambda: len(reader.objects) == 6)
        assert reader.objects == [
            "adapters_health",
            "broker_health",
            "device_pendant_battery",
            "device_pendant_online",
            "open_alarms",
            "unowned_alarms",
        ]


async def test_alarms_are_counted_and_devices_shown_as_they_are(port: int, reader: Reader) -> None:
    pages = Pages()
    health = {"broker": True, "adapters": True}
    node = "varde_simby"
    async with shown(port, pages, health, devices="all"):
        await until(lambda: reader.value(f"sensor/{node}/open_alarms") == "0")
        await until(lambda: reader.value(f"binary_sensor/{node}/device_pendant_online") == "ON")
        pages.story.hear(Kind.HELP_PRESSED, "scaip:1")
        await until(lambda: reader.value(f"sensor/{node}/unowned_alarms") == "1")
        (alarm,) = pages.state.alarms
        pages.story.do("carl", Action.ACCEPT, alarm=alarm)
        await until(lambda: reader.value(f"sensor/{node}/unowned_alarms") == "0")
        assert reader.value(f"sensor/{node}/open_alarms") == "1"
        pages.story.do("carl", Action.CLOSE, alarm=alarm, outcome=OutcomeCode.NO_NEED)
        await until(lambda: reader.value(f"sensor/{node}/open_alarms") == "0")
        pages.story.hear(Kind.LINK_LOST, "scaip:1")
        pages.story.hear(Kind.BATTERY_LOW, "scaip:2")
        await until(lambda: reader.value(f"binary_sensor/{node}/device_pendant_online") == "OFF")
        await until(lambda: reader.value(f"binary_sensor/{node}/device_fall_battery") == "ON")
        pages.story.hear(Kind.LINK_RESTORED, "scaip:1")
        await until(lambda: reader.value(f"binary_sensor/{node}/device_pendant_online") == "ON")
        health["adapters"] = False
        await until(lambda: reader.value(f"binary_sensor/{node}/adapters_health") == "OFF")


async def test_after_a_restart_open_faults_are_shown_and_dropped_devices_removed(
    port: int, reader: Reader
) -> None:
    pages = Pages()
    async with shown(port, pages, devices="all"):
        await until(lambda: len(reader.objects) == 10)
        pages.story.hear(Kind.LINK_LOST, "scaip:1")
    await until(lambda: reader.availability == "offline")
    async with shown(port, pages, devices=["pendant"]):
        await until(lambda: len(reader.objects) == 6)
        online = "binary_sensor/varde_simby/device_pendant_online"
        await until(lambda: reader.value(online) == "OFF")
        # A state goes after its config.
        await until(lambda: not any("other" in topic for topic in list(reader.found)))


async def test_a_device_that_leaves_the_configuration_is_removed_at_once(
    port: int, reader: Reader
) -> None:
    pages = Pages()
    async with shown(port, pages, devices="all"):
        await until(lambda: len(reader.objects) == 10)
        pages.story.configure(remove=[("device", "other")])
        await until(lambda: len(reader.objects) == 8)
        # A state goes after its config.
        await until(lambda: not any("device_other" in topic for topic in list(reader.found)))


async def test_switched_off_it_leaves_nothing_and_touches_nothing_of_others(
    port: int, reader: Reader
) -> None:
    other = "homeassistant/sensor/another_hub/x/config"
    reader.client.publish(other, "{}", qos=1, retain=True).wait_for_publish(WITHIN_S)
    async with shown(port, Pages(), devices="all"):
        await until(lambda: len(reader.objects) == 11)
    async with shown(port, Pages(), enabled=False) as ending:
        await asyncio.wait_for(ending, WITHIN_S)
    await until(lambda: set(reader.found) == {other})


async def test_a_killed_hub_is_offline_by_its_last_will(port: int, reader: Reader) -> None:
    async with shown(port, Pages()):
        await until(lambda: reader.availability == "online")
        # Another client of the same name: the broker cuts the hub's connection off.
        thief = paho.Client(CallbackAPIVersion.VERSION2, "varde-test")
        thief.connect("127.0.0.1", port)
        thief.loop_start()
        await until(lambda: reader.availability == "offline")
        thief.disconnect()
        thief.loop_stop()
        await until(lambda: reader.availability == "online")


def test_nothing_is_shown_unless_it_is_asked_for() -> None:
    assert parse_settings("").home_assistant is None
    said = parse_settings("home_assistant: {devices: [door-1]}").home_assistant
    assert said == HomeAssistantSettings(devices=("door-1",))
