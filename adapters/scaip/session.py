"""The SCAIP listener (SS 91100:2014, CLC/TS 50134-9) over SIP as one sans-IO session.

    MESSAGE <mrq> --> transaction (seen before? same response) --> digest --> body --> events, Emit
                                                                                        |
    202, then our MESSAGE <mrs>; or <mrs> in the waiting 200 <-- snu <-- confirm, or hold in time

Nothing a peer sends raises: what cannot be answered becomes `frame.undecodable`.
"""

from collections.abc import Mapping, Sequence

from adapters.scaip.body import Reading, read_body
from adapters.scaip.codes import Snu
from adapters.scaip.config import ScaipConfig
from adapters.scaip.events import device_subject, undecodable_event
from adapters.scaip.framing import Bad, Broken, Frame, Ping
from adapters.scaip.identity import Doorkeeper, from_user
from adapters.scaip.inbox import Inbox
from adapters.scaip.memory import Memory
from adapters.scaip.peers import is_datagram
from adapters.scaip.registrar import Registrar
from adapters.scaip.replier import Replier
from adapters.scaip.responses import CONTENT_TYPE, respond
from adapters.scaip.sip_message import SipError, SipRequest, SipResponse, parse_datagram
from adapters.scaip.streams import Streams
from adapters.scaip.transactions import ServerKey, ServerTransactions, server_key
from adapters.scaip.unproven import Unproven, unproven_events
from adapters.scaip.waiting import Answer, Waiting
from adapters.session import Close, Emit, Outcome, Output, Peer, Send, Speak
from routing.event import Event
from routing.instant import SECOND, Instant

_ALLOW = ("Allow", "MESSAGE, REGISTER, OPTIONS")
_ACCEPT = ("Accept", f"{CONTENT_TYPE}, application/xml, text/xml")
_KNOWN_METHODS = (
    "INVITE",
    "BYE",
    "CANCEL",
    "PRACK",
    "SUBSCRIBE",
    "NOTIFY",
    "PUBLISH",
    "INFO",
    "REFER",
)
_REASONS = {400: "Bad Request", 505: "Version Not Supported", 513: "Message Too Large"}


