"""A session that acknowledges by hand: a message is the broker's until the hub has committed it.

paho runs the network on a thread of its own. What arrives is collected there and handed to the
asyncio loop with one wake-up per burst. A message from before a reconnect is never acknowledged,
because the new connection numbers its messages anew; the broker delivers it again.

Bounds: no more than `window` messages are on the loop's side unacknowledged. When the window is
full the network thread waits, so TCP holds the broker back, and the broker keeps the rest.
"""

import asyncio
import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import paho.mqtt.client as paho
from paho.mqtt.reasoncodes import ReasonCode

from hub.mqtt.client import KEEPALIVE_S, WINDOW, Login, Refused, make_client


@dataclass(frozen=True, slots=True, eq=False)
class Arrived:
    """A message as it came. `epoch` counts connections: its `mid` means nothing in another one."""

    topic: str
    payload: bytes
    qos: int
    retained: bool
    mid: int
    epoch: int


OnMessages = Callable[[Sequence[Arrived]], None]
OnLink = Callable[[bool, str], None]
"""Called with whether the session is subscribed and live, and the reason when it is not."""


class ManualAckSession:
    """A persistent session (clean_session=False), QoS 1, used from one asyncio loop.

    A second client with the same id takes the session over: this one is cut off, says so by
    `on_link`, and would take it back when it reconnects, so its owner stops it.
    """

    def __init__(
        self,
        login: Login,
        client_id: str,
        filters: Sequence[str],
        *,
        on_messages: OnMessages,
        on_link: OnLink = lambda up, reason: None,
        window: int = WINDOW,
    ) -> None:
        self._filters = [(topic, 1) for topic in filters]
        self._on_messages = on_messages
        self._on_link = on_link
        self._window = window
        self._lock = threading.Condition()
        self._epoch = 0
        self._live = False
        self._stopping = False
        self._woken = False
        self._arrived: deque[Arrived] = deque()
        self._unacknowledged: dict[int, Arrived] = {}
        self._login = login
        self._client = make_client(login, client_id, clean_session=False, manual_ack=True)
        self._client.on_connect = self._connected
        self._client.on_subscribe = self._subscribed
        self._client.on_disconnect = self._disconnected
        self._client.on_message = self._message

    async def start(self) -> None:
        """Connect and return once the broker has taken the subscriptions.

        Tries for as long as the broker is away; Refused when it says no. Later it reconnects and
        subscribes again by itself.
        """
        self._loop = asyncio.get_running_loop()
        self._ready: asyncio.Future[None] = self._loop.create_future()
        self._client.connect_async(self._login.host, self._login.port, KEEPALIVE_S)
        self._client.loop_start()
        try:
            await self._ready
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        """Disconnect; what is unacknowledged stays with the broker.

        It may not have read the last acknowledgements, and then delivers those messages again too.
        """
        with self._lock:
            self._stopping = True
            self._lock.notify_all()
        self._client.disconnect()
        await asyncio.to_thread(self._client.loop_stop)

    def ack(self, message: Arrived) -> bool:
        """Acknowledge a message; False, and nothing is sent, when its connection is gone."""
        with self._lock:
            if not self._live or self._unacknowledged.get(message.mid) is not message:
                return False
            del self._unacknowledged[message.mid]
            self._client.ack(message.mid, message.qos)
            self._lock.notify()
            return True

    def publish(self, topic: str, payload: bytes, qos: int = 0) -> bool:
        """Hand a message to the network thread; False when there is no connection for it now."""
        with self._lock:
            return self._live and self._client.publish(topic, payload, qos).rc == 0

    def _connected(
        self, client: paho.Client, _: Any, flags: paho.ConnectFlags, reason: ReasonCode, __: Any
    ) -> None:
        if reason.is_failure:
            self._post(self._say, False, f"the broker refused the sign-in: {reason}")
            return
        with self._lock:
            self._epoch += 1
            self._live = True
            self._unacknowledged.clear()
        client.subscribe(self._filters)

    def _subscribed(
        self, _: paho.Client, __: Any, mid: int, reasons: list[ReasonCode], ___: Any
    ) -> None:
        refused = [
            topic
            for (topic, _), reason in zip(self._filters, reasons, strict=True)
            if reason.is_failure
        ]
        reason = f"the broker refused to subscribe to {', '.join(refused)}" if refused else ""
        self._post(self._say, not refused, reason)

    def _disconnected(
        self, _: paho.Client, __: Any, flags: paho.DisconnectFlags, reason: ReasonCode, ___: Any
    ) -> None:
        with self._lock:
            self._live = False
        self._post(self._lost, f"the connection to the broker ended: {reason}")

    def _message(self, _: paho.Client, __: Any, message: paho.MQTTMessage) -> None:
        with self._lock:
            while not self._stopping and self._full():
                self._lock.wait()
            if self._stopping:
                return
            arrived = Arrived(
                message.topic,
                bytes(message.payload),
                message.qos,
                message.retain,
                message.mid,
                self._epoch,
            )
            if message.qos > 0:
                if self._is_repeat(arrived):
                    return
                self._unacknowledged[arrived.mid] = arrived
            self._arrived.append(arrived)
            wake, self._woken = not self._woken, True
        if wake:
            self._post(self._hand_over)

    def _full(self) -> bool:
        return max(len(self._unacknowledged), len(self._arrived)) >= self._window

    def _is_repeat(self, arrived: Arrived) -> bool:
        """Whether the broker repeats, on the same connection, what the hub still works on."""
        earlier = self._unacknowledged.get(arrived.mid)
        return earlier is not None and earlier.payload == arrived.payload

    def _hand_over(self) -> None:
        with self._lock:
            self._woken = False
            burst = list(self._arrived)
            self._arrived.clear()
            self._lock.notify()
        if burst:
            self._on_messages(burst)

    def _say(self, live: bool, reason: str) -> None:
        if not self._ready.done():
            if live:
                self._ready.set_result(None)
            else:
                self._ready.set_exception(Refused(reason))
        self._on_link(live, reason)

    def _lost(self, reason: str) -> None:
        self._on_link(False, reason)

    def _post(self, call: Callable[..., None], *arguments: object) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(call, *arguments)
