"""Two routers of one municipality: one works, the other stands by and takes over.

The working one renews its lease (`hub.journal.lease`) and ends when it cannot. The one that waits
opens the journal as soon as the other has died, or has let its lease run out although it lives; the
broker then hands it the same sessions, and cuts the old one off.
"""

import asyncio
import logging
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from hub.journal.lease import RENEW_EVERY_S, Lease, Term, Vigil
from hub.journal.port import AnotherWriter, Journal
from hub.journal.sqlite import open_reader, open_writer
from hub.notifier.channel import Attempt, Channel, Result, Send
from hub.router import clock
from routing.instant import SECOND, Instant

log = logging.getLogger(__name__)

LOOK_EVERY_S = 0.25


class LeaseOver(AnotherWriter):
    """The lease could not be renewed in time. Somebody else may write: the process must end."""


async def open_when_free(
    open_writer: Callable[[Lease | None], Journal],
    lease: Callable[[], Lease | None],
    steady: Callable[[], Instant],
    look_every_s: float = LOOK_EVERY_S,
) -> Journal:
    """Open the journal for writing; while another worker has it, wait as its standby.

    `open_writer` takes the lease that has run out and is to be taken over, None for none.
    """
    vigil, told = Vigil(), False
    while True:
        over = vigil.look(lease(), steady()) if told else None
        try:
            return open_writer(over)
        except AnotherWriter as error:
            if not told:
                log.warning("standing by: %s", error)
            told = True
        await asyncio.sleep(look_every_s)


async def open_journal(path: Path, municipality: str, stop: asyncio.Event) -> Journal | None:
    """Open the journal, now or when the worker that has it is gone; None when told to stop."""

    def lease() -> Lease | None:
        with closing(open_reader(path, municipality)) as reader:
            return reader.lease()

    def open_it(over: Lease | None) -> Journal:
        return open_writer(path, municipality, instead_of=over)

    opening = asyncio.ensure_future(open_when_free(open_it, lease, clock.steady))
    stopping = asyncio.ensure_future(stop.wait())
    await asyncio.wait((opening, stopping), return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if not opening.done():
        opening.cancel()
        return None
    return opening.result()


class Holder:
    """The working router's lease: renewed again and again, and its end kept by the clock."""

    def __init__(self, journal: Journal, steady: Callable[[], Instant]) -> None:
        self._journal, self._steady = journal, steady
        lease = journal.lease()
        self.term = Term(steady() + (0 if lease is None else lease.lasts))

    async def run(self, every_s: float = RENEW_EVERY_S) -> None:
        """Renew for ever. AnotherWriter when somebody has taken the lease, LeaseOver when it could
        not be renewed in time."""
        while True:
            asked_at = self._steady()
            renewal = self._journal.renew()
            left_s = max(0, self.term.ends_at - asked_at) / SECOND
            done, _ = await asyncio.wait((renewal,), timeout=left_s)
            if not done:
                renewal.add_done_callback(_is_too_late)
                raise LeaseOver("the lease could not be renewed in time: is the disk too slow?")
            renewal.result()
            self.term.renewed(asked_at)
            await asyncio.sleep(every_s)

    def holds(self) -> bool:
        """Whether nobody else can have the lease yet."""
        return not self.term.over(self._steady())

    def guard(self, channel: Channel) -> Channel:
        """Return the channel, silent from the moment when somebody else may have the lease."""
        return _Guarded(channel, lambda: not self.holds())


def _is_too_late(renewal: "asyncio.Future[None]") -> None:
    """What comes of it later is no news: the process ends in any case."""
    if not renewal.cancelled():
        renewal.exception()


class _Guarded:
    def __init__(self, channel: Channel, over: Callable[[], bool]) -> None:
        self._channel, self._over = channel, over

    async def attempt(self, send: Send) -> Attempt:
        if self._over():
            return Attempt(Result.AGAIN, "lease-over")
        return await self._channel.attempt(send)
