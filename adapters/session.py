"""What a protocol is to the rest of Varde: a session without I/O.

A session turns what arrives into outputs, and answers a device only when the hub has confirmed that
the event is durable (invariant 1). It never reads a clock and never sleeps: the bridge passes `at`,
asks `next_due()` and calls `due(at)` when that instant has come. Three shapes exist, because
devices reach us in three ways:

- `WireSession`     sockets: SCAIP over SIP, EV-07B (`adapters/bridge/sockets.py`)
- `TopicSession`    MQTT of the device side: Zigbee2MQTT, generic mapping
(`adapters/bridge/topics.py`)
- `RequestSession`  HTTP: signed webhook, OsmAnd (`adapters/bridge/requests.py`)

A session never raises for what a peer sends: bad input is an output (a reply, or an event of kind
`frame.undecodable` / `code.unknown`), because nothing is dropped (invariant 3).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, runtime_checkable

from routing.event import Event
from routing.instant import Instant
from routing.to_device import ToDevice

Peer = str
"""`udp:127.0.0.1:5070`, or `tcp:127.0.0.1:40112#7` where 7 counts connections of this listener;
`tls:` likewise."""


class Outcome(StrEnum):
    """What became of an emitted event."""

    DURABLE = "durable"
    """Committed to the journal: the device may be told so."""
    BUSY = "busy"
    """Journalled, yet nobody can be reached: the device should try its second receiver."""
    FAILED = "failed"
    """Could not be handed to the broker, or the hub refused it: never answer "ok"."""


@dataclass(frozen=True, slots=True)
class Speak:
    """Through what one speaks with the resident of an alarm, as its policy says."""

    number: str
    """A telephone number, `+47 00 00 00 00`."""


@dataclass(frozen=True, slots=True)
class Emit:
    """Publish this event; the bridge calls `confirm(event.id, ...)` when the hub has answered."""

    event: Event


@dataclass(frozen=True, slots=True)
class Send:
    """Write these octets to the peer. A peer that is gone is reported by `closed`, not here."""

    peer: Peer
    data: bytes


@dataclass(frozen=True, slots=True)
class Close:
    """Close the connection to the peer after what was sent before has left."""

    peer: Peer


@dataclass(frozen=True, slots=True)
class Keep:
    """Keep a small value over restarts (a registered contact); None forgets it."""

    key: str
    value: str | None


@dataclass(frozen=True, slots=True)
class Publish:
    """Publish on the device-side broker (topic sessions only)."""

    topic: str
    payload: bytes
    retain: bool = False
    qos: int = 1
    """0 for what must not be done late: neither we nor the broker keep it for a device that is
    away."""


Output = Emit | Send | Close | Keep
TopicOutput = Emit | Publish


class WireSession(Protocol):
    """One listener's conversation with all its peers, over datagrams or streams."""

    def opened(self, peer: Peer, at: Instant) -> Sequence[Output]:
        """A stream connection was accepted. Never called for datagrams."""

    def receive(self, peer: Peer, data: bytes, at: Instant) -> Sequence[Output]:
        """A datagram, or the next octets of a stream, cut anywhere."""

    def closed(self, peer: Peer, at: Instant) -> Sequence[Output]:
        """The stream connection ended, whoever ended it."""

    def confirm(self, event_id: str, outcome: Outcome, at: Instant) -> Sequence[Output]:
        """The hub answered for an emitted event. Unknown ids are ignored: answers may be late."""

    def next_due(self) -> Instant | None:
        """When `due` wants to be called; None when nothing is waited for."""

    def due(self, at: Instant) -> Sequence[Output]:
        """Time has come: retransmit, answer hold/busy, give up a transaction."""


@runtime_checkable
class SpeakingWire(Protocol):
    """A wire session whose devices can be told through what they are spoken with."""

    def confirmed(
        self, event_id: str, outcome: Outcome, speak: Speak | None, at: Instant
    ) -> Sequence[Output]:
        """As `WireSession.confirm`, in its place."""


@runtime_checkable
class ToldWire(Protocol):
    """A wire session whose devices can be told something: a panel that shows who has accepted."""

    def told(self, message: ToDevice, at: Instant) -> Sequence[Output]:
        """The hub wants a device to do something, or says how far its alarm has come.

        May come twice; a command that has expired is not begun.
        """


@runtime_checkable
class ToldTopics(Protocol):
    """A topic session whose devices can be told something: a lock."""

    def told(self, message: ToDevice, at: Instant) -> Sequence[TopicOutput]:
        """As `ToldWire.told`; what it publishes goes to the device-side broker."""


class TopicSession(Protocol):
    """A codec over device-side MQTT. The bridge acknowledges a message when all its events are
    durable, so there is nothing to answer here."""

    def subscriptions(self) -> Sequence[str]:
        """The MQTT topic filters to subscribe to, QoS 1."""

    def message(self, topic: str, payload: bytes, retained: bool, at: Instant) -> Sequence[Event]:
        """The events of one message, none for what is only chatter."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer: status code and a short plain text."""

    status: int
    text: str


@dataclass(frozen=True, slots=True)
class Accepted:
    """Events of a request, and the answer it gets when all of them are durable (else 503)."""

    events: Sequence[Event]
    answer: Answer


@dataclass(frozen=True, slots=True)
class Call:
    """One HTTP request to a listener."""

    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes
    method: str = "POST"
    path: str = ""
    """What stands behind `/webhook/<listener>/`, decoded."""
    query: str = ""
    """What stands behind the question mark, as sent."""


@runtime_checkable
class HearsLink(Protocol):
    """A topic session that tells when its devices cannot be heard at all: their broker is away."""

    def link(self, up: bool, at: Instant) -> Sequence[Event]:
        """The broker has been away for long, or is back after that."""


class RequestSession(Protocol):
    """A codec over HTTP."""

    def request(self, call: Call, at: Instant) -> Accepted | Answer:
        """Read one request; an `Answer` alone refuses it."""
