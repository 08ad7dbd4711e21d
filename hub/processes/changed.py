"""Starts the adapters again when the journal names other listeners than they were started with."""

import asyncio
import logging

from hub.configuration.documents import ADAPTERS
from hub.journal.port import JournalReader
from hub.processes.listeners import configured, device_topics
from hub.processes.own_broker import has_own_broker
from hub.processes.supervisor import Process
from hub.settings.whole import Settings

log = logging.getLogger(__name__)
LOOK_EVERY_S = 1.0
"""One small read of a local database; whoever has applied a change looks for its effect."""


class Restarter:
    """Looks at the listeners' document; ending the adapters is enough, for the supervisor starts
    again whatever ends. An embedded broker's access list was made from it at start."""

    def __init__(self, journal: JournalReader, adapters: Process, settings: Settings) -> None:
        self._journal, self._adapters, self._settings = journal, adapters, settings
        self._known = journal.document(*ADAPTERS)
        self._allowed = self._topics()

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            now = self._journal.document(*ADAPTERS)
            if now != self._known:
                self._known = now
                log.warning("the configured listeners have changed: starting the adapters again")
                self._tell_topics()
                await self._adapters.stop(self._settings.drain_s)
            await asyncio.sleep(LOOK_EVERY_S)

    def _tell_topics(self) -> None:
        new = self._topics() - self._allowed
        if new and self._settings.broker.embedded is not None:
            topics = ", ".join(sorted(new))
            log.error("devices may use %s on the hub's own broker only after a restart", topics)

    def _topics(self) -> set[str]:
        entries = configured(self._journal)
        return set(
            device_topics([one for one in entries if not has_own_broker(self._settings, one.id)])
        )
