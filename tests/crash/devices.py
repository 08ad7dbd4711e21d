"""Devices as an adapter speaks for them: press, send again under the same id until confirmed.

What was pressed and what was confirmed is kept here, outside hub and broker, and in a log file.
"""

import asyncio
import json
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion

from hub.mqtt import Login
from routing import topics
from routing.event import derive_id, make_event
from routing.instant import Instant
from routing.kinds import Kind, Lane

ADAPTER = "scaip"
RESEND_S = 2.0
TICK_S = 0.01


class Devices:
    """Presses at a rate, or as fast as confirmations come (`rate` None: `window` unconfirmed)."""

    def __init__(
        self,
        login: Login,
        town: str,
        log: Path,
        now: Callable[[], Instant],
        *,
        rate: float | None,
        window: int = 2000,
        prefix: str = "press",
    ) -> None:
        self._town, self._rate, self._window, self._now = town, rate, window, now
        self._prefix = prefix
        self._topic = topics.event(town, Lane.HELP, ADAPTER)
        self._log = log.open("a")
        self._waiting: dict[str, bytes] = {}
        self._again: deque[tuple[float, str]] = deque()
        self._on_the_way: dict[int, str] = {}
        """By message id, what the broker has not acknowledged. It is not queued a second time, as
        the bridge does not either: the client sends it again by itself after a reconnect, and a
        queue that grows by resends is served ever more slowly, until nothing gets through."""
        self._unsent: set[str] = set()
        """The values of the same."""
        self.pressed: dict[str, Instant] = {}
        self.confirmed: dict[str, Instant] = {}
        self._changed = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._client = paho.Client(CallbackAPIVersion.VERSION2, f"devices-{town}-{prefix}")
        self._client.username_pw_set(login.user, login.password)
        self._client.reconnect_delay_set(1, 2)
        self._client.max_inflight_messages_set(1000)
        self._client.on_connect = self._connected
        self._client.on_message = self._message
        self._client.on_publish = self._published
        self._client.connect_async(login.host, login.port, 20)
        self._client.loop_start()
        self._pressing: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to press."""
        self._pressing = asyncio.create_task(self._press_on())

    async def further(self, confirmations: int, within_s: float) -> None:
        """Wait for so many more confirmations."""
        await self._until(len(self.confirmed) + confirmations, within_s)

    async def settle(self, within_s: float) -> None:
        """Press no more, and wait until every press is confirmed."""
        if self._pressing is not None:
            self._pressing.cancel()
        self._pressing = asyncio.create_task(self._send_again_for_ever())
        await self._until(len(self.pressed), within_s)
        self._pressing.cancel()

    def close(self) -> None:
        if self._pressing is not None:
            self._pressing.cancel()
        self._client.disconnect()
        self._client.loop_stop()
        self._log.close()

    async def _until(self, confirmed: int, within_s: float) -> None:
        async with asyncio.timeout(within_s):
            while len(self.confirmed) < confirmed:
                self._changed.clear()
                await self._changed.wait()

    async def _press_on(self) -> None:
        began, before = self._loop.time(), len(self.pressed)
        while True:
            self._send_again()
            if self._rate is None:
                wanted = len(self.pressed) + self._window - len(self._waiting)
            else:
                wanted = before + int((self._loop.time() - began) * self._rate)
            while len(self.pressed) < wanted and len(self._waiting) < self._window:
                self._press()
            await asyncio.sleep(TICK_S)

    async def _send_again_for_ever(self) -> None:
        while True:
            self._send_again()
            await asyncio.sleep(TICK_S)

    def _press(self) -> None:
        number, at = len(self.pressed), self._now()
        event_id = derive_id(self._prefix, number)
        made = make_event(
            Kind.HELP_PRESSED,
            id=event_id,
            source=f"/adapters/scaip/{ADAPTER}",
            subject=f"scaip:{self._prefix}-{number}",
            received_at=at,
        )
        self.pressed[event_id] = at
        self._log.write(json.dumps({"at": at, "pressed": event_id}) + "\n")
        self._waiting[event_id] = made.to_json()
        self._send(event_id)

    def _send(self, event_id: str) -> None:
        self._again.append((self._loop.time() + RESEND_S, event_id))
        if self._client.is_connected() and event_id not in self._unsent:
            sent = self._client.publish(self._topic, self._waiting[event_id], 1)
            self._on_the_way[sent.mid] = event_id
            self._unsent.add(event_id)

    def _send_again(self) -> None:
        while self._again and self._again[0][0] <= self._loop.time():
            event_id = self._again.popleft()[1]
            if event_id in self._waiting:
                self._send(event_id)

    def _connected(self, client: paho.Client, *_: object) -> None:
        client.subscribe(topics.confirms(self._town, ADAPTER), 0)

    def _published(self, _: paho.Client, __: Any, mid: int, *___: object) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._taken, mid)

    def _taken(self, mid: int) -> None:
        self._unsent.discard(self._on_the_way.pop(mid, ""))

    def _message(self, _: paho.Client, __: Any, message: paho.MQTTMessage) -> None:
        event_id = message.topic.rpartition("/")[2]
        outcome = json.loads(message.payload)["outcome"]
        if outcome in ("durable", "busy") and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._confirm, event_id, self._now())

    def _confirm(self, event_id: str, at: Instant) -> None:
        if self._waiting.pop(event_id, None) is None:
            return
        self.confirmed[event_id] = at
        if not self._log.closed:
            self._log.write(json.dumps({"at": at, "confirmed": event_id}) + "\n")
        self._changed.set()
