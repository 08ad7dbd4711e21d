"""What every writer keeps on the loop's side: numbers given out, futures owed, and who waits.

A writer takes a `Job` from here, makes it durable in its own way, and hands it back to `settle`, on
the loop. Sequence numbers are given out when the job is made: after a failed commit no later one
succeeds, so a number is never used twice.
"""

import asyncio
from collections.abc import Sequence
from typing import Any, NamedTuple

from hub.journal.port import Checkpoint, Cursor, Document, JournalBroken
from hub.journal.rows import Row, to_row
from routing.facts import AnyFact
from routing.instant import Instant


class Removal(NamedTuple):
    """Records up to a cursor, `limit` of the oldest at most."""

    upto: Cursor
    limit: int


class Job(NamedTuple):
    """One append, checkpoint or removal on its way, and what its future will give."""

    future: "asyncio.Future[Any]"
    result: Cursor | None
    rows: Sequence[Row] = ()
    documents: Sequence[Document] = ()
    checkpoint: Checkpoint | None = None
    remove: Removal | None = None
    renew: bool = False


class Pulse:
    """Wakes everyone who waits at the moment of the beat."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def beat(self) -> None:
        self._event.set()
        self._event = asyncio.Event()

    async def wait(self) -> None:
        await self._event.wait()


class Appends:
    """The appends of one writer that are not settled yet."""

    def __init__(self, head: Cursor, last_at: Instant) -> None:
        self.settled = Pulse()
        self._seq = head
        self._last_at = last_at
        self._closed = False
        self.broken: JournalBroken | None = None
        """Why nothing can be committed any more, once that is so."""

    def append(self, facts: Sequence[AnyFact], at: Instant, documents: Sequence[Document]) -> Job:
        """Number and encode the facts; ValueError when the clock went back."""
        if at < self._last_at:
            raise ValueError(
                f"recorded_at may not decrease: {at} after {self._last_at}; "
                "the runner passes the later of its clock and the last record"
            )
        self._last_at = at
        rows = [to_row(seq, at, fact) for seq, fact in enumerate(facts, self._seq + 1)]
        self._seq += len(rows)
        return self._owe(Job(_future(), self._seq, rows, documents))

    def checkpoint(self, checkpoint: Checkpoint) -> Job:
        """Number a checkpoint among the appends."""
        return self._owe(Job(_future(), None, checkpoint=checkpoint))

    def remove(self, upto: Cursor, limit: int) -> Job:
        """Queue a removal among the appends; ValueError where it would reach the last record."""
        if upto >= self._seq:
            raise ValueError(f"the last record stays: {upto} is not before {self._seq}")
        return self._owe(Job(_future(), None, remove=Removal(upto, limit)))

    def renew(self) -> Job:
        """Queue a renewal of the lease among the appends."""
        return self._owe(Job(_future(), None, renew=True))

    def close(self) -> None:
        """Take no more; an append after this is a mistake in the program."""
        self._closed = True

    def settle(self, jobs: Sequence[Job], broken: JournalBroken | None = None) -> None:
        """Give the jobs' futures their result, or the failure that all later ones share."""
        self.broken = self.broken or broken
        for job in jobs:
            if job.future.done():  # its caller was cancelled; the facts are durable all the same
                continue
            if self.broken is None:
                job.future.set_result(job.result)
            else:
                job.future.set_exception(self.broken)
        self.settled.beat()

    def _owe(self, job: Job) -> Job:
        if self._closed:
            raise RuntimeError("this journal is closed; whoever closed it must stop appending")
        return job


def _future() -> "asyncio.Future[Any]":
    return asyncio.get_running_loop().create_future()
