"""The conversation with one nurse-call system.

REQ.LOGIN    -> RSP.LOGIN with a session          REQ.S-CONDITION, REQ.HEARTBEAT -> RSP 200
REQ.P-START  -> (hub) RSP 200, IND.P-STARTED      every event of it is durable
             -> 450 of a call that is durable; 407 without login; 500, 503 when it is not stored
REQ.P-STOP   -> (hub) RSP 200, IND.P-ENDED
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from adapters.espax.clients import Client, Clients
from adapters.espax.config import EspaXConfig
from adapters.espax.frame import BadHeader, Frame, FrameReader, frame
from adapters.espax.login import Passwords, believed
from adapters.espax.message import INVALID, Message, Unreadable, read_messages
from adapters.espax.pending import Pending, Request
from adapters.espax.processes import Process, Processes
from adapters.espax.tell import Teller, reference_of, room_of
from adapters.espax.writing import (
    BAD_HEADER,
    DUPLICATE,
    FORBIDDEN,
    NOBODY,
    NOT_LOGGED_IN,
    NOT_STORED,
    OK,
    failure,
    response,
)
from adapters.help_first import is_call
from adapters.session import Close, Emit, Outcome, Output, Peer, Send
from routing.event import Event
from routing.instant import SECOND, Instant
from routing.kinds import Kind

_CUT_AFTER = 30 * SECOND
_ANYBODY = "anybody"
Undecodable = Callable[[Peer, bytes, str, Instant], list[Event]]
"""What is told of octets that cannot be read."""


@dataclass(frozen=True, slots=True)
class Shared:
    """What the connections of a listener have in common."""

    config: EspaXConfig
    passwords: Passwords
    teller: Teller
    processes: Processes
    clients: Clients
    undecodable: Undecodable


class Conversation:
    """A `ConnectionSession`."""

    def __init__(self, peer: Peer, shared: Shared) -> None:
        self._peer, self._config, self._passwords = peer, shared.config, shared.passwords
        self._teller, self._processes = shared.teller, shared.processes
        self._clients, self._undecodable = shared.clients, shared.undecodable
        self._reader = FrameReader()
        self._pending = Pending(shared.config.answer_within_s * SECOND)
        self._client: Client | None = None
        self._cut_due: Instant | None = None

    def receive(self, data: bytes, at: Instant) -> Sequence[Output]:
        outputs = [one for piece in self._reader.feed(data) for one in self._piece(piece, at)]
        if not self._reader.waiting:
            self._cut_due = None
        elif self._cut_due is None:
            self._cut_due = at + _CUT_AFTER
        return outputs

    def closed(self, at: Instant) -> Sequence[Output]:
        self._clients.left(self._peer)
        outputs = [one for piece in self._reader.give_up() for one in self._piece(piece, at)]
        return [one for one in outputs if isinstance(one, Emit)]

    def confirm(self, event_id: str, outcome: Outcome, at: Instant) -> Sequence[Output]:
        if outcome is Outcome.BUSY:
            return [self._answer(one, NOBODY, at) for one in self._pending.drop(event_id)]
        if outcome is not Outcome.DURABLE:
            return []  # its time runs out, and then it is refused
        outputs: list[Output] = []
        for request in self._pending.durable(event_id):
            outputs += self._done(request, at)
        return outputs

    def next_due(self) -> Instant | None:
        dues = (self._pending.next_due(), self._cut_due)
        return min((due for due in dues if due is not None), default=None)

    def due(self, at: Instant) -> Sequence[Output]:
        late = [self._answer(one, NOT_STORED, at) for one in self._pending.due(at)]
        if self._cut_due is None or self._cut_due > at:
            return late
        self._cut_due = None
        return [*late, *(one for bad in self._reader.give_up() for one in self._piece(bad, at))]

    def _piece(self, piece: Frame | BadHeader, at: Instant) -> list[Output]:
        if isinstance(piece, BadHeader):
            told = self._undecodable(self._peer, piece.octets, piece.reason, at)
            refused = self._send(bytes(4), failure(BAD_HEADER, at))
            return [*map(Emit, told), refused, Close(self._peer)]
        read = read_messages(piece.xml)
        if isinstance(read, Unreadable):
            told = self._undecodable(self._peer, piece.xml, read.reason, at)
            return [*map(Emit, told), self._send(piece.number, failure(read.code, at))]
        return [one for message in read for one in self._message(piece.number, message, at)]

    def _message(self, number: bytes, message: Message, at: Instant) -> list[Output]:
        request = Request(number, message)
        handlers = {
            "REQ.LOGIN": self._login,
            "REQ.LOGOUT": self._logout,
            "REQ.P-START": self._start,
            "REQ.P-STOP": self._stop,
            "REQ.S-CONDITION": self._alive,
            "REQ.HEARTBEAT": self._alive,
        }
        if message.name in handlers:
            return handlers[message.name](request, at)
        if not message.name.startswith("REQ."):
            return []  # answers and indications of the other side ask for nothing
        why = f"a request that is not known here: {message.name}"
        told = self._undecodable(self._peer, message.name.encode(), why, at)
        return [*map(Emit, told), self._send(number, failure(INVALID, at))]

    def _alive(self, request: Request, at: Instant) -> list[Output]:
        return [self._answer(request, OK if self._may_speak else NOT_LOGGED_IN, at)]

    def _logout(self, request: Request, at: Instant) -> list[Output]:
        self._client = None
        self._clients.left(self._peer)
        return [self._answer(request, OK, at), Close(self._peer)]

    @property
    def _may_speak(self) -> bool:
        return self._client is not None or not self._config.require_login

    def _login(self, request: Request, at: Instant) -> list[Output]:
        user = request.message.text("LI-USER")
        given = request.message.text("LI-PASSWORD")
        if self._config.require_login and not believed(self._passwords, user, given):
            return [self._answer(request, FORBIDDEN, at)]
        self._client = self._clients.entered(user.casefold() or _ANYBODY, self._peer)
        server = [("LI-SERVER", "Varde")]
        return [self._answer(request, OK, at, server), *self._clients.catch_up(self._client, at)]

    def _start(self, request: Request, at: Instant) -> list[Output]:
        message = request.message
        if not self._may_speak:
            event = self._teller.started(message, at, proven=False)
            told = [Emit(event)] if is_call(event.type) else []
            return [*told, self._answer(request, NOT_LOGGED_IN, at)]
        reference = reference_of(message)
        if self._processes.get(reference) is not None:
            return [self._answer(request, DUPLICATE, at, [("CP-PR-REF", reference)])]
        event = self._teller.started(message, at)
        request.process = Process(reference, room_of(message), event.id, self._user, event.type)
        return self._wait(request, [event, self._teller.unknown_priority(message, at)], at)

    def _stop(self, request: Request, at: Instant) -> list[Output]:
        if not self._may_speak:
            return [self._answer(request, NOT_LOGGED_IN, at)]
        reference = reference_of(request.message)
        strange = Process(reference, "", "", self._user, Kind.CALL_RAISED)
        request.process = process = self._processes.get(reference) or strange
        return self._wait(request, [self._teller.stopped(process, at)], at)

    def _wait(self, request: Request, found: list[Event | None], at: Instant) -> list[Output]:
        events = [event for event in found if event is not None]
        told: list[Output] = [Emit(event) for event in events]
        fits = self._pending.wait(request, {event.id for event in events}, at)
        return told if fits else [*told, self._answer(request, NOT_STORED, at)]

    def _done(self, request: Request, at: Instant) -> list[Output]:
        process = request.process
        if process is None:
            return []
        answer = self._answer(request, OK, at, [("CP-PR-REF", process.reference)])
        if request.message.name == "REQ.P-STOP":
            ended = self._clients.ended(self._peer, self._client, process, "Client", at)
            return [*self._processes.end(process.reference), answer, ended]
        begun = self._processes.begin(process)
        started = self._clients.started(self._peer, self._client, process, at)
        return [*begun, answer, started, *self._clients.tell(process, at)]

    @property
    def _user(self) -> str:
        return self._client.user if self._client else _ANYBODY

    def _answer(
        self, request: Request, code: int, at: Instant, more: Sequence[tuple[str, str]] = ()
    ) -> Send:
        session = self._client.session if self._client else None
        return self._send(request.number, response(request.message, session, code, at, more))

    def _send(self, number: bytes, xml: str) -> Send:
        return Send(self._peer, frame(number, xml))
