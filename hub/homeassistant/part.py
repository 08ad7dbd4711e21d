"""Keeps Home Assistant's picture of the hub up to date, beside the pages.

What was published is known from the broker itself, which is asked for every config below the hub's
own node: an entity that configuration has dropped is removed after a restart too.
"""

import asyncio
from collections.abc import Callable, Mapping
from typing import Protocol

from hub.homeassistant.discovery import Node, state_of_config
from hub.homeassistant.entities import Faults, entities
from hub.homeassistant.link import Link
from hub.journal.port import Cursor, JournalReader, Removed
from hub.mqtt.client import Login
from hub.settings.whole import HomeAssistantSettings
from routing.state import State

LOOK_EVERY_S = 5.0
"""Health is no fact, so it is looked at by the clock."""
REMOVING_S = 3.0
"""How long a hub that is switched off here listens for what it has left behind."""


class Known(Protocol):
    """What the web process knows (`hub.web.live.Live`)."""

    @property
    def journal(self) -> JournalReader: ...

    @property
    def state(self) -> State: ...

    @property
    def ready(self) -> bool: ...

    @property
    def cursor(self) -> Cursor: ...

    async def news(self, after: Cursor, timeout_s: float) -> bool: ...


class HomeAssistant:
    """One municipality's hub in Home Assistant."""

    def __init__(
        self,
        settings: HomeAssistantSettings,
        municipality: str,
        known: Known,
        health: Callable[[], Mapping[str, bool]],
        *,
        login: Login,
        client_id: str,
    ) -> None:
        self._settings, self._known, self._health = settings, known, health
        self._node = Node(settings.prefix, municipality)
        self._faults = Faults()
        self._noted: Cursor | None = None
        self._published: dict[str, bytes] = {}
        """By topic, what the broker was given on this connection."""
        self._wanted: set[str] = set()
        self._there: set[str] = set()
        """Topics of the configs that the broker has."""
        self._link = Link(
            login, client_id, self._node, on_connected=self._again, on_config=self._found
        )

    async def run(self) -> None:
        """Publish until cancelled; where it is switched off, remove what is left and return."""
        self._link.start()
        try:
            while not self._known.ready:
                await self._known.news(self._known.cursor, 0.2)
            self._look()
            if not self._settings.enabled:
                await asyncio.sleep(REMOVING_S)
                return
            while True:
                await self._known.news(self._noted or 0, LOOK_EVERY_S)
                self._look()
        finally:
            await self._link.stop(b"offline" if self._settings.enabled else b"")

    def _look(self) -> None:
        self._note()
        found = entities(self._settings, self._known.state, self._faults, self._health())
        self._wanted = {self._node.config_topic(entity) for entity in found}
        for topic in self._there - self._wanted:
            self._remove(topic)
        for entity in found:
            self._say(self._node.config_topic(entity), self._node.config(entity))
            self._say(self._node.state_topic(entity), entity.value.encode())

    def _note(self) -> None:
        """Take up the records since the last look; before the first one open alarms tell."""
        cursor = self._known.cursor
        after = cursor if self._noted is None else self._noted
        while after < cursor:
            try:
                records = self._known.journal.read(after)
            except Removed as gone:
                after = gone.start
                continue
            if not records:
                break
            self._faults.note(records)
            after = records[-1].seq
        self._noted = max(after, cursor)

    def _say(self, topic: str, payload: bytes) -> None:
        if self._published.get(topic) != payload:
            self._published[topic] = payload
            self._link.publish(topic, payload)
            if topic.endswith("/config"):
                self._there.add(topic)

    def _remove(self, config: str) -> None:
        self._there.discard(config)
        for topic in (config, state_of_config(config)):
            self._published.pop(topic, None)
            self._link.publish(topic, b"")

    def _found(self, config: str) -> None:
        self._there.add(config)
        if self._known.ready and config not in self._wanted:
            self._remove(config)

    def _again(self) -> None:
        """A broker may have forgotten everything while we were away."""
        self._published.clear()
        if self._known.ready:
            self._look()
