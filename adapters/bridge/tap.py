"""Shows frames to somebody who looks on, for as long as they ask: otherwise nothing is published.

It comes last: what is shown is put together in a later turn of the loop, after the event of the
frame has left, and what does not fit into its bounds is counted and not shown. So it never delays a
press. Withholding an answer is the one thing it changes, and only for the worse of the device:
never is one told "received" that would not have been.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from itertools import count

import msgspec

from adapters.bridge.mqtt import Message, MqttConnection
from adapters.bridge.settings import Endpoint
from adapters.bridge.watching import Glimpse, Watching
from adapters.session import Outcome
from adapters.tapping import LONGEST, LONGEST_TEST, Seen, TapWish
from routing import topics
from routing.event import Event
from routing.instant import Instant
from routing.kinds import Lane

log = logging.getLogger(__name__)

_WISHES = 8
_PENDING = 500
"""Glimpses that wait for a later turn of the loop."""
_QUEUED = 200
"""Messages that the broker has not acknowledged."""
_EVENTS = 1000
"""Events of devices under test whose outcome may still come."""


class Tap:
    """All listeners' tap."""

    def __init__(
        self,
        endpoint: Endpoint,
        municipality: str,
        client_id: str,
        *,
        under_test: Callable[[str], bool],
        now: Callable[[], Instant],
    ) -> None:
        """`under_test` says whether a device is registered for exercise; it may read files."""
        self._seen_topic = topics.tap_seen(municipality)
        self._wish_topic = topics.tap_wish(municipality)
        self._under_test, self._now = under_test, now
        self._watching = Watching()
        self._pending: list[Glimpse] = []
        self._missed = 0
        self._numbers = count()
        self._armed: dict[str, Instant] = {}
        """Subject under test to until when its next answer is withheld."""
        self._tested: dict[str, str] = {}
        """Event id to the subject under test."""
        self._tasks: set[asyncio.Task[None]] = set()
        self._loop = asyncio.get_running_loop()
        self._connection = MqttConnection(endpoint, client_id, self, max_queued=_QUEUED)

    async def run(self) -> None:
        """Keep the connection up until cancelled."""
        await self._connection.run()

    @property
    def on(self) -> bool:
        """Whether anybody looks on."""
        return self._watching.any

    def show(self, glimpse: Glimpse) -> None:
        """Show it in a later turn of the loop, if anybody looks on then."""
        if len(self._pending) >= _PENDING:
            self._missed += 1
            return
        if not self._pending:
            self._loop.call_soon(self._show)
        self._pending.append(glimpse)

    def emitted(self, events: Sequence[Event]) -> None:
        """Remember the calls for help of a device whose next answer is to be withheld."""
        for event in events:
            armed = event.subject in self._armed
            if armed and event.treatment.lane is Lane.HELP and len(self._tested) < _EVENTS:
                self._tested[event.id] = event.subject

    def withholds(self, event_id: str, outcome: Outcome) -> bool:
        """Whether the session is to be told that this event failed. Once for each wish."""
        subject = self._tested.pop(event_id, None) if self._tested else None
        if subject is None or outcome is not Outcome.DURABLE:
            return False
        until = self._armed.pop(subject, 0)
        return self._now() < until

    def connected(self) -> None:
        self._connection.subscribe([self._wish_topic])

    def lost(self) -> None:
        """Nothing to do: a wish ends by itself."""

    def message(self, message: Message) -> None:
        if message.retained:
            return
        try:
            wish = msgspec.json.decode(message.payload, type=TapWish)
        except msgspec.DecodeError as error:
            log.error("%s: %s: run command and adapters of one version", message.topic, error)
            return
        at = self._now()
        if wish.withhold:
            self._later(self._arm(wish, min(wish.until, at + LONGEST_TEST)))
        elif at < wish.until and self._watching.add(wish, min(wish.until, at + LONGEST), _WISHES):
            self._publish(Seen(wishes=(wish.id,), at=at, listener=""))

    async def _arm(self, wish: TapWish, until: Instant) -> None:
        subject = wish.subject or ""
        if await asyncio.to_thread(self._under_test, subject):
            self._armed = {one: end for one, end in self._armed.items() if end > self._now()}
            self._armed[subject] = until
            self._publish(Seen(wishes=(wish.id,), at=self._now(), listener="", withheld=True))
        else:
            log.warning("an answer was not withheld: the device is not registered for exercise")

    def _later(self, what: Coroutine[None, None, None]) -> None:
        task = self._loop.create_task(what)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _show(self) -> None:
        pending, self._pending = self._pending, []
        for glimpse in pending:
            for seen in self._watching.seen(glimpse, self._now()):
                self._publish(seen)

    def _publish(self, seen: Seen) -> None:
        if self._missed:
            seen = msgspec.structs.replace(seen, missed=self._missed)
        key = f"tap-{next(self._numbers)}"
        body = msgspec.json.encode(seen)
        if self._connection.live and self._connection.publish(key, self._seen_topic, body):
            self._missed = 0
        else:
            self._missed += 1
