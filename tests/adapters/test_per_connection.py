"""Many connections behind one listener: confirmations and due instants reach the right one."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from adapters.per_connection import PerConnection
from adapters.session import Emit, Outcome, Output, Peer, Send
from routing.event import Event, derive_id, make_event
from routing.instant import Instant
from routing.kinds import Kind


def event(name: str) -> Event:
    return make_event(
        Kind.HELP_PRESSED,
        id=derive_id(name),
        source="/adapters/test",
        subject=f"test:{name}",
        received_at=0,
    )


@dataclass
class Echo:
    """Emits an event named by what it receives; answers a confirmation; is due at a set instant."""

    peer: Peer
    wake_at: Instant | None = None
    heard: list[str] = field(default_factory=list)

    def receive(self, data: bytes, at: Instant) -> Sequence[Output]:
        self.wake_at = at + 10
        return [Emit(event(data.decode()))]

    def closed(self, at: Instant) -> Sequence[Output]:
        return [Emit(event(f"{self.peer} left"))]

    def confirm(self, event_id: str, outcome: Outcome, at: Instant) -> Sequence[Output]:
        self.wake_at = None
        return [Send(self.peer, outcome.encode())]

    def next_due(self) -> Instant | None:
        return self.wake_at

    def due(self, at: Instant) -> Sequence[Output]:
        self.wake_at = None
        return [Send(self.peer, b"late")]


def test_a_confirmation_reaches_every_connection_that_emitted_the_event_and_no_other() -> None:
    listener = PerConnection(Echo)
    for peer, said in (("a", b"x"), ("b", b"x"), ("c", b"y")):
        listener.opened(peer, 0)
        listener.receive(peer, said, 0)
    done = listener.confirm(event("x").id, Outcome.DURABLE, 1)
    assert done == [Send("a", b"durable"), Send("b", b"durable")]
    assert listener.confirm(event("x").id, Outcome.DURABLE, 1) == []
    assert listener.confirm("unknown", Outcome.DURABLE, 1) == []


def test_a_closed_connection_says_its_last_and_hears_nothing_more() -> None:
    listener = PerConnection(Echo)
    listener.receive("a", b"x", 0)
    assert listener.closed("a", 1) == [Emit(event("a left"))]
    assert listener.closed("a", 1) == ()
    assert listener.confirm(event("x").id, Outcome.DURABLE, 1) == []
    assert listener.next_due() is None


def test_only_those_whose_time_has_come_are_called() -> None:
    listener = PerConnection(Echo)
    listener.receive("a", b"x", 0)
    listener.receive("b", b"y", 5)
    listener.receive("c", b"z", 5)
    listener.confirm(event("z").id, Outcome.DURABLE, 6)
    assert listener.next_due() == 10
    assert listener.due(9) == []
    assert listener.due(10) == [Send("a", b"late")]
    assert listener.next_due() == 15
    assert listener.due(20) == [Send("b", b"late")]
    assert listener.next_due() is None
