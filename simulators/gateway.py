"""A Zigbee2MQTT gateway: one connection to the broker for all the devices behind it.

The only answer such a gateway ever gets is the broker's PUBACK: it knows nothing of what happens
behind the broker.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

Answered = Callable[[], None]


@dataclass(frozen=True, slots=True)
class DeviceBroker:
    """The broker that Zigbee2MQTT publishes to."""

    host: str
    port: int
    username: str | None = None
    password: str | None = None

    def __repr__(self) -> str:
        return f"DeviceBroker({self.host!r}, {self.port}, {self.username!r}, ...)"


class Gateway:
    """One connection, which begins with the first device that starts and ends with the last."""

    def __init__(
        self,
        broker: DeviceBroker,
        client_id: str,
        *,
        answer_wait_s: float = 10.0,
        on_refusal: Callable[[str], None] = lambda said: None,
    ) -> None:
        self._broker = broker
        self._answer_wait_s = answer_wait_s
        self._on_refusal = on_refusal
        self._users = 0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._connected = asyncio.Event()
        self._published: dict[int, Answered] = {}
        self._client = self._make_client(client_id)

    async def start(self) -> None:
        """Connect, or wait until we are; TimeoutError when the broker is silent."""
        self._users += 1
        if self._users == 1:
            self._loop = asyncio.get_running_loop()
            self._client.connect_async(self._broker.host, self._broker.port, keepalive=30)
            self._client.loop_start()
        async with asyncio.timeout(self._answer_wait_s):
            await self._connected.wait()

    async def stop(self) -> None:
        """Disconnect when nobody is left."""
        self._users -= 1
        if self._users == 0:
            self._connected.clear()
            self._client.disconnect()
            await asyncio.to_thread(self._client.loop_stop)

    def publish(
        self, topic: str, payload: str, answered: Answered | None = None, *, retain: bool = False
    ) -> None:
        """Publish with QoS 1; `answered` is called when the broker has acknowledged."""
        message = self._client.publish(topic, payload, qos=1, retain=retain)
        if answered is not None:
            self._published[message.mid] = answered

    def _make_client(self, client_id: str) -> mqtt.Client:
        client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=client_id)
        # A fleet's gateway has many messages under way at once.
        client.max_inflight_messages_set(1000)
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
            self._loop.call_soon_threadsafe(self._on_refusal, text)
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
        answered = self._published.pop(mid, None)
        if answered is not None:
            answered()
