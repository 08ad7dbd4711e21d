"""Record a difference: straight into the journal while nobody writes it, through the router while
one does. Applying again after a failure repeats only what is missing.
"""

import asyncio
import uuid
from collections.abc import Awaitable, Callable

from hub.configuration.compile import Compiled
from hub.configuration.difference import Difference, request
from hub.configuration.recorded import AUTHOR, Needed, Recorded, still_needed
from hub.journal.port import Journal
from hub.mqtt import Login, NotConfirmed, Publisher, Refused
from hub.processes.logins import login_for
from hub.processes.ready import read_run
from hub.secrets import Secrets
from hub.settings.whole import Settings
from routing import topics
from routing.instant import Instant

CONFIRM_WAIT_S = 10.0
CONNECT_WAIT_S = 5.0
Publish = Callable[[str, bytes], Awaitable[None]]
"""Hands a message (topic, payload) to the broker; BrokerAway when it cannot."""


class StillNeeded(Exception):
    """The owner of an open alarm would be removed, or whom it is about."""

    def __init__(self, needed: list[Needed]) -> None:
        super().__init__(f"an open alarm needs {', '.join(one.id for one in needed)}")
        self.needed = needed


class Unconfirmed(Exception):
    """The router did not record the difference in time; it may still do so."""


class NotRunning(Exception):
    """The journal is held, and nothing says where the holder's broker is."""


class BrokerAway(Exception):
    """The broker cannot be reached, or does not let us in."""


async def into_journal(journal: Journal, now: Recorded, found: Difference, at: Instant) -> None:
    """Append the difference. StillNeeded before anything is written."""
    _refuse_needed(now, found)
    if found:
        await journal.append(found.changes, at, found.documents)


async def through_router(
    now: Recorded,
    wanted: Compiled,
    key: bytes,
    publish: Publish,
    *,
    wait_s: float = CONFIRM_WAIT_S,
    author: str = AUTHOR,
) -> Difference:
    """Ask the running router for the difference and wait until the journal shows none.

    Returns what was recorded. StillNeeded, BrokerAway, Unconfirmed.
    """
    found = now.difference(wanted, key, author)
    _refuse_needed(now, found)
    if not found:
        return found
    topic = topics.configure(now.journal.partition)
    await publish(topic, request(uuid.uuid4().hex, found, author))
    try:
        async with asyncio.timeout(wait_s):
            async for _ in now.journal.tail(now.state.seq):
                now.catch_up()
                if not now.difference(wanted, key):
                    return found
    except TimeoutError:
        raise Unconfirmed from None
    raise Unconfirmed


def _refuse_needed(now: Recorded, found: Difference) -> None:
    if needed := still_needed(now.state, found.changes):
        raise StillNeeded(needed)


def publisher(settings: Settings, secrets: Secrets) -> Publish:
    """Return how to reach the running hub's broker. NotRunning when nothing says where it is."""
    running = read_run(settings.run_path)
    if running is None:
        raise NotRunning
    login = login_for(settings, secrets, "web") or (None, None)
    broker = Login(running.broker.host, running.broker.port, *login)

    async def publish(topic: str, payload: bytes) -> None:
        client = Publisher(broker, f"varde-apply-{uuid.uuid4().hex[:12]}")
        try:
            async with asyncio.timeout(CONNECT_WAIT_S):
                await client.start()
            try:
                await client.publish(topic, payload)
            finally:
                await client.stop()
        except TimeoutError:
            raise BrokerAway(f"{broker.host}:{broker.port} does not answer") from None
        except (Refused, NotConfirmed) as error:
            raise BrokerAway(str(error)) from error

    return publish
