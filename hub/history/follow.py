"""History follows the journal: from its own position, in batches of one commit each, in a thread.

The journal is its queue: whatever goes wrong, it goes on from where it was, and the journal is not
cut before it has.
"""

import asyncio
import logging
import sqlite3
import threading

from hub.history.sqlite import History, digest
from hub.journal.port import JournalReader, Removed

log = logging.getLogger(__name__)

POLL_S = 1.0
AGAIN_S = 30.0
"""After a failed commit (a full disk): the pages go on meanwhile."""


class Follower:
    """Brings one history along."""

    def __init__(self, journal: JournalReader, history: History) -> None:
        self._journal, self._history = journal, history
        self._turn = threading.Lock()
        self._closed = False
        self._known = False
        """Whether the journal is the one that the history was read from."""

    def step(self) -> int:
        """Take up some records, and return how many; 0 when the journal holds no more."""
        with self._turn:
            return 0 if self._closed else self._step()

    def _step(self) -> int:
        if not self._known:
            self._history.complete(self._journal.start())
            self._recognise()
            self._known = True
        position = self._history.position
        try:
            records = self._journal.read(position)
        except Removed as gone:
            log.error(
                "history has read up to record %d, and the journal begins after %d: what lies "
                "between is not in history. Was the history's file restored from a backup?",
                position,
                gone.start,
            )
            self._history.skip(gone.start)
            return gone.start - position
        if records:
            self._history.take(records)
        return len(records)

    async def run(self) -> None:
        """Follow until cancelled."""
        while True:
            try:
                taken = await asyncio.to_thread(self.step)
            except sqlite3.OperationalError as error:
                log.error("history cannot be written (%s): the journal is kept meanwhile", error)
                await asyncio.sleep(AGAIN_S)
                continue
            if taken == 0:
                await asyncio.sleep(POLL_S)

    def close(self) -> None:
        """Let go of both; a batch that a thread has begun is committed first."""
        with self._turn:
            self._closed = True
            self._history.close()
            self._journal.close()

    def _recognise(self) -> None:
        """A journal restored from a backup has other records under the same numbers."""
        position, start = self._history.position, self._journal.start()
        if position <= start or not self._history.last:
            return
        there = self._journal.read(position - 1, 1)
        self._history.event = there[0] if there else None
        if not there or digest(there[0]) != self._history.last:
            log.error(
                "the journal is another one than history was read from (restored from a backup?): "
                "history is read anew from record %d on",
                start + 1,
            )
            self._history.forget(start)
