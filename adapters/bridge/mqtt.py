"""One MQTT 3.1.1 connection that always comes back, driven by the asyncio loop.

paho's own thread waits in select(), which refuses file descriptors above 1023: a bridge with a
thousand connected devices could never reach its broker again. Here the loop watches paho's socket,
and no callback ever comes from another thread. Only connecting, which resolves names and may wait,
is done in a worker thread.

What is published before the broker has granted our subscriptions is held: an answer to it could
come before there is a subscription to hear it by.
"""

import asyncio
import logging
import socket
import ssl
from dataclasses import dataclass
from typing import Any, Protocol

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode

from adapters.bridge.settings import Endpoint

log = logging.getLogger(__name__)

_KEEPALIVE_S = 20
_CONNECT_WITHIN_S = 5.0
_FIRST_PAUSE_S = 0.1
_LONGEST_PAUSE_S = 5.0
_HOUSEKEEPING_S = 1.0
_UNREADABLE_TOPIC = "\ufffd"


@dataclass(frozen=True, slots=True)
class Message:
    """A message from the broker. `mid` is valid until the connection ends."""

    topic: str
    payload: bytes
    qos: int
    retained: bool
    mid: int


class Owner(Protocol):
    """Who is told what happens on a connection; always from the event loop."""

    def connected(self) -> None:
        """The broker has accepted us. Subscribe now: a broker may have forgotten."""

    def lost(self) -> None:
        """The connection has ended; message ids from before are void."""

    def message(self, message: Message) -> None:
        """A message has come."""


