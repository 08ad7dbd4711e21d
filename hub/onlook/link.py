"""The connection to the tap: asks for frames as long as somebody looks on, and gives them on."""

import asyncio
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import msgspec
import paho.mqtt.client as paho

from adapters.tapping import LONGEST, LONGEST_TEST, Seen, TapWish
from hub.configuration.apply import BrokerAway, NotRunning
from hub.mqtt import Login
from hub.mqtt.client import KEEPALIVE_S, make_client
from hub.processes.logins import login_for
from hub.processes.ready import read_run
from hub.secrets import Secrets
from hub.settings.whole import Settings
from routing import topics
from routing.instant import SECOND, Instant

_CONNECT_WITHIN_S = 5.0
_WAITING = 2000
"""Frames that may wait for the terminal; more are dropped and counted."""


class Looking:
    """A stream of what happens at the listeners, used from one asyncio loop."""

    def __init__(
        self, login: Login, municipality: str, listener: str | None, subject: str | None
    ) -> None:
        self._login, self._municipality = login, municipality
        self._listener, self._subject = listener, subject
        self._id = uuid.uuid4().hex
        self._seen: asyncio.Queue[Seen] = asyncio.Queue(_WAITING)
        self.missed = 0
        """How many frames could not be shown."""
        self._loop = asyncio.get_running_loop()
        self._ready: asyncio.Future[None] = self._loop.create_future()
        self._heard, self._armed = asyncio.Event(), asyncio.Event()
        """The adapters have said that they show frames, and that they withhold an answer."""
        name = f"varde-look-{self._id[:12]}"
        self._client = make_client(login, name, clean_session=True, manual_ack=False)
        self._client.on_connect = self._connected
        self._client.on_subscribe = self._subscribed
        self._client.on_message = self._message

    async def start(self) -> None:
        """Connect, subscribe and ask. BrokerAway."""
        self._client.connect_async(self._login.host, self._login.port, KEEPALIVE_S)
        self._client.loop_start()
        where = f"{self._login.host}:{self._login.port}"
        try:
            async with asyncio.timeout(_CONNECT_WITHIN_S):
                await self._ready
        except TimeoutError:
            await self.stop()
            raise BrokerAway(f"{where} does not answer") from None
        except BrokerAway:
            await self.stop()
            raise
        self._renewing = self._loop.create_task(self._renew())
        if not await _within(self._heard, _CONNECT_WITHIN_S):
            await self.stop()
            raise BrokerAway(f"the adapters behind {where} do not answer: do they run?")

    async def stop(self) -> None:
        """Look away: the wish ends within a minute by itself."""
        if hasattr(self, "_renewing"):
            self._renewing.cancel()
        self._client.disconnect()
        await asyncio.to_thread(self._client.loop_stop)

    async def next(self, timeout_s: float | None = None) -> Seen | None:
        """Return what happens next; None when nothing did in that time."""
        try:
            async with asyncio.timeout(timeout_s):
                return await self._seen.get()
        except TimeoutError:
            return None

    async def withhold_next_answer(self) -> bool:
        """Ask that the device's next call for help is not answered "received", once; whether that
        will be so."""
        self._armed.clear()
        self._ask(now() + LONGEST_TEST, withhold=True)
        return await _within(self._armed, _CONNECT_WITHIN_S)

    async def _renew(self) -> None:
        while True:
            self._ask(now() + LONGEST)
            await asyncio.sleep(LONGEST / SECOND / 3)

    def _ask(self, until: Instant, *, withhold: bool = False) -> None:
        wish = TapWish(
            id=self._id,
            until=until,
            listener=self._listener,
            subject=self._subject,
            withhold=withhold,
        )
        body = msgspec.json.encode(wish)
        self._client.publish(topics.tap_wish(self._municipality), body, qos=1)

    def _connected(self, client: paho.Client, _u: Any, _f: Any, reason: Any, _p: Any) -> None:
        if reason.is_failure:
            self._post(self._say, BrokerAway(f"the broker refused the sign-in: {reason}"))
        else:
            client.subscribe(topics.tap_seen(self._municipality), qos=1)

    def _subscribed(self, _c: Any, _u: Any, _mid: int, reasons: Any, _p: Any) -> None:
        refused = any(one.is_failure for one in reasons)
        wrong = BrokerAway("the broker does not let this account look on: check its access list")
        self._post(self._say, wrong if refused else None)

    def _message(self, _c: Any, _u: Any, message: paho.MQTTMessage) -> None:
        try:
            seen = msgspec.json.decode(message.payload, type=Seen)
        except msgspec.DecodeError:
            self._post(self._miss, 1)  # of another version: it cannot be shown
            return
        if self._id in seen.wishes:
            self._post(self._take, seen)

    def _take(self, seen: Seen) -> None:
        self.missed += seen.missed
        if not seen.listener:
            (self._armed if seen.withheld else self._heard).set()
        elif self._seen.full():
            self.missed += 1
        else:
            self._seen.put_nowait(seen)

    def _miss(self, count: int) -> None:
        self.missed += count

    def _say(self, wrong: BrokerAway | None) -> None:
        if self._ready.done():
            return
        if wrong is None:
            self._ready.set_result(None)
        else:
            self._ready.set_exception(wrong)

    def _post(self, call: Any, *arguments: object) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(call, *arguments)


async def _within(said: asyncio.Event, wait_s: float) -> bool:
    try:
        async with asyncio.timeout(wait_s):
            return await said.wait()
    except TimeoutError:
        return False


def now() -> Instant:
    """Return the instant by the wall clock."""
    return time.time_ns() // 1000


@asynccontextmanager
async def looking(
    settings: Settings, municipality: str, listener: str | None, subject: str | None
) -> AsyncIterator[Looking]:
    """Look on at the running hub of these settings. NotRunning, BrokerAway."""
    running = read_run(settings.run_path)
    if running is None:
        raise NotRunning
    login = login_for(settings, Secrets(settings.state_dir), "tap") or (None, None)
    broker = Login(running.broker.host, running.broker.port, *login)
    link = Looking(broker, municipality, listener, subject)
    await link.start()
    try:
        yield link
    finally:
        await link.stop()
