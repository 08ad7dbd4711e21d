"""Sessions for the bridge's tests: `press N` in, `OUTCOME N` out, when the hub has answered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from adapters.session import (
    Accepted,
    Answer,
    Call,
    Close,
    Emit,
    Keep,
    Outcome,
    Output,
    Peer,
    Publish,
    Send,
    TopicOutput,
)
from routing.event import Event, make_event
from routing.instant import SECOND, Instant
from routing.kinds import Kind
from routing.to_device import DeviceCommand, ToDevice

KINDS = {"press": Kind.HELP_PRESSED, "motion": Kind.MOTION_DETECTED}


def said(message: ToDevice) -> str:
    """Return a word for what the hub tells, and its id."""
    if isinstance(message, DeviceCommand):
        return f"{message.action} {message.id}"
    return f"{message.phase} {message.event}"


def read(words: str, at: Instant) -> Event:
    """Read `press 7` or `motion 7`; the number is the event's id."""
    kind, _, number = words.partition(" ")
    return make_event(
        KINDS[kind],
        id=f"{int(number):032x}",
        source="/adapters/fake/alarm",
        subject="fake:1",
        received_at=at,
    )


@dataclass
class LineSession:
    """A line a message. `keep WORD`, `bye`, `broken`, `big` and `to PEER` do what they say."""

    kept: Mapping[str, str]
    waiting: dict[str, list[Peer]] = field(default_factory=dict)
    story: list[str] = field(default_factory=list)
    due_at: Instant | None = None

    def opened(self, peer: Peer, at: Instant) -> Sequence[Output]:
        self.story.append(f"opened {peer}")
        return ()

    def receive(self, peer: Peer, data: bytes, at: Instant) -> Sequence[Output]:
        words = data.decode().strip()
        command, _, rest = words.partition(" ")
        match command:
            case "keep":
                return Keep("word", rest), Send(peer, b"kept\n")
            case "kept":
                return (Send(peer, f"{self.kept.get('word')}\n".encode()),)
            case "bye":
                return Send(peer, b"bye\n"), Close(peer)
            case "big":
                return (Send(peer, bytes(int(rest))),)
            case "to":
                return Send(rest, b"hello\n"), Send(peer, b"sent\n")
            case "wait":
                self.due_at = at + int(rest) * SECOND // 1000
                self.waiting["due"] = [peer]
                return ()
            case "broken":
                raise KeyError(rest)
        event = read(words, at)
        self.waiting.setdefault(event.id, []).append(peer)
        return (Emit(event),)

    def closed(self, peer: Peer, at: Instant) -> Sequence[Output]:
        self.story.append(f"closed {peer}")
        return ()

    def confirm(self, event_id: str, outcome: Outcome, at: Instant) -> Sequence[Output]:
        line = f"{outcome} {int(event_id, 16)}\n".encode()
        return [Send(peer, line) for peer in self.waiting.pop(event_id, ())]

    def told(self, message: ToDevice, at: Instant) -> Sequence[Output]:
        lines = [line for line in self.story if line.startswith("opened tcp")]
        return [Send(line.split()[1], f"{said(message)}\n".encode()) for line in lines]

    def next_due(self) -> Instant | None:
        return self.due_at

    def due(self, at: Instant) -> Sequence[Output]:
        due_at, self.due_at = self.due_at, None
        assert due_at is not None
        assert at >= due_at
        return [Send(peer, b"due\n") for peer in self.waiting.pop("due", ())]


class TopicLines:
    """One event a line of the payload; a payload without a line is chatter."""

    def subscriptions(self) -> Sequence[str]:
        return ("home/#",)

    def message(self, topic: str, payload: bytes, retained: bool, at: Instant) -> Sequence[Event]:
        return [read(line, at) for line in payload.decode().splitlines()]

    def told(self, message: ToDevice, at: Instant) -> Sequence[TopicOutput]:
        return Publish("set/door", said(message).encode()), Emit(read("press 9", at))


class RequestLines:
    """One event a line of the body; an empty body is refused. GET tells what came."""

    def request(self, call: Call, at: Instant) -> Accepted | Answer:
        if call.method == "GET":
            return Answer(200, f"{call.path}|{call.query}")
        if not call.body:
            return Answer(400, "empty")
        events = [read(line, at) for line in call.body.decode().splitlines()]
        return Accepted(events, Answer(202, f"took {len(events)}"))
