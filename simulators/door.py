"""A door contact behind Zigbee2MQTT.

Topics and payloads: zigbee2mqtt.io, "MQTT topics and messages", device page SNZB-04P.
`contact: false` means open. The only answer such a device's gateway ever gets is the broker's
PUBACK: Zigbee2MQTT knows nothing of what happens behind the broker.
"""

import asyncio
import json
import random
from dataclasses import dataclass

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from simulators.devicelog import Answer, DeviceLog
from simulators.faults import NO_FAULTS, Faults, Link


@dataclass(frozen=True, slots=True)
class DeviceBroker:
    """The broker that Zigbee2MQTT publishes to."""

    host: str
    port: int
    username: str | None = None
    password: str | None = None

    def __repr__(self) -> str:
        return f"DeviceBroker({self.host!r}, {self.port}, {self.username!r}, ...)"


class Door:
    """One door contact, known by its friendly name, which may have slashes."""

    def __init__(
        self,
        friendly_name: str,
        broker: DeviceBroker,
        *,
        seed: int,
        log: DeviceLog,
        faults: Faults = NO_FAULTS,
        answer_wait_s: float = 10.0,
    ) -> None:
        self._broker = broker
        self._rng = random.Random(seed)
        self._link = Link(faults, random.Random(seed ^ 0x5EED))
        self._log = log
        self._answer_wait_s = answer_wait_s
        self._topic = f"zigbee2mqtt/{friendly_name}"
        self._contact = True
        self._battery_pct = 87
        self._count = 0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._connected = asyncio.Event()
        self._published: dict[int, asyncio.Future[None]] = {}
        self.name = f"zigbee2mqtt:{friendly_name}"
        self._client = self._make_client(f"sim-z2m-{self._rng.getrandbits(32):08x}")

    async def start(self) -> None:
        """Connect and say that the device is available; TimeoutError when the broker is silent."""
        self._loop = asyncio.get_running_loop()
        self._client.connect_async(self._broker.host, self._broker.port, keepalive=30)
        self._client.loop_start()
        async with asyncio.timeout(self._answer_wait_s):
            await self._connected.wait()
        self._client.publish(
            f"{self._topic}/availability", json.dumps({"state": "online"}), qos=1, retain=True
        )

    async def stop(self) -> None:
        """Disconnect."""
        self._client.disconnect()
        await asyncio.to_thread(self._client.loop_stop)

    async def open(self) -> Answer:
        """The door opens."""
        self._contact = False
        return await self._tell("open")

    async def close(self) -> Answer:
        """The door closes."""
        self._contact = True
        return await self._tell("close")

    async def battery_low(self) -> Answer:
        """The battery is nearly empty."""
        self._battery_pct = 4
        return await self._tell("battery_low")

    async def _tell(self, action: str) -> Answer:
        self._count += 1
        reference = str(self._count)
        payload = json.dumps(self._state(), separators=(",", ":"))
        loop = asyncio.get_running_loop()
        began = loop.time()
        answered: asyncio.Future[None] = loop.create_future()
        self._log.note(self.name, "sent", action, reference, detail=payload)
        self._link.pass_on(lambda: self._publish(payload, answered))
        done, _ = await asyncio.wait({answered}, timeout=self._answer_wait_s)
        ms = (loop.time() - began) * 1000
        if not done:
            answer = Answer(False, ms, reference, "no PUBACK from the broker")
            return self._log.ended(self.name, "unanswered", action, answer)
        answer = Answer(True, ms, reference, "PUBACK from the broker")
        return self._log.ended(self.name, "answered", action, answer)

    def _state(self) -> dict[str, object]:
        return {
            "contact": self._contact,
            "battery": self._battery_pct,
            "battery_low": self._battery_pct < 10,
            "tamper": False,
            "linkquality": self._rng.randint(60, 140),
            "voltage": 2900,
        }

    def _publish(self, payload: str, answered: "asyncio.Future[None]") -> None:
        message = self._client.publish(self._topic, payload, qos=1)
        self._published[message.mid] = answered

    def _make_client(self, client_id: str) -> mqtt.Client:
        client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=client_id)
        if self._broker.username is not None:
            client.username_pw_set(self._broker.username, self._broker.password)
        client.on_connect = self._on_connect
        client.on_publish = self._on_publish
        return client

    def _on_connect(
        self,
        client: mqtt.Client,
        userdata: object,
        flags: mqtt.ConnectFlags,
        reason: ReasonCode,
        properties: Properties | None,
    ) -> None:
        if self._loop is None:
            return
        if reason.is_failure:
            text = f"the broker refused: {reason}"
            self._loop.call_soon_threadsafe(self._note_link, text)
        else:
            self._loop.call_soon_threadsafe(self._connected.set)

    def _on_publish(
        self,
        client: mqtt.Client,
        userdata: object,
        mid: int,
        reason: ReasonCode,
        properties: Properties,
    ) -> None:
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._acknowledged, mid)

    def _acknowledged(self, mid: int) -> None:
        future = self._published.pop(mid, None)
        if future is not None and not future.done() and not self._link.answer_lost():
            future.set_result(None)

    def _note_link(self, text: str) -> None:
        self._log.note(self.name, "link", "connect", "", detail=text)