class MqttConnection:
    """Publishes QoS 1 with a bounded queue that outlives reconnects, and subscribes QoS 1."""

    def __init__(
        self,
        endpoint: Endpoint,
        client_id: str,
        owner: Owner,
        *,
        max_queued: int = 0,
        persistent: bool = False,
    ) -> None:
        """`persistent` asks the broker to keep the session, and acknowledges by `ack` only."""
        self._endpoint = endpoint
        self._where = f"{endpoint.host}:{endpoint.port}"
        self._owner = owner
        self._max_queued = max_queued
        self._pending: dict[int, str] = {}
        self._keys: set[str] = set()
        self._held: list[tuple[str, str, bytes]] = []
        self._connecting = False
        self._subscribed = False
        self.paused = False
        self._accepted = False
        self._gone = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._client = self._make_client(client_id, persistent)

    def _make_client(self, client_id: str, persistent: bool) -> paho.Client:
        client = paho.Client(
            CallbackAPIVersion.VERSION2,
            client_id,
            clean_session=not persistent,
            manual_ack=persistent,
            reconnect_on_failure=False,
        )
        client.username_pw_set(self._endpoint.username, self._endpoint.password)
        if self._endpoint.tls:
            client.tls_set_context(ssl.create_default_context(cafile=self._endpoint.ca_file))
        client.connect_timeout = _CONNECT_WITHIN_S
        # Unlimited, because our own queue is bounded and paho's search for the next message to
        # send costs as much as the window is wide.
        client.max_inflight_messages = 0
        client.on_connect = self._on_connect
        client.on_disconnect = self._on_disconnect
        client.on_subscribe = self._on_subscribe
        client.on_message = self._on_message
        client.on_publish = self._on_publish
        client.on_socket_open = self._on_socket_open
        client.on_socket_close = self._on_socket_close
        client.on_socket_register_write = self._on_register_write
        client.on_socket_unregister_write = self._on_unregister_write
        client.connect_async(self._endpoint.host, self._endpoint.port, keepalive=_KEEPALIVE_S)
        return client

    @property
    def live(self) -> bool:
        """Whether the broker hears us and has granted our subscriptions."""
        return self._subscribed

    async def run(self) -> None:
        """Keep the connection up until cancelled."""
        pause_s = _FIRST_PAUSE_S
        try:
            while True:
                self._accepted = False
                if await self._connect():
                    await self._serve()
                pause_s = _FIRST_PAUSE_S if self._accepted else min(2 * pause_s, _LONGEST_PAUSE_S)
                await asyncio.sleep(pause_s)
        finally:
            self._end()

    def publish(self, key: str, topic: str, payload: bytes) -> bool:
        """Hand over for sending, now or when the broker is back; False when the queue is full.

        What is on its way under the same key already is not queued a second time."""
        if key in self._keys:
            return True
        if len(self._keys) >= self._max_queued:
            return False
        if not self._subscribed:
            self._keys.add(key)
            self._held.append((key, topic, payload))
            return True
        return self._hand_over(key, topic, payload)

    def send(self, topic: str, payload: bytes, retain: bool, qos: int) -> None:
        """Publish while the connection is `live`."""
        self._client.publish(topic, payload, qos, retain)

    def subscribe(self, filters: list[str]) -> None:
        """Subscribe with QoS 1, to one filter at least; call it from `connected`."""
        self._client.subscribe([(one, 1) for one in filters])

    def ack(self, mid: int) -> None:
        """Acknowledge a message of this connection, never one from before a reconnect."""
        self._client.ack(mid, 1)

    def pause(self) -> None:
        """Stop reading, so that the broker keeps what it has."""
        self.paused = True
        if sock := self._client.socket():
            self._loop.remove_reader(sock)

    def resume(self) -> None:
        """Read again."""
        self.paused = False
        if not self._connecting and (sock := self._client.socket()):
            self._loop.add_reader(sock, self._read)
            self._loop.call_soon(self._read)

    def _read(self) -> None:
        """Read what is there. TLS decrypts more than it is asked for, and the socket does not tell
        of what lies decrypted."""
        self._client.loop_read()
        while not self.paused and _decrypted(self._client.socket()):
            self._client.loop_read()

    def _hand_over(self, key: str, topic: str, payload: bytes) -> bool:
        info = self._client.publish(topic, payload, qos=1)
        if info.rc is MQTTErrorCode.MQTT_ERR_QUEUE_SIZE:
            self._keys.discard(key)
            return False
        self._pending[info.mid] = key
        self._keys.add(key)
        return True

    async def _connect(self) -> bool:
        self._connecting = True
        try:
            await asyncio.to_thread(self._client.reconnect)
        except OSError as error:
            log.warning("broker %s: cannot connect: %s", self._where, error)
            return False
        finally:
            self._connecting = False
        return True

    async def _serve(self) -> None:
        self._gone.clear()
        if sock := self._client.socket():
            if not self.paused:
                self._loop.add_reader(sock, self._read)
            if self._client.want_write():
                self._loop.add_writer(sock, self._client.loop_write)
        while self._client.socket() and not self._gone.is_set():
            try:
                async with asyncio.timeout(_HOUSEKEEPING_S):
                    await self._gone.wait()
            except TimeoutError:
                self._client.loop_misc()

    def _end(self) -> None:
        if not self._connecting and self._client.socket():
            self._accepted = False
            self._client.disconnect()
            self._client.loop_write()

    def _on_connect(self, _c: object, _u: object, _flags: object, reason: Any, _p: object) -> None:
        if reason.is_failure:
            log.error("broker %s refuses us (%s): check user and password", self._where, reason)
            return
        log.info("broker %s: connected", self._where)
        self._accepted = True
        self._owner.connected()

    def _on_subscribe(self, _c: object, _u: object, _mid: int, reasons: Any, _p: object) -> None:
        if any(one.is_failure for one in reasons):
            log.error("broker %s refuses a subscription: check its access list", self._where)
        self._subscribed = True
        held, self._held = self._held, []
        for key, topic, payload in held:
            self._hand_over(key, topic, payload)

    def _on_disconnect(self, *_: object) -> None:
        self._subscribed = False
        self._gone.set()
        if self._accepted:
            log.warning("broker %s: connection lost", self._where)
            self._owner.lost()

    def _on_message(self, _c: object, _u: object, raw: paho.MQTTMessage) -> None:
        try:
            topic = raw.topic
        except UnicodeDecodeError:
            # A broker should not let it pass (MQTT 3.1.1, 1.5.3); the payload may still be a press.
            topic = _UNREADABLE_TOPIC
        self._owner.message(Message(topic, bytes(raw.payload), raw.qos, raw.retain, raw.mid))

    def _on_publish(self, _c: object, _u: object, mid: int, *_: object) -> None:
        self._keys.discard(self._pending.pop(mid, ""))

    def _on_socket_open(self, _c: object, _u: object, sock: Any) -> None:
        # Called in the worker thread. Without it a press waits for the acknowledgement of the
        # packet before it (Nagle), up to 40 ms.
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def _on_socket_close(self, _c: object, _u: object, sock: Any) -> None:
        if not self._connecting:
            self._loop.remove_reader(sock)
            self._loop.remove_writer(sock)
        self._loop.call_soon_threadsafe(self._gone.set)

    def _on_register_write(self, _c: object, _u: object, sock: Any) -> None:
        if not self._connecting:
            self._loop.add_writer(sock, self._client.loop_write)

    def _on_unregister_write(self, _c: object, _u: object, sock: Any) -> None:
        if not self._connecting:
            self._loop.remove_writer(sock)


def _decrypted(sock: Any) -> bool:
    return isinstance(sock, ssl.SSLSocket) and sock.fileno() >= 0 and sock.pending() > 0
