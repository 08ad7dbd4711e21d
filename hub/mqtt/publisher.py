"""Publishing for the web process and the command line: QoS 1, and knowing whether it arrived."""

import asyncio
from collections.abc import Callable
from typing import Any

import paho.mqtt.client as paho
from paho.mqtt.reasoncodes import ReasonCode

from hub.mqtt.client import KEEPALIVE_S, Login, Refused, make_client


class NotConfirmed(Exception):
    """No acknowledgement came in time. It may still arrive, so try again under the same id."""


class Publisher:
    """Publishes from one asyncio loop and reconnects by itself."""

    def __init__(self, login: Login, client_id: str) -> None:
        self._login = login
        self._waiting: dict[int, asyncio.Future[None]] = {}
        self._client = make_client(login, client_id, clean_session=True, manual_ack=False)
        self._client.on_connect = self._connected
        self._client.on_publish = self._published

    async def start(self) -> None:
        """Connect; tries for as long as the broker is away, Refused when it says no."""
        self._loop = asyncio.get_running_loop()
        self._ready: asyncio.Future[None] = self._loop.create_future()
        self._client.connect_async(self._login.host, self._login.port, KEEPALIVE_S)
        self._client.loop_start()
        try:
            await self._ready
        except BaseException:
            await self.stop()
            raise

    @property
    def connected(self) -> bool:
        """Whether there is a connection to the broker now."""
        return self._client.is_connected()

    async def publish(self, topic: str, payload: bytes, timeout_s: float = 5.0) -> None:
        """Publish with QoS 1 and return when the broker has taken it, or NotConfirmed.

        The broker also acknowledges what its access list refuses, so this is not yet "done".
        """
        sent = self._client.publish(topic, payload, qos=1)
        if sent.rc == paho.MQTT_ERR_QUEUE_SIZE:
            raise NotConfirmed("too many messages wait for the broker; is it away?")
        acknowledged = self._waiting[sent.mid] = self._loop.create_future()
        try:
            async with asyncio.timeout(timeout_s):
                await acknowledged
        except TimeoutError:
            raise NotConfirmed(f"the broker has not answered within {timeout_s:g} s") from None
        finally:
            del self._waiting[sent.mid]

    async def stop(self) -> None:
        """Disconnect; what is not acknowledged is given up."""
        self._client.disconnect()
        await asyncio.to_thread(self._client.loop_stop)

    def _connected(
        self, _: paho.Client, __: Any, flags: paho.ConnectFlags, reason: ReasonCode, ___: Any
    ) -> None:
        self._post(self._answer, _refusal(reason))

    def _published(self, _: paho.Client, __: Any, mid: int, reason: ReasonCode, ___: Any) -> None:
        self._post(self._acknowledge, mid)

    def _answer(self, refused: Refused | None) -> None:
        if self._ready.done():
            return
        if refused is None:
            self._ready.set_result(None)
        else:
            self._ready.set_exception(refused)

    def _acknowledge(self, mid: int) -> None:
        waiting = self._waiting.get(mid)
        if waiting is not None and not waiting.done():
            waiting.set_result(None)

    def _post(self, call: Callable[..., None], *arguments: object) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(call, *arguments)


def _refusal(reason: ReasonCode) -> Refused | None:
    return Refused(f"the broker refused the sign-in: {reason}") if reason.is_failure else None
