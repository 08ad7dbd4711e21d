"""The way to the hub and back: events out on two lanes, and what the hub says became of them.

Each lane is an MQTT connection of its own with its own bound, so that telemetry can neither delay a
press nor take its place (invariant 9). An event waits for its confirm, which the hub publishes
after the commit; a broker's PUBACK is no answer, because a broker may lose what it has taken.

What happens when something is full or away:

- lane full                        FAILED at once; where another device waits with more, its newest
                                   event instead, so that one that floods fails by itself
- a flood of telemetry             a few at a time go to the broker, the rest wait here within the
                                   bound: a broker that syncs each message would make presses wait.
                                   Each device in turn (`turns.py`)
- broker away                      queued up to the bound; the event still arrives later
- broker back                      what has no confirm is published again under the same id: a
                                   broker that was killed may have lost what it had acknowledged
- no confirm in `confirm_wait_s`   FAILED; a late confirm is ignored
- the same id again                published again (the hub confirms again), unless it is still on
                                   its way; everybody who waits for it is answered
"""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol

import msgspec

from adapters.bridge.mqtt import Message, MqttConnection
from adapters.bridge.settings import Endpoint, LinkLimits
from adapters.bridge.turns import Published, Turns
from adapters.session import Outcome, Speak
from routing import topics
from routing.event import Event
from routing.kinds import Lane

log = logging.getLogger(__name__)


class OnOutcome(Protocol):
    """Called once with the event id, from the event loop, never from inside `emit`."""

    def __call__(self, event_id: str, outcome: Outcome, speak: Speak | None = None, /) -> None: ...


class Confirm(msgspec.Struct, frozen=True):
    """The JSON on the confirm topic."""

    outcome: Outcome
    speak: Speak | None = None
    """How one speaks with the resident, where the step of the event's alarm names a number."""


_FAILED = Confirm(Outcome.FAILED)
_REPORT_S = 60


@dataclass(slots=True)
class _Waiting:
    event_id: str
    expiry: asyncio.TimerHandle
    answers: list[OnOutcome] = field(default_factory=list)


