"""A device's session as a scenario file, made anonymous. Nothing is taken in that does not say the
same afterwards, or in which anything of the original still stands."""

from dataclasses import dataclass, field
from io import StringIO
from typing import Any

from ruamel.yaml import YAML

from adapters.anonymous import NotAnonymous, Pseudonyms
from adapters.fit import UNKNOWN
from adapters.protocol import Payload, Protocol, Request, Topic, Wire
from adapters.tapping import Seen
from routing.event import Event
from routing.instant import SECOND, Instant, to_datetime
from routing.kinds import Kind

_SHORTEST_LEAK = 4
"""A replaced text shorter than this stands in any frame by chance."""
_RESIDENT = "dagny"
"""Whose the recorded device is in the scenario: an invented resident of the standard town."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One payload of the recording, `at` from its beginning in microseconds."""

    at: Instant
    payload: Payload
    events: tuple[Event, ...]


@dataclass(slots=True)
class Recorder:
    """Takes in what is seen of one device."""

    protocol: Protocol
    names: Pseudonyms = field(default_factory=Pseudonyms)
    entries: list[Entry] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    """Why a stretch could not be recorded, one for each."""
    _begun_at: Instant | None = None
    _rests: dict[str, bytes] = field(default_factory=dict)

    def add(self, seen: Seen) -> int:
        """Take in what was heard; return how many payloads that gave."""
        if seen.closed:
            self._rests.pop(seen.peer, None)
        octets = self._rests.pop(seen.peer, b"") + self._heard(seen)
        if not octets:
            return 0
        # The address of a call over HTTP holds a secret and is no topic.
        topic = seen.topic if isinstance(self.protocol, Topic) else ""
        given = Payload(octets, seen.at, topic, seen.retained, judge_clock=False)
        try:
            if seen.cut:
                raise NotAnonymous("a frame that is too long to be shown whole")
            return self._take(given, seen)
        except NotAnonymous as error:
            self.refused.append(str(error))
            return 0

    def _heard(self, seen: Seen) -> bytes:
        """Return what came, before it the query of a call that may say something by it."""
        heard = bytes.fromhex(seen.heard or "")
        query = seen.topic.partition("?")[2]
        by_address = isinstance(self.protocol, Request) and "GET" in self.protocol.methods
        return f"GET /?{query}\n\n".encode() + heard if by_address and query else heard

    def _take(self, given: Payload, seen: Seen) -> int:
        if self.protocol.anonymise is None:
            raise NotAnonymous(f"{self.protocol.name}, which cannot be made anonymous yet")
        made = self.protocol.anonymise(given, self.names)
        if isinstance(self.protocol, Wire) and made.rest:
            self._rests[seen.peer] = made.rest
        whole = given.octets[: len(given.octets) - len(made.rest)]
        before = self._events(Payload(whole, given.at, given.topic, given.retained))
        after = [self._events(one) for one in made.payloads]
        self._prove(before, [event for events in after for event in events])
        for payload, events in zip(made.payloads, after, strict=True):
            self._prove_clean(payload)
            begun = self._begun_at = given.at if self._begun_at is None else self._begun_at
            self.entries.append(Entry(max(0, given.at - begun), payload, tuple(events)))
        return len(made.payloads)

    def _events(self, payload: Payload) -> list[Event]:
        if not payload.octets and not isinstance(self.protocol, Topic):
            return []
        untimed = Payload(
            payload.octets, payload.at, payload.topic, payload.retained, judge_clock=False
        )
        return list(self.protocol.decode(untimed).events)

    def _prove(self, before: list[Event], after: list[Event]) -> None:
        """The recording says the same, of nobody and nowhere. NotAnonymous otherwise."""
        if [event.type for event in before] != [event.type for event in after]:
            raise NotAnonymous("a frame that would say something else afterwards")
        if Kind.FRAME_UNDECODABLE in {event.type for event in before}:
            raise NotAnonymous("a frame that nobody can read")
        for old, new in zip(before, after, strict=True):
            place = old.data.position
            same = old.subject == new.subject and not self._is_nobodys(old.subject)
            if same or (place and place == new.data.position):
                raise NotAnonymous("a frame that still tells whose it is")
            if new.data.caller or new.data.location_text or self._names(new.data.note or ""):
                raise NotAnonymous("a number or free text")

    def _is_nobodys(self, subject: str) -> bool:
        """Whether a frame by itself names no device: after a login, or of the line itself."""
        return subject in (f"{self.protocol.prefix}:{one}" for one in (UNKNOWN, self.protocol.name))

    def _prove_clean(self, payload: Payload) -> None:
        if self._names(payload.octets.decode("latin-1") + payload.topic):
            raise NotAnonymous("a frame in which a replaced name still stands")

    def _names(self, said: str) -> bool:
        """Whether something that has been replaced stands in the text."""
        return any(len(one) >= _SHORTEST_LEAK and one in said for one in self.names.replaced)

    def to_yaml(self, title: str, source: str) -> str:
        """Return the scenario file."""
        subjects = dict.fromkeys(event.subject for one in self.entries for event in one.events)
        devices = [
            {"id": f"recorded-{n}", "name": f"Recorded {n}", "subject": s, "resident": _RESIDENT}
            for n, s in enumerate(subjects, 1)
        ]
        begun = to_datetime(self._begun_at or 0)
        content = {
            "title": title,
            "source": source,
            "start": f"{begun:%Y-%m-%d} {begun:%H:%M:%S} UTC",
            "changes": {"set": {"devices": devices}},
            "story": list(self._story()),
            "only_played": True,
        }
        out = StringIO()
        yaml = YAML()
        yaml.width = 4096
        yaml.dump(content, out)
        return out.getvalue()

    def _story(self) -> Any:
        before = 0
        for one in self.entries:
            step_s = (one.at - before) // SECOND
            before += step_s * SECOND
            kinds = ", ".join(event.type for event in one.events) or "nothing to tell"
            yield {"at": f"+{step_s} s", "text": kinds, "raw": self._raw(one.payload)}

    def _raw(self, payload: Payload) -> dict[str, Any]:
        found: dict[str, Any] = {"protocol": self.protocol.name}
        if isinstance(self.protocol, Topic):
            found["topic"] = payload.topic
            if payload.retained:
                found["retained"] = True
        binary = isinstance(self.protocol, Wire) and self.protocol.binary
        # A protocol of text may have binary frames beside it.
        if binary or not _is_text(payload.octets):
            return found | {"hex": payload.octets.hex()}
        return found | {"text": payload.octets.decode()}


def _is_text(octets: bytes) -> bool:
    try:
        return all(one.isprintable() or one in "\r\n\t" for one in octets.decode())
    except UnicodeDecodeError:
        return False
