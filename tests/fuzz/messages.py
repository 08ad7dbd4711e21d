"""Drives sessions behind a broker, and those that are called over HTTP."""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from random import Random

from adapters.protocol import Request
from adapters.protocols import PROTOCOLS
from adapters.session import (
    Accepted,
    Answer,
    Call,
    Emit,
    Publish,
    RequestSession,
    ToldTopics,
    TopicOutput,
    TopicSession,
)
from routing.instant import SECOND, Instant
from tests.fuzz.sites import SECRET
from tests.fuzz.source import Frame, Source
from tests.fuzz.tally import Tally, Violation
from tests.fuzz.told import OFTEN, Hub

_BINARY = ("/state/conn",)
"""Ends of topics that carry protobuf as well as JSON: a few octets may be some by chance."""
_ELSEWHERE = ("", "/", "x", "x/y/z", "é/\ufffd", "a/b/c/d/e/f/g/h", "$SYS/broker")


class TopicDrive:
    """One session behind a broker."""

    def __init__(self, name: str, session: TopicSession, random: Random, tally: Tally) -> None:
        self._session, self._random, self._tally = session, random, tally
        self._hub = Hub(random)
        self._source = Source(name, random, session.subscriptions())
        self.last = self._source.frame(noise=True)

    def step(self, at: Instant) -> None:
        """Publish one message."""
        self.last = frame = self._source.frame(noise=self._random.random() < 0.5)
        topic = frame.row.topic
        if self._random.random() < 0.1:
            topic = self._odd(topic)
        retained = self._random.random() < 0.2
        events = self._session.message(topic, frame.octets, retained, at)
        self._tally.note(events)
        for event in events:
            self._hub.hear(event)
        if isinstance(self._session, ToldTopics) and self._random.random() < OFTEN:
            self._told(self._session.told(self._hub.message(at), at))
        if not events and not frame.noise:
            self._tally.quiet += 1
        if not events and self._must_be_told(frame, topic):
            raise Violation(f"noise on {topic} was dropped unseen")

    def finish(self, at: Instant) -> None:
        """Nothing is left over."""

    def _told(self, outputs: Sequence[TopicOutput]) -> None:
        for output in outputs:
            match output:
                case Emit(event=event):
                    self._tally.note((event,))
                case Publish(topic=str(topic), payload=bytes()) if not set(topic) & set("+#\0"):
                    self._tally.replies += 1
                case _:
                    raise Violation(f"{output!r} is no output")

    def _odd(self, topic: str) -> str:
        parts = topic.split("/")
        parts[self._random.randrange(len(parts))] = self._random.choice(_ELSEWHERE)
        return "/".join(parts)

    def _must_be_told(self, frame: Frame, topic: str) -> bool:
        """Noise where a device is heard, unless it happens to be a value: a digit is JSON."""
        heard = topic == frame.row.topic and bool(frame.row.events) and not topic.endswith(_BINARY)
        return heard and frame.noise and not _is_json(frame.octets)


class RequestDrive:
    """One session that is called over HTTP."""

    def __init__(self, name: str, session: RequestSession, random: Random, tally: Tally) -> None:
        protocol = PROTOCOLS[name]
        assert isinstance(protocol, Request)
        self._session, self._random, self._tally = session, random, tally
        self._methods = protocol.methods
        self._name = name
        self._source = Source(name, random)
        self._number = 0
        self.last = self._source.frame(noise=True)

    def step(self, at: Instant) -> None:
        """Call once."""
        self.last = frame = self._source.frame(noise=self._random.random() < 0.5)
        believed = self._random.random() < 0.9
        answer = self._session.request(self._call(frame, at, believed=believed), at)
        match answer:
            case Accepted(events=events, answer=Answer(status=int(), text=str())):
                self._tally.note(events)
                if not events and frame.noise:
                    raise Violation("a call that says nothing was accepted without an event")
                self._tally.quiet += not events
            case Answer(status=status, text=str()) if status >= 400 or not frame.noise:
                pass
            case _:
                raise Violation(f"{answer!r} is no refusal")
        self._tally.replies += 1

    def finish(self, at: Instant) -> None:
        """Nothing is left over."""

    def _call(self, frame: Frame, at: Instant, *, believed: bool) -> Call:
        self._number += 1
        if self._name == "webhook":
            return Call(_signed(frame.octets, self._number, at, believed=believed), frame.octets)
        if self._name == "generic-http":
            token = SECRET if believed else "somebody"
            return Call({"authorization": f"Bearer {token}"}, frame.octets)
        path = SECRET if believed else "somebody"
        text = frame.octets.decode("utf-8", "replace")
        if "GET" in self._methods and (frame.noise or text.startswith(("GET", "POST"))):
            query = text.partition("?")[2] or text
            return Call({}, b"", method="GET", path=path, query=query)
        return Call({}, frame.octets, path=path)


def _signed(body: bytes, number: int, at: Instant, *, believed: bool) -> Mapping[str, str]:
    """Standard Webhooks: HMAC-SHA256 over `<id>.<timestamp>.<body>`."""
    id, when = f"msg_{number}", str(at // SECOND)
    mac = hmac.new(SECRET.encode(), f"{id}.{when}.".encode() + body, hashlib.sha256).digest()
    signature = base64.b64encode(mac if believed else mac[::-1]).decode()
    return {"webhook-id": id, "webhook-timestamp": when, "webhook-signature": f"v1,{signature}"}


def _is_json(octets: bytes) -> bool:
    try:
        json.loads(octets)
    except ValueError:
        return False
    return True
