"""A phone with OwnTracks, over MQTT.

Topics and payloads: the OwnTracks booklet, docs/tech/json.md. The location is retained, as the app
does; the broker publishes the last will when the phone is gone without a word.
"""

import asyncio
import json
import random
import time
from collections import deque
from collections.abc import Callable
from itertools import cycle

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from simulators.devicelog import Answer, DeviceLog
from simulators.door import DeviceBroker
from simulators.faults import NO_FAULTS, Faults, Link
from simulators.tracker import Route

_REGION = "6da9cf"


class OwntracksPhone:
    """One phone, known by its user and device name."""

    def __init__(
        self,
        user: str,
        device: str,
        broker: DeviceBroker,
        *,
        route: Route,
        seed: int,
        log: DeviceLog,
        faults: Faults = NO_FAULTS,
        answer_wait_s: float = 10.0,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._broker = broker
        self._topic = f"owntracks/{user}/{device}"
        self._steps = cycle(route)
        self._here = next(self._steps)
        self._link = Link(faults, random.Random(seed ^ 0x5EED))
        self._log = log
        self._answer_wait_s = answer_wait_s
        self._clock = clock
        self._battery_pct = 78
        self._count = 0
        self._kept: deque[dict[str, object]] = deque()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._connected = asyncio.Event()
        self._published: dict[int, asyncio.Future[None]] = {}
        self._client = self._make_client(f"sim-owntracks-{seed}-{user}-{device}")
        self.name = f"owntracks:{user}/{device}"

    async def start(self) -> None:
        """Connect; TimeoutError when the broker is silent."""
        self._loop = asyncio.get_running_loop()
        will = json.dumps({"_type": "lwt", "tst": self._now_s()})
        self._client.will_set(self._topic, will, qos=1)
        self._client.connect_async(self._broker.host, self._broker.port, keepalive=30)
        self._client.loop_start()
        async with asyncio.timeout(self._answer_wait_s):
            await self._connected.wait()

    async def stop(self) -> None:
        """Disconnect in order: no last will."""
        self._client.disconnect()
        await asyncio.to_thread(self._client.loop_stop)

    async def vanish(self) -> None:
        """Lose the network without a word: the broker publishes the last will."""
        await asyncio.to_thread(self._client.loop_stop)
        if (socket := self._client.socket()) is not None:
            socket.close()
        self._connected.clear()

    async def report(self) -> Answer:
        """Send the position, as the app does by itself."""
        self._here = next(self._steps)
        return await self._tell("report", self._location("p"), retain=True)

    async def publish(self) -> Answer:
        """Somebody presses the app's button: a position by hand."""
        return await self._tell("publish", self._location("u"), retain=True)

    async def leave_zone(self) -> Answer:
        """Walk out of the region."""
        lat, lon = self._here
        self._here = (lat + 0.012, lon + 0.02)
        return await self._tell("leave_zone", self._transition("leave"), "/event")

    async def enter_zone(self) -> Answer:
        """Walk back into the region."""
        self._here = next(self._steps)
        return await self._tell("enter_zone", self._transition("enter"), "/event")

    async def battery_low(self) -> Answer:
        """The battery is nearly empty; the app has no word for it, only the figure."""
        self._battery_pct = 9
        return await self._tell("battery_low", self._location("p"), retain=True)

    def keep(self) -> None:
        """Remember the position of now, to send it later as an old one."""
        self._kept.append(self._location("p"))

    async def upload(self) -> list[Answer]:
        """Send what was kept, oldest first."""
        kept, self._kept = self._kept, deque()
        return [await self._tell("upload", payload, retain=True) for payload in kept]

    async def _tell(
        self, action: str, payload: dict[str, object], below: str = "", *, retain: bool = False
    ) -> Answer:
        self._count += 1
        reference, text = str(self._count), json.dumps(payload)
        loop = asyncio.get_running_loop()
        began = loop.time()
        answered: asyncio.Future[None] = loop.create_future()
        self._log.note(self.name, "sent", action, reference, detail=text)
        topic = self._topic + below
        self._link.pass_on(lambda: self._publish(topic, text, retain, answered))
        done, _ = await asyncio.wait({answered}, timeout=self._answer_wait_s)
        ms = (loop.time() - began) * 1000
        if not done:
            answer = Answer(False, ms, reference, "no PUBACK from the broker")
            return self._log.ended(self.name, "unanswered", action, answer)
        answer = Answer(True, ms, reference, "PUBACK from the broker")
        return self._log.ended(self.name, "answered", action, answer)

    def _location(self, trigger: str) -> dict[str, object]:
        lat, lon = self._here
        place = {"_type": "location", "lat": lat, "lon": lon, "acc": 8, "vel": 3, "alt": 12}
        told = {"tst": self._now_s(), "t": trigger, "tid": "ph", "batt": self._battery_pct}
        return {**place, **told, "conn": "m"}

    def _transition(self, event: str) -> dict[str, object]:
        lat, lon = self._here
        region = {"desc": "Home", "rid": _REGION, "wtst": 1_700_000_000}
        told = {"_type": "transition", "event": event, "lat": lat, "lon": lon, "acc": 8}
        return {**told, **region, "tst": self._now_s(), "tid": "ph", "t": "c"}

    def _now_s(self) -> int:
        return int(self._clock())

    def _publish(
        self, topic: str, text: str, retain: bool, answered: "asyncio.Future[None]"
    ) -> None:
        message = self._client.publish(topic, text, qos=1, retain=retain)
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
        if self._loop is not None and not reason.is_failure:
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
