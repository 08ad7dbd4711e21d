"""Runs a `TopicSession` on a device-side broker: a message is acknowledged when it is durable.

The broker keeps a QoS 1 message until then, so a bridge that dies gets it again. While the bridge
lives it offers a failed event to the hub again by itself, under the same id, which a redelivery
could not promise. QoS 0 messages are treated the same, yet nothing outside this process remembers
them: what was not durable when the process dies is gone (named in the quality ledger).
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field

from adapters.bridge.crash import Crash
from adapters.bridge.mqtt import Message, MqttConnection
from adapters.bridge.settings import TopicListener
from adapters.bridge.sockets import Emitter
from adapters.session import Emit, HearsLink, Outcome, Publish, Speak, ToldTopics
from routing.event import Event
from routing.instant import Instant
from routing.to_device import ToDevice

log = logging.getLogger(__name__)


@dataclass(slots=True, eq=False)
class _Pending:
    """A message whose events are not all durable."""

    message: Message
    void: bool = False
    """The connection it came by has ended: the broker delivers it again, this one is over."""
    events: dict[str, Event] = field(default_factory=dict)
    """By id, those that are not durable yet."""


class TopicRunner:
    """One listener's connection to its devices' broker."""

    def __init__(
        self,
        client_id: str,
        listener: TopicListener,
        emit: Emitter,
        now: Callable[[], Instant],
        crash: Crash,
    ) -> None:
        self._listener = listener
        self._emit = emit
        self._now = now
        self._crash = crash
        self._pending: set[_Pending] = set()
        self._by_mid: dict[int, _Pending] = {}
        self._loop = asyncio.get_running_loop()
        self._waiting: asyncio.TimerHandle | None = None
        """Until the broker counts as away."""
        self._told_away = False
        self._connection = MqttConnection(
            listener.broker, f"{client_id}-{listener.id}", self, persistent=True
        )

    async def run(self) -> None:
        """Keep the connection up until cancelled."""
        self._away_soon()
        try:
            await self._connection.run()
        finally:
            if self._waiting is not None:
                self._waiting.cancel()

    @property
    def hears(self) -> bool:
        """Whether the session's devices can be told something."""
        return isinstance(self._listener.session, ToldTopics)

    def told(self, message: ToDevice) -> bool:
        """Pass on what the hub says to a device; False while its broker is away."""
        session = self._listener.session
        if not isinstance(session, ToldTopics):
            return True
        if not self._connection.live:
            return False
        with self._crash.guard(self._listener.id):
            outputs = session.told(message, self._now())
        for output in outputs:
            match output:
                case Emit(event):
                    self._emit(self._listener.id, event, _is_said)
                case Publish(topic, payload, retain, qos):
                    self._connection.send(topic, payload, retain, qos)
        return True

    def connected(self) -> None:
        self._connection.subscribe(list(self._listener.session.subscriptions()))
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None
        if self._told_away:
            self._tell_link(True)

    def lost(self) -> None:
        """Forget what the broker will deliver again; its old message ids are void."""
        for pending in self._by_mid.values():
            pending.void = True
            self._pending.discard(pending)
        self._by_mid.clear()
        self._read_or_wait()
        self._away_soon()

    def _away_soon(self) -> None:
        if self._waiting is None and not self._told_away:
            grace_s = self._listener.link_grace_s
            self._waiting = self._loop.call_later(grace_s, self._tell_link, False)

    def _tell_link(self, up: bool) -> None:
        """Tell a session that hears of it that the broker is away, or back after that."""
        self._waiting, self._told_away = None, not up
        session = self._listener.session
        if isinstance(session, HearsLink):
            with self._crash.guard(self._listener.id):
                events = session.link(up, self._now())
            for event in events:
                self._until_durable(event)

    def _until_durable(self, event: Event) -> None:
        def heard(_event_id: str, outcome: Outcome, _: Speak | None = None, /) -> None:
            if outcome is Outcome.FAILED:
                self._loop.call_later(self._listener.retry_pause_s, self._until_durable, event)

        self._emit(self._listener.id, event, heard)

    def message(self, message: Message) -> None:
        # Some brokers repeat an unacknowledged message within a connection: it is being seen to.
        if message.qos and message.mid in self._by_mid:
            return
        with self._crash.guard(self._listener.id):
            events = self._listener.session.message(
                message.topic, message.payload, message.retained, self._now()
            )
        pending = _Pending(message, events={event.id: event for event in events})
        if not pending.events:
            self._acknowledge(message)
            return
        self._pending.add(pending)
        if message.qos:
            self._by_mid[message.mid] = pending
        self._read_or_wait()
        for event in events:
            self._offer(pending, event)

    def _offer(self, pending: _Pending, event: Event) -> None:
        def heard(event_id: str, outcome: Outcome, _: Speak | None = None, /) -> None:
            self._heard(pending, event_id, outcome)

        if not pending.void:
            self._emit(self._listener.id, event, heard)

    def _heard(self, pending: _Pending, event_id: str, outcome: Outcome) -> None:
        event = pending.events.get(event_id)
        if pending.void or event is None:
            return
        if outcome is Outcome.FAILED:
            self._loop.call_later(self._listener.retry_pause_s, self._offer, pending, event)
            return
        # BUSY is journalled too; a broker has no second receiver to try.
        del pending.events[event_id]
        if not pending.events:
            self._done(pending)

    def _done(self, pending: _Pending) -> None:
        self._pending.discard(pending)
        if pending.message.qos:
            del self._by_mid[pending.message.mid]
        self._acknowledge(pending.message)
        self._read_or_wait()

    def _acknowledge(self, message: Message) -> None:
        if message.qos:
            self._connection.ack(message.mid)

    def _read_or_wait(self) -> None:
        full = len(self._pending) >= self._listener.in_flight
        if full and not self._connection.paused:
            log.warning(
                "listener %s: %d messages wait for the hub; its broker keeps the rest",
                self._listener.id,
                len(self._pending),
            )
            self._connection.pause()
        elif not full and self._connection.paused:
            self._connection.resume()


def _is_said(_event_id: str, _outcome: Outcome, _speak: Speak | None = None, /) -> None:
    """Nobody waits: when the answer to a command is lost, the hub's own wait for it ends."""
