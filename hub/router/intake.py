"""Intake: from two manual-ack MQTT sessions to the engine, and the answer after the commit.

Help, commands and configuration come on one session, telemetry on the other, so that telemetry that
waits can never hold back a press. A message is acknowledged to the broker, and confirmed to its
adapter, only when the batch that holds it is durable; the two never wait for each other.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import msgspec

from adapters.session import Outcome, Speak
from hub.kept_frames.wish import ReplayWish
from hub.mqtt import Arrived, ManualAckSession
from hub.router import parse
from hub.router.work import Work
from routing import topics
from routing.event import Event
from routing.instant import Instant
from routing.kinds import Lane

log = logging.getLogger(__name__)

Then = Callable[[], None]


def _keeps_nothing(event: Event, listener: str, body: bytes, then: Then) -> None:
    then()


def _replays_nothing(wish: ReplayWish, then: Then) -> None:
    then()


def _no_number(_: str) -> Speak | None:
    return None


@dataclass(frozen=True, slots=True)
class Intake:
    """Turns the messages of one lane into work."""

    municipality: str
    lane: Lane
    take: Callable[[Work], None]
    now: Callable[[], Instant]
    keep: Callable[[Event, str, bytes, Then], None] = _keeps_nothing
    """Keeps an unknown device's event after its commit, and then calls on (`hub.kept_frames`)."""
    replay: Callable[[ReplayWish, Then], None] = _replays_nothing
    speak: Callable[[str], Speak | None] = _no_number
    """Finds what the id of a number stands for."""

    def filters(self) -> list[str]:
        """Return the topic filters of the lane's session."""
        heard = [topics.events(self.municipality, self.lane)]
        if self.lane is Lane.HELP:
            heard += [topics.command(self.municipality), topics.configure(self.municipality)]
            heard.append(topics.replay(self.municipality))
        return heard

    def hear(self, session: ManualAckSession, message: Arrived) -> None:
        """Take one message in; it is acknowledged when it is durable."""
        try:
            if message.topic == topics.replay(self.municipality):
                self.replay(parse.replay(message.payload), lambda: _ack(session, message))
                return
            work = self._work(session, message)
        except parse.NotOurs as error:
            # Nobody waits on a lamp for this: its sender is told "not confirmed" by its own clock.
            log.error("%s: refused: %s", message.topic, error)
            session.ack(message)
            return
        self.take(work)

    def _work(self, session: ManualAckSession, message: Arrived) -> Work:
        if message.topic == topics.command(self.municipality):
            parsed = parse.command(message.payload)
        elif message.topic == topics.configure(self.municipality):
            parsed = parse.configure(message.payload)
        else:
            return self._event(session, message)
        return Work(parsed.task, self.lane, parsed.documents, done=lambda _: _ack(session, message))

    def _event(self, session: ManualAckSession, message: Arrived) -> Work:
        adapter = message.topic.rpartition("/")[2]
        parsed = parse.event(adapter, message.payload, self.now())
        work = Work(parsed.task, self.lane, parsed.documents, parsed.position)
        event_id = parsed.event
        if event_id is None:
            return replace(work, done=lambda _: _ack(session, message))
        topic = topics.confirm(self.municipality, adapter, event_id)

        def spoken(number: str | None, outcome: Outcome) -> None:
            session.ack(message)
            speak = None if number is None else self.speak(number)

            def confirm() -> None:
                session.publish(topic, _confirm(outcome, speak), qos=0)

            if parsed.heard is None:
                confirm()
            else:
                self.keep(parsed.heard, adapter, message.payload, confirm)

        updates = parsed.heard is not None and parsed.heard.data.update is True
        return replace(work, done=partial(spoken, None), updates=updates, spoken=spoken)


def _confirm(outcome: Outcome, speak: Speak | None) -> bytes:
    """Write what `adapters.bridge.hub_link.Confirm` reads."""
    said = {"outcome": outcome} if speak is None else {"outcome": outcome, "speak": speak}
    return msgspec.json.encode(said)


def _ack(session: ManualAckSession, message: Arrived) -> None:
    """Acknowledge; from before a reconnect it is not, and the broker gives the message again."""
    session.ack(message)
