"""The connection to the broker that Home Assistant reads: retained messages, and a last will."""

import asyncio
import logging
from collections.abc import Callable
from typing import Any

import paho.mqtt.client as paho
from paho.mqtt.reasoncodes import ReasonCode

from hub.homeassistant.discovery import OFFLINE, ONLINE, Node
from hub.mqtt.client import KEEPALIVE_S, Login, make_client

log = logging.getLogger(__name__)


class Link:
    """Publishes from one asyncio loop, and reconnects by itself."""

    def __init__(
        self,
        login: Login,
        client_id: str,
        node: Node,
        *,
        on_connected: Callable[[], None],
        on_config: Callable[[str], None],
    ) -> None:
        """`on_config` is called with the topic of each config that the broker has."""
        self._login, self._node = login, node
        self._on_connected, self._on_config = on_connected, on_config
        self._loop = asyncio.get_running_loop()
        self._client = make_client(login, client_id, clean_session=True, manual_ack=False)
        self._client.will_set(node.availability, OFFLINE, qos=1, retain=True)
        self._client.on_connect = self._connected
        self._client.on_message = self._message

    def start(self) -> None:
        """Connect, now or when the broker is there."""
        self._client.connect_async(self._login.host, self._login.port, KEEPALIVE_S)
        self._client.loop_start()

    def publish(self, topic: str, payload: bytes) -> None:
        """Publish retained; an empty payload removes what the broker keeps. What cannot be sent now
        is not lost: after a reconnect everything is published anew."""
        self._client.publish(topic, payload, qos=1, retain=True)

    async def stop(self, availability: bytes = OFFLINE) -> None:
        """Say that the hub is gone, and disconnect: a disconnect in order has no last will."""
        if self._client.is_connected():
            said = self._client.publish(self._node.availability, availability, qos=1, retain=True)
            await asyncio.to_thread(said.wait_for_publish, 2.0)
        self._client.disconnect()
        await asyncio.to_thread(self._client.loop_stop)

    def _connected(
        self, client: paho.Client, _: Any, __: Any, reason: ReasonCode, ___: Any
    ) -> None:
        if reason.is_failure:
            log.error("the devices' broker refuses us (%s): check user and password", reason)
            return
        client.subscribe(self._node.configs, qos=1)
        client.publish(self._node.availability, ONLINE, qos=1, retain=True)
        self._post(self._on_connected)

    def _message(self, _: paho.Client, __: Any, message: paho.MQTTMessage) -> None:
        if message.payload:
            self._post(self._on_config, message.topic)

    def _post(self, call: Callable[..., None], *arguments: object) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(call, *arguments)
