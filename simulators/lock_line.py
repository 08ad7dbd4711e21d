"""A lock's connection to its broker: publishes, hears commands, and leaves a last will."""

import asyncio
import socket
from collections.abc import Callable
from typing import Any

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from simulators.gateway import DeviceBroker

Heard = Callable[[str], None]


class LockLine:
    """One connection; `heard` is called on the loop with each command's payload."""

    def __init__(
        self, broker: DeviceBroker, client_id: str, command_topic: str, heard: Heard
    ) -> None:
        self._broker, self._command_topic, self._heard = broker, command_topic, heard
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ready = asyncio.Event()
        self._client = mqtt.Client(
            CallbackAPIVersion.VERSION2, client_id=client_id, reconnect_on_failure=False
        )
        if broker.username is not None:
            self._client.username_pw_set(broker.username, broker.password)
        self._client.on_connect = self._on_connect
        self._client.on_subscribe = self._on_subscribe
        self._client.on_message = self._on_message

    def leave_behind(self, topic: str, payload: str) -> None:
        """Let the broker publish this, retained, when the line is lost."""
        self._client.will_set(topic, payload, qos=1, retain=True)

    async def start(self, within_s: float = 10.0) -> None:
        """Connect and subscribe; TimeoutError when the broker is silent."""
        self._loop = asyncio.get_running_loop()
        self._client.connect_async(self._broker.host, self._broker.port, keepalive=30)
        self._client.loop_start()
        async with asyncio.timeout(within_s):
            await self._ready.wait()

    def publish(self, topic: str, payload: str, *, retain: bool) -> None:
        """Publish with QoS 1."""
        self._client.publish(topic, payload, qos=1, retain=retain)

    async def stop(self) -> None:
        """Say goodbye: no last will."""
        self._client.disconnect()
        await self._end()

    async def cut(self) -> None:
        """Lose the line at once, as without power."""
        sock: Any = self._client.socket()
        if sock is not None:
            sock.shutdown(socket.SHUT_RDWR)
        await self._end()

    async def _end(self) -> None:
        self._ready.clear()
        await asyncio.to_thread(self._client.loop_stop)

    def _on_connect(self, client: mqtt.Client, *_: Any) -> None:
        client.subscribe(self._command_topic, 1)

    def _on_subscribe(self, *_: Any) -> None:
        self._call(self._ready.set)

    def _on_message(self, _c: mqtt.Client, _u: object, message: mqtt.MQTTMessage) -> None:
        payload = message.payload.decode("utf-8", "replace")
        self._call(self._heard, payload)

    def _call(self, what: Callable[..., None], *arguments: object) -> None:
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(what, *arguments)
