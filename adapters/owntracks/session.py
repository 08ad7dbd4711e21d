"""The OwnTracks codec: one message of a phone in, events out.

    location    position, with its age; a manual one (`t: u`) says so, or is a call for help
    transition  zone.entered, zone.left
    lwt         link.lost (the broker's last will), and link.restored with what comes next
    encrypted   frame.undecodable, once an hour of each phone; the others are signs of life

The dedupe key is topic and payload, the window 10 minutes: the broker may deliver a message again.
What is retained is history and no sign of life, except that a phone known to be connected is lost.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from adapters.fit import Json, fit, raw_hex, read_json
from adapters.levels import Levels, Seen, is_history
from adapters.owntracks import message as read
from adapters.owntracks.config import OwntracksConfig
from adapters.owntracks.message import Meaning
from adapters.owntracks.topics import read_topic
from adapters.recent import OncePer
from adapters.tracker import Frame as Told
from adapters.tracker import Saying, Telling, digest
from routing.event import Event, EventData
from routing.instant import DAY, HOUR, MINUTE, SECOND, Instant
from routing.kinds import Kind

PROTOCOL = "owntracks"
WINDOW = 10 * MINUTE
_STALE = 5 * MINUTE
"""A fix that was older than this when the message was made is no news of where the phone is."""
_ENCRYPTED = "encrypted: switch off the app's encryption, and use TLS to the broker"


@dataclass(frozen=True, slots=True)
class _Received:
    device: str
    told: Told
    payload: bytes
    retained: bool
    content: Mapping[str, Json]


class OwntracksSession:
    """The `TopicSession` of one broker's phones."""

    def __init__(self, config: OwntracksConfig) -> None:
        self._base = config.base_topic
        self._manual_is_help = config.manual == "help"
        self._telling = Telling(PROTOCOL, config, WINDOW)
        self._levels = Levels()
        self._encrypted = OncePer(HOUR)

    def subscriptions(self) -> Sequence[str]:
        return (f"{self._base}/#",)

    def message(self, topic: str, payload: bytes, retained: bool, at: Instant) -> Sequence[Event]:
        about = read_topic(self._base, topic)
        if about is None or not about.heard or not payload:
            return ()
        told = Told(about.device, (topic, digest(payload)), at)
        try:
            content = read_json(payload)
        except ValueError as error:
            return self._unreadable(f"not JSON: {error}", told, payload, retained)
        if not isinstance(content, dict):
            return self._unreadable("not a JSON object", told, payload, retained)
        received = _Received(about.device, told, payload, retained, content)
        return self._telling.events(self._sayings(received), told)

    def _unreadable(self, what: str, told: Told, payload: bytes, retained: bool) -> list[Event]:
        return self._telling.events([_undecodable(what, payload, retained)], told)

    def _sayings(self, received: _Received) -> Iterator[Saying]:
        kind = str(received.content.get("_type"))
        if kind in read.PASSED_OVER:
            return
        if kind == "lwt":
            yield from self._lost(received)
            return
        yield from self._back(received)
        if kind == "location":
            yield from self._location(received)
        elif kind == "transition":
            yield from self._transition(received)
        elif kind == "encrypted":
            yield from self._hidden(received)
        else:
            unknown = read.unknown_type(received.content)
            for code in self._telling.new_codes([unknown.code], received.told):
                data = EventData(code=code, note=unknown.note)
                yield Saying(unknown.kind, data, history=received.retained)

    def _lost(self, received: _Received) -> Iterator[Saying]:
        """The time of a last will is when the app first connected, so it is not told."""
        seen = self._levels.observe(received.device, "link", "lost")
        if seen is not Seen.SAME:
            history = is_history(Kind.LINK_LOST, seen, retained=received.retained)
            yield Saying(Kind.LINK_LOST, EventData(code="_type=lwt"), history=history)

    def _back(self, received: _Received) -> Iterator[Saying]:
        if received.retained:
            return
        was_lost = self._levels.known(received.device, "link") == "lost"
        self._levels.observe(received.device, "link", "there")
        if was_lost:
            yield Saying(Kind.LINK_RESTORED, EventData(code="link=there"))

    def _location(self, received: _Received) -> Iterator[Saying]:
        content = received.content
        fixed, made = read.instant(content, "tst"), read.instant(content, "created_at")
        when = made if made is not None else fixed
        old = received.retained or self._telling.is_buffered(when, received.told.at)
        place, battery = read.position(content), read.battery(content)
        manual = content.get("t") == read.MANUAL
        happened = [meaning for meaning in (read.trigger(content),) if meaning is not None]
        if manual and self._manual_is_help and not _is_worn_out(received, when):
            happened.append(Meaning(Kind.HELP_PRESSED, "t=u", "published by hand"))
        for kind, code, note, _ in happened:
            data = EventData(code=code, note=note, battery_pct=battery, position=place)
            yield Saying(kind, data, when, old)
        yield from self._clock(when, old, received)
        if place is None:
            yield _undecodable("a location without a place on earth", received.payload, old)
            return
        age_s = None if made is None or fixed is None else (made - fixed) / SECOND
        stale = age_s is not None and age_s * SECOND > _STALE
        data = EventData(
            code="t=u" if manual else None,
            note="an old fix" if stale else None,
            battery_pct=battery,
            position=place,
            duration_s=age_s if stale else None,
        )
        yield Saying(Kind.POSITION_REPORTED, data, fixed, old or stale)

    def _transition(self, received: _Received) -> Iterator[Saying]:
        when = read.instant(received.content, "tst")
        old = received.retained or self._telling.is_buffered(when, received.told.at)
        kind, code, note, part = read.transition(received.content)
        place = read.position(received.content)
        data = EventData(code=code, note=note, part=part, position=place)
        yield Saying(kind, data, when, old)
        yield from self._clock(when, old, received)

    def _clock(self, when: Instant | None, old: bool, received: _Received) -> Iterator[Saying]:
        wrong = None if old else self._telling.wrong_clock(when, received.told)
        if wrong is not None:
            yield Saying(Kind.CLOCK_WRONG, wrong, when)

    def _hidden(self, received: _Received) -> Iterator[Saying]:
        told = received.told
        if self._encrypted.first(told.device, by=told.key, at=told.at):
            yield _undecodable(_ENCRYPTED, received.payload, received.retained)
        elif not received.retained:
            yield Saying(Kind.DEVICE_ALIVE, EventData(code="_type=encrypted"))


def _is_worn_out(received: _Received, when: Instant | None) -> bool:
    """Say whether a press is only what the broker repeats at each of our subscriptions."""
    return received.retained and when is not None and received.told.at - when > DAY


def _undecodable(what: str, payload: bytes, old: bool) -> Saying:
    data = EventData(note=fit(what, 300), raw=raw_hex(payload))
    return Saying(Kind.FRAME_UNDECODABLE, data, history=old)
