"""What adapters are told, on its way to the broker: after the commit, again until it is there.

One message of each key is kept, the latest, so the queue is bounded by what is open. A command that
has expired is given up, because its adapter would not begin it any more. The broker's
acknowledgement proves nothing to anybody: what became of a command comes back as an event.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable
from typing import Protocol

import msgspec

from hub.mqtt import NotConfirmed
from routing import topics
from routing.instant import Instant
from routing.locks.told import Told
from routing.to_device import DeviceCommand

log = logging.getLogger(__name__)

PAUSE_S = 0.2
"""After the broker has not taken a message."""


class Broker(Protocol):
    """The part of `hub.mqtt.Publisher` that is used."""

    @property
    def connected(self) -> bool: ...

    async def start(self) -> None: ...

    async def publish(self, topic: str, payload: bytes) -> None: ...

    async def stop(self) -> None: ...


class Down:
    """Tells the adapters of one municipality."""

    def __init__(
        self,
        broker: Broker,
        municipality: str,
        now: Callable[[], Instant],
        may: Callable[[], bool] = lambda: True,
    ) -> None:
        """`may` says whether this process still writes the journal: who does not tells nobody."""
        self._broker, self._municipality, self._now, self._may = broker, municipality, now, may
        self._commands: dict[str, Told] = {}
        self._others: dict[str, Told] = {}
        self._wake = asyncio.Event()

    def take(self, told: Iterable[Told]) -> None:
        """Queue what a committed batch, or the state at boot, gives to tell."""
        for one in told:
            lane = self._commands if isinstance(one.message, DeviceCommand) else self._others
            lane[one.key] = one
            self._wake.set()

    async def run(self) -> None:
        """Publish until cancelled, commands first."""
        try:
            await self._broker.start()
            while True:
                await self._wake.wait()
                self._wake.clear()
                while lane := self._commands or self._others:
                    await self._tell(lane, next(iter(lane.values())))
        finally:
            await self._broker.stop()

    async def _tell(self, lane: dict[str, Told], one: Told) -> None:
        message = one.message
        if isinstance(message, DeviceCommand) and self._now() >= message.expires_at:
            log.warning("listener %s: a command has expired before it was told", one.adapter)
            del lane[one.key]
            return
        if not await self._published(one):
            await asyncio.sleep(PAUSE_S)
        elif lane.get(one.key) is one:
            del lane[one.key]

    async def _published(self, one: Told) -> bool:
        if not self._may():
            return True
        if not self._broker.connected:
            return False
        topic = topics.device(self._municipality, one.adapter)
        try:
            await self._broker.publish(topic, msgspec.json.encode(one.message))
        except NotConfirmed as error:
            log.warning("listener %s is told again: %s", one.adapter, error)
            return False
        return True
