"""Real brokers for tests, on free ports and ended by pid, and an inbox that can be awaited."""

import asyncio
import os
import secrets
import signal
from collections.abc import Callable, Sequence
from pathlib import Path

from hub.brokers.accounts import NAMES, accounts
from hub.brokers.choose import Choice, embedded
from hub.brokers.embedded import EmbeddedBroker
from hub.brokers.port import Endpoint
from hub.mqtt import Arrived, Login, ManualAckSession, Publisher

PATIENCE_S = 30.0
EVENT = "varde/v1/solvik/event/help/scaip"
EVENTS = "varde/v1/solvik/event/help/+"
COMMAND = "varde/v1/solvik/command"
CONFIRM = "varde/v1/solvik/confirm/scaip/0123"
DEVICE = "zigbee2mqtt/bad"


class Bench:
    """One broker with its four accounts."""

    def __init__(self, choice: Choice, folder: Path) -> None:
        self.folder = folder
        self.passwords = {name: secrets.token_urlsafe(24) for name in NAMES}
        self.broker: EmbeddedBroker = embedded(
            choice, folder=folder, accounts=accounts(["solvik"], self.passwords)
        )
        self.endpoint = Endpoint("", 0)

    async def start(self) -> None:
        self.endpoint = await self.broker.start()

    def login(self, name: str) -> Login:
        return Login(self.endpoint.host, self.endpoint.port, name, self.passwords[name])

    async def publisher(self, name: str) -> Publisher:
        publisher = Publisher(self.login(name), f"test-{name}-{secrets.token_hex(4)}")
        async with asyncio.timeout(PATIENCE_S):
            await publisher.start()
        return publisher

    async def publish(self, name: str, *sent: tuple[str, str]) -> None:
        """Publish in order, on one connection, each acknowledged by the broker."""
        publisher = await self.publisher(name)
        for topic, payload in sent:
            await publisher.publish(topic, payload.encode())
        await publisher.stop()

    async def stored(self, payload: str) -> None:
        """Wait until a kill cannot take the message any more.

        Mosquitto saves after it has answered, and the last one only with the next; SIGUSR1 makes it
        save now (mosquitto(8), Signals).
        """
        if self.folder.name != Choice.MOSQUITTO:
            return
        assert self.broker.pid is not None
        os.kill(self.broker.pid, signal.SIGUSR1)
        async with asyncio.timeout(PATIENCE_S):
            while not contains(self.folder / "mosquitto.db", payload):  # noqa: ASYNC110 a file cannot wake us
                await asyncio.sleep(0.01)


def contains(file: Path, text: str) -> bool:
    return file.exists() and text.encode() in file.read_bytes()


class Inbox:
    """A session, what it received, and how its link fared."""

    def __init__(
        self, login: Login, client_id: str, filters: Sequence[str], window: int = 1000
    ) -> None:
        self.messages: list[Arrived] = []
        self.links: list[bool] = []
        self._changed = asyncio.Event()
        self.session = ManualAckSession(
            login,
            client_id,
            filters,
            on_messages=self._take,
            on_link=self._link,
            window=window,
        )

    @property
    def payloads(self) -> list[str]:
        return [message.payload.decode() for message in self.messages]

    async def start(self) -> "Inbox":
        async with asyncio.timeout(PATIENCE_S):
            await self.session.start()
        return self

    async def until(self, seen: Callable[[], bool]) -> None:
        """Wait for something about the messages or the link to be true."""
        async with asyncio.timeout(PATIENCE_S):
            while not seen():
                self._changed.clear()
                await self._changed.wait()

    async def count(self, messages: int) -> None:
        await self.until(lambda: len(self.messages) >= messages)

    async def stop(self) -> None:
        await self.session.stop()

    def _take(self, burst: Sequence[Arrived]) -> None:
        self.messages += burst
        self._changed.set()

    def _link(self, live: bool, reason: str) -> None:
        self.links.append(live)
        self._changed.set()