class _LaneLink:
    """One lane: its connection, and who waits for which confirm topic."""

    def __init__(
        self,
        lane: Lane,
        endpoint: Endpoint,
        municipality: str,
        adapters: Sequence[str],
        *,
        bound: int,
        at_broker: int,
        wait_s: float,
        client_id: str,
    ) -> None:
        self._lane = lane
        self._municipality = municipality
        self._filters = [topics.confirms(municipality, adapter) for adapter in adapters]
        self._bound = bound
        self._at_broker = at_broker
        self._sent: dict[str, tuple[str, bytes]] = {}
        """By the topic of the confirm that is waited for, the event that has been published."""
        self._held = Turns()
        self._wait_s = wait_s
        self._waiting: dict[str, _Waiting] = {}
        self._refused = 0
        self._quiet_until = 0.0
        self._loop = asyncio.get_running_loop()
        self.connection = MqttConnection(endpoint, client_id, self, max_queued=bound)

    def emit(self, adapter: str, event: Event, on_outcome: OnOutcome) -> None:
        key = topics.confirm(self._municipality, adapter, event.id)
        topic = topics.event(self._municipality, self._lane, adapter)
        full = key not in self._waiting and not self._room_for(event.subject)
        if full or not self._publish_or_hold(event.subject, key, (topic, event.to_json())):
            self._refuse(event.id, on_outcome)
            return
        self._wait(key, event.id, on_outcome)

    def _room_for(self, subject: str) -> bool:
        if len(self._waiting) < self._bound:
            return True
        crowding = self._held.to_give_way(subject)
        if crowding is not None:
            self._count_refused()
            self._settle(crowding, _FAILED)
        return crowding is not None

    def _publish_or_hold(self, subject: str, key: str, what: Published) -> bool:
        """Publish, or hold until one that was published before has its answer."""
        if key not in self._sent and len(self._sent) >= self._at_broker:
            self._held.put(subject, key, what)
            return True
        published = self.connection.publish(key, *what)
        if published:
            self._sent[key] = what
        return published

    def _publish_held(self) -> None:
        while self._held and len(self._sent) < self._at_broker:
            key, what = self._held.first()
            if not self.connection.publish(key, *what):
                return  # its wait ends by itself
            self._held.taken(key)
            self._sent[key] = what

    def connected(self) -> None:
        """Publish again what has no answer: a broker that died may have lost what it had taken."""
        self.connection.subscribe(self._filters)
        for key, (topic, payload) in self._sent.items():
            self.connection.publish(key, topic, payload)

    def lost(self) -> None:
        """Nothing to do: waits go on, because the broker may be back within them."""

    def message(self, message: Message) -> None:
        if message.topic in self._waiting:
            self._settle(message.topic, _confirm_of(message))

    def _wait(self, key: str, event_id: str, on_outcome: OnOutcome) -> None:
        expiry = self._loop.call_later(self._wait_s, self._settle, key, _FAILED)
        if waiting := self._waiting.get(key):
            waiting.expiry.cancel()
            waiting.expiry = expiry
        else:
            waiting = self._waiting[key] = _Waiting(event_id, expiry)
        if on_outcome not in waiting.answers:
            waiting.answers.append(on_outcome)

    def _settle(self, key: str, confirm: Confirm) -> None:
        waiting = self._waiting.pop(key)
        waiting.expiry.cancel()
        for answer in waiting.answers:
            self._loop.call_soon(partial(answer, waiting.event_id, confirm.outcome, confirm.speak))
        self._sent.pop(key, None)
        self._held.drop(key)
        self._publish_held()

    def _refuse(self, event_id: str, on_outcome: OnOutcome) -> None:
        self._count_refused()
        self._loop.call_soon(on_outcome, event_id, Outcome.FAILED)

    def _count_refused(self) -> None:
        self._refused += 1
        now = self._loop.time()
        if now < self._quiet_until:
            return
        log.error(
            "%s lane full: %d events wait for the hub; %d were refused, their devices get no "
            "positive answer",
            self._lane,
            len(self._waiting),
            self._refused,
        )
        self._refused, self._quiet_until = 0, now + _REPORT_S


def _confirm_of(message: Message) -> Confirm:
    try:
        return msgspec.json.decode(message.payload, type=Confirm)
    except msgspec.DecodeError:
        log.error("the hub's confirm cannot be read: run hub and adapters of the same version")
        return _FAILED


class HubLink:
    """Both lanes. `emit` never waits and never raises; the outcome comes by callback."""

    def __init__(
        self,
        endpoint: Endpoint,
        municipality: str,
        adapters: Sequence[str],
        limits: LinkLimits,
        client_id: str,
    ) -> None:
        """`adapters` are the listeners' ids, whose confirms are subscribed to."""
        bounds = {
            Lane.HELP: (limits.help_outstanding, limits.help_outstanding),
            Lane.TELEMETRY: (limits.telemetry_outstanding, limits.telemetry_at_broker),
        }
        self._lanes = {
            lane: _LaneLink(
                lane,
                endpoint,
                municipality,
                adapters,
                bound=bound,
                at_broker=at_broker,
                wait_s=limits.confirm_wait_s,
                client_id=f"{client_id}-{lane}",
            )
            for lane, (bound, at_broker) in bounds.items()
        }

    def emit(self, adapter: str, event: Event, on_outcome: OnOutcome) -> None:
        """Publish on the lane of the event's kind; `on_outcome` is called exactly once, or not
        again while it already waits for the same event."""
        self._lanes[event.treatment.lane].emit(adapter, event, on_outcome)

    async def run(self) -> None:
        """Keep both connections up until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            for lane in self._lanes.values():
                tasks.create_task(lane.connection.run())
