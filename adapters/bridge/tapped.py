"""Sessions with the tap on them: they do as before, and what passes is shown where anybody looks
on. The bridge's runners know nothing of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from adapters.bridge.settings import BridgeSettings
from adapters.bridge.tap import Tap
from adapters.bridge.watching import Glimpse
from adapters.session import (
    Accepted,
    Answer,
    Call,
    Emit,
    Outcome,
    Output,
    Peer,
    Publish,
    RequestSession,
    Send,
    Speak,
    SpeakingWire,
    ToldTopics,
    ToldWire,
    TopicOutput,
    TopicSession,
    WireSession,
)
from routing.event import Event
from routing.instant import Instant
from routing.to_device import ToDevice


def tapped(bridge: BridgeSettings, tap: Tap) -> BridgeSettings:
    """Return the settings with the tap on every session."""
    return replace(
        bridge,
        wires=tuple(replace(w, session=_wire(w.id, w.session, tap)) for w in bridge.wires),
        topics=tuple(replace(t, session=_topics(t.id, t.session, tap)) for t in bridge.topics),
        requests=tuple(
            replace(r, session=TappedRequests(r.id, r.session, tap)) for r in bridge.requests
        ),
    )


def _wire(
    listener: str, make: Callable[[Mapping[str, str]], WireSession], tap: Tap
) -> Callable[[Mapping[str, str]], WireSession]:
    def session(kept: Mapping[str, str]) -> WireSession:
        inner: object = make(kept)
        more = [m for shape, m in _WIRE if isinstance(inner, shape)]
        found: WireSession = type("TappedWire", (*more, TappedWire), {})(listener, inner, tap)
        return found

    return session


def _topics(listener: str, inner: TopicSession, tap: Tap) -> TopicSession:
    kind = TappedTold if isinstance(inner, ToldTopics) else TappedTopics
    return kind(listener, inner, tap)


class TappedWire:
    """A `WireSession` with the tap on it."""

    def __init__(self, listener: str, inner: Any, tap: Tap) -> None:
        self._listener, self._inner, self._tap = listener, inner, tap

    def opened(self, peer: Peer, at: Instant) -> Sequence[Output]:
        return self._passed(self._inner.opened(peer, at), at, peer=peer, opened=True)

    def receive(self, peer: Peer, data: bytes, at: Instant) -> Sequence[Output]:
        return self._passed(self._inner.receive(peer, data, at), at, peer=peer, heard=data)

    def closed(self, peer: Peer, at: Instant) -> Sequence[Output]:
        return self._passed(self._inner.closed(peer, at), at, peer=peer, closed=True)

    def confirm(self, event_id: str, outcome: Outcome, at: Instant) -> Sequence[Output]:
        told, withheld = self._outcome(event_id, outcome)
        outputs = self._inner.confirm(event_id, told, at)
        return self._passed(outputs, at, event=event_id, outcome=told, withheld=withheld)

    def next_due(self) -> Instant | None:
        due: Instant | None = self._inner.next_due()
        return due

    def due(self, at: Instant) -> Sequence[Output]:
        return self._passed(self._inner.due(at), at)

    def _outcome(self, event_id: str, outcome: Outcome) -> tuple[Outcome, bool]:
        withheld = self._tap.withholds(event_id, outcome)
        return (Outcome.FAILED if withheld else outcome), withheld

    def _passed(self, outputs: Sequence[Output], at: Instant, **about: Any) -> Sequence[Output]:
        """Show what happened, what was understood, and what each peer is sent."""
        if not self._tap.on:
            return outputs
        events = tuple(one.event for one in outputs if isinstance(one, Emit))
        self._tap.emitted(events)
        if about or events:
            self._tap.show(Glimpse(at, self._listener, events=events, **about))
        for one in outputs:
            if isinstance(one, Send):
                self._tap.show(Glimpse(at, self._listener, one.peer, answered=one.data))
        return outputs


class _Told(TappedWire):
    def told(self, message: ToDevice, at: Instant) -> Sequence[Output]:
        return self._passed(self._inner.told(message, at), at)


class _Speaking(TappedWire):
    def confirmed(
        self, event_id: str, outcome: Outcome, speak: Speak | None, at: Instant
    ) -> Sequence[Output]:
        told, withheld = self._outcome(event_id, outcome)
        outputs = self._inner.confirmed(event_id, told, speak, at)
        return self._passed(outputs, at, event=event_id, outcome=told, withheld=withheld)


_WIRE = ((ToldWire, _Told), (SpeakingWire, _Speaking))


class TappedTopics:
    """A `TopicSession` with the tap on it."""

    def __init__(self, listener: str, inner: Any, tap: Tap) -> None:
        self._listener, self._inner, self._tap = listener, inner, tap

    def subscriptions(self) -> Sequence[str]:
        found: Sequence[str] = self._inner.subscriptions()
        return found

    def message(self, topic: str, payload: bytes, retained: bool, at: Instant) -> Sequence[Event]:
        events: Sequence[Event] = self._inner.message(topic, payload, retained, at)
        if self._tap.on:
            said = Glimpse(at, self._listener, topic=topic, retained=retained, heard=payload)
            self._tap.show(replace(said, events=tuple(events)))
        return events


class TappedTold(TappedTopics):
    """A `ToldTopics` session with the tap on it."""

    def told(self, message: ToDevice, at: Instant) -> Sequence[TopicOutput]:
        outputs: Sequence[TopicOutput] = self._inner.told(message, at)
        for one in outputs if self._tap.on else ():
            if isinstance(one, Publish):
                said = Glimpse(at, self._listener, topic=one.topic, answered=one.payload)
                self._tap.show(said)
        return outputs


class TappedRequests:
    """A `RequestSession` with the tap on it."""

    def __init__(self, listener: str, inner: RequestSession, tap: Tap) -> None:
        self._listener, self._inner, self._tap = listener, inner, tap

    def request(self, call: Call, at: Instant) -> Accepted | Answer:
        read = self._inner.request(call, at)
        if self._tap.on:
            self._tap.show(self._glimpse(call, read, at))
        return read

    def _glimpse(self, call: Call, read: Accepted | Answer, at: Instant) -> Glimpse:
        """A refused request is answered now; another one when its events are durable."""
        address = "?".join(part for part in (call.path, call.query) if part)
        said = Glimpse(at, self._listener, topic=address, heard=call.body)
        if isinstance(read, Answer):
            return replace(said, answered=f"{read.status} {read.text}".encode())
        return replace(said, events=tuple(read.events))
