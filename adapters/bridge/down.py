"""What the hub says to devices, brought to the sessions that can pass it on.

The broker keeps it while the bridge is away. A message is acknowledged when its session has taken
it: one that the bridge dies over comes again, and sessions do a command once by its id.
"""

import asyncio
import logging
from collections.abc import Mapping
from typing import Protocol

import msgspec

from adapters.bridge.mqtt import Message, MqttConnection
from adapters.bridge.settings import Endpoint
from routing import topics
from routing.to_device import ToDevice

_RETRY_PAUSE_S = 1

log = logging.getLogger(__name__)


class Hearer(Protocol):
    """A listener whose devices can be told something."""

    def told(self, message: ToDevice) -> bool:
        """Pass it on; False while that cannot be done, and it is then offered again."""


class Down:
    """The connection by which all listeners of a municipality are told."""

    def __init__(
        self, endpoint: Endpoint, municipality: str, hearers: Mapping[str, Hearer], client_id: str
    ) -> None:
        """`hearers` by listener id, one at least."""
        self._hearers = {topics.device(municipality, id): one for id, one in hearers.items()}
        self._loop = asyncio.get_running_loop()
        self._waiting: dict[int, asyncio.TimerHandle] = {}
        """By message id, what is offered again soon."""
        self._connection = MqttConnection(endpoint, client_id, self, persistent=True)

    async def run(self) -> None:
        """Keep the connection up until cancelled."""
        await self._connection.run()

    def connected(self) -> None:
        self._connection.subscribe(list(self._hearers))

    def lost(self) -> None:
        """Forget what was not acknowledged: it comes again."""
        for handle in self._waiting.values():
            handle.cancel()
        self._waiting.clear()

    def message(self, message: Message) -> None:
        hearer = self._hearers.get(message.topic)
        try:
            told: ToDevice = msgspec.json.decode(message.payload, type=ToDevice)
        except msgspec.DecodeError as error:
            log.error("%s: %s: run hub and adapters of the same version", message.topic, error)
            hearer = None
        if hearer is None:
            self._connection.ack(message.mid)
        elif message.mid not in self._waiting:
            self._offer(hearer, told, message.mid)

    def _offer(self, hearer: Hearer, told: ToDevice, mid: int) -> None:
        self._waiting.pop(mid, None)
        if hearer.told(told):
            self._connection.ack(mid)
        else:
            again = self._loop.call_later(_RETRY_PAUSE_S, self._offer, hearer, told, mid)
            self._waiting[mid] = again