class ScaipSession:
    """One listener's conversation with all its units, a `WireSession`.

    `kept` are the values of earlier `Keep` outputs: the registered contacts.
    """

    def __init__(self, config: ScaipConfig, kept: Mapping[str, str] | None = None) -> None:
        limits = config.limits
        source = f"/adapters/scaip/{config.listener}"
        self._config = config
        self._source = source
        self._wait = int(config.confirm_wait_s * SECOND)
        self._streams = Streams(limits.connections, limits.head_octets, limits.body_octets)
        self._served = ServerTransactions(limits.transactions)
        self._registrar = Registrar(config, kept or {})
        self._door = Doorkeeper(config)
        self._memory = Memory(limits.remembered)
        self._inbox = Inbox(source, self._memory)
        self._waiting = Waiting(limits.waiting, self._wait)
        self._unproven = Unproven(limits.unproven, int(config.auth_wait_s * SECOND))
        self._replier = Replier(config, self._served, self._registrar, self._is_open)

    def opened(self, peer: Peer, at: Instant) -> Sequence[Output]:
        idle = self._streams.open(peer)
        return [] if idle is None else [*self.closed(idle, at), Close(idle)]

    def receive(self, peer: Peer, data: bytes, at: Instant) -> Sequence[Output]:
        if is_datagram(peer):
            return self._datagram(peer, data, at)
        outputs: list[Output] = []
        for frame in self._streams.feed(peer, data, at):
            outputs += self._frame(peer, frame, at)
        return outputs

    def closed(self, peer: Peer, at: Instant) -> Sequence[Output]:
        half = self._streams.close(peer)
        self._registrar.closed(peer)
        self._replier.ours.dropped(peer)
        return [] if half is None else [self._broken(half, at)]

    def confirm(self, event_id: str, outcome: Outcome, at: Instant) -> Sequence[Output]:
        return self.confirmed(event_id, outcome, None, at)

    def confirmed(
        self, event_id: str, outcome: Outcome, speak: Speak | None, at: Instant
    ) -> Sequence[Output]:
        if outcome is Outcome.DURABLE:
            self._memory.durable(event_id, speak)
        outputs: list[Output] = []
        for answer, snu in self._waiting.confirm(event_id, outcome):
            outputs += self._answered(answer, snu, at)
        return outputs

    def _answered(self, answer: Answer, snu: Snu, at: Instant) -> list[Output]:
        speak = self._inbox.speak_for(answer.reading, from_user(answer.request), at)
        return self._replier.answer(answer, snu, at, speak)

    def next_due(self) -> Instant | None:
        parts = (self._replier.ours, self._waiting, self._unproven, self._streams)
        return min((due for part in parts if (due := part.next_due()) is not None), default=None)

    def due(self, at: Instant) -> Sequence[Output]:
        outputs: list[Output] = list(self._replier.ours.due(at))
        for answer in self._waiting.due(at):
            outputs += self._replier.answer(answer, Snu.HOLD, at)
        outputs += [self._broken(half, at) for half in self._streams.due(at)]
        return outputs + [Emit(event) for event in self._unproven.due(at)]

    def _is_open(self, peer: Peer) -> bool:
        return is_datagram(peer) or peer in self._streams

    def _datagram(self, peer: Peer, data: bytes, at: Instant) -> Sequence[Output]:
        if not data.strip(b"\r\n\t \0"):
            return []
        try:
            return self._message(peer, parse_datagram(data), at)
        except SipError as error:
            return self._malformed(peer, error, data, at)

    def _frame(self, peer: Peer, frame: Frame, at: Instant) -> Sequence[Output]:
        match frame:
            case Ping():
                return [Send(peer, b"\r\n")]
            case Bad(error, raw):
                return self._malformed(peer, error, raw, at)
            case Broken(error, raw):
                return [*self._malformed(peer, error, raw, at), Close(peer)]
            case _:
                return self._message(peer, frame, at)

    def _malformed(self, peer: Peer, error: SipError, raw: bytes, at: Instant) -> list[Output]:
        outputs: list[Output] = [self._broken(Broken(error, raw), at)]
        if error.request is not None and error.request.method != "ACK":
            reason = _REASONS[error.status]
            outputs.append(respond(error.request, peer, error.status, reason))
        return outputs

    def _broken(self, broken: Broken, at: Instant) -> Emit:
        user = from_user(broken.error.request) if broken.error.request else ""
        return self._undecodable(broken.raw, str(broken.error), user, at)

    def _undecodable(self, raw: bytes, reason: str, user: str, at: Instant) -> Emit:
        subject = device_subject("", user)
        return Emit(undecodable_event(raw, reason, source=self._source, subject=subject, at=at))

    def _message(
        self, peer: Peer, message: SipRequest | SipResponse, at: Instant
    ) -> Sequence[Output]:
        if isinstance(message, SipResponse):
            self._replier.ours.answered(message.branch, message.status)
            return []
        if message.method == "ACK":
            return []
        key = server_key(peer, message)
        known = self._served.begin(key, at, self._wait)
        if known is not None:
            return [] if known.response is None else [known.response]
        if message.method == "MESSAGE":
            return self._alarm(peer, message, key, at)
        outputs = self._other(peer, message, at)
        for output in outputs:
            if isinstance(output, Send):
                self._served.finish(key, output)
        return outputs

    def _other(self, peer: Peer, request: SipRequest, at: Instant) -> list[Output]:
        if request.method == "REGISTER":
            return self._register(peer, request, at)
        if request.method == "OPTIONS":
            return [respond(request, peer, 200, "OK", headers=[_ALLOW, _ACCEPT])]
        if request.method in _KNOWN_METHODS:
            return [respond(request, peer, 405, "Method Not Allowed", headers=[_ALLOW])]
        return [respond(request, peer, 501, "Not Implemented", headers=[_ALLOW])]

    def _register(self, peer: Peer, request: SipRequest, at: Instant) -> list[Output]:
        verdict = self._door.judge(request, peer, "", at)
        if verdict.refusal is not None:
            return [verdict.refusal]
        done = self._registrar.register(peer, request, verdict.proven, at)
        send = respond(request, peer, done.status, done.reason, headers=done.headers)
        return [*done.outputs, send]

    def _alarm(self, peer: Peer, request: SipRequest, key: ServerKey, at: Instant) -> list[Output]:
        reading = read_body(request.body, self._config.codes)
        refused = self._refused(peer, request, reading, key, at)
        if refused is not None:
            return refused
        if reading.mrq is None and not _is_xml(request):
            send = respond(request, peer, 415, "Unsupported Media Type", headers=[_ACCEPT])
            self._served.finish(key, send)
            reason = f"content type {request.first('content-type')[:60]!r} is not SCAIP"
            return [self._undecodable(request.body, reason, from_user(request), at), send]
        if reading.is_answer:
            send = respond(request, peer, 200, "OK")
            self._served.finish(key, send)
            reason = "an <mrs>, which answers nothing we asked"
            return [self._undecodable(request.body, reason, from_user(request), at), send]
        mrq = reading.mrq
        style = self._config.style_for(reading.cid, mrq is not None and mrq.dialect)
        return self._take(Answer(request, peer, key, style, reading), at)

    def _take(self, answer: Answer, at: Instant) -> list[Output]:
        request, datagram = answer.request, is_datagram(answer.peer)
        taken = self._inbox.take(
            request.body, answer.reading, user=from_user(request), datagram=datagram, at=at
        )
        outputs = self._replier.accept(answer)
        outputs += [Emit(event) for event in taken.events if self._is_news(event)]
        if taken.fault is not None:
            return outputs + self._replier.answer(answer, taken.fault.snu, at)
        if not taken.needed:
            return outputs + self._answered(answer, Snu.OK, at)
        for late in self._waiting.add(answer, taken.needed, at):
            outputs += self._replier.answer(late, Snu.HOLD, at)
        return outputs

    def _refused(
        self, peer: Peer, request: SipRequest, reading: Reading, key: ServerKey, at: Instant
    ) -> list[Output] | None:
        """Return the refusal of a sender who must prove himself and has not."""
        verdict = self._door.judge(request, peer, reading.cid, at)
        if verdict.refusal is None and not verdict.proven:
            return None
        subject = device_subject(reading.cid, from_user(request))
        told = unproven_events(reading, source=self._source, subject=subject, at=at)
        if verdict.refusal is None:
            self._unproven.proven(reading.ref, told)
            return None
        self._served.finish(key, verdict.refusal)
        refuse = self._unproven.failed if verdict.is_wrong else self._unproven.challenged
        return [verdict.refusal, *map(Emit, refuse(reading.ref, told, at))]

    def _is_news(self, event: Event) -> bool:
        """An event under way is not emitted again by a resend that overtakes its answer."""
        return not self._waiting.is_awaited(event.id)


def _is_xml(request: SipRequest) -> bool:
    kind = request.first("content-type").partition(";")[0].strip().lower()
    return not kind or kind.endswith("xml") or request.body.lstrip().startswith(b"<")
