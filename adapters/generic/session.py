"""The generic codec: one MQTT message in, events by the mappings of the patterns it matches."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from adapters.fit import Json, fit, raw_hex, read_json, subject
from adapters.generic.config import GenericConfig, TopicMapping
from adapters.generic.pattern import match, subscription
from adapters.levels import Levels, Redeliveries, Seen, is_history
from adapters.mapped import Saying, sayings
from adapters.mapping import items, text_at
from adapters.recent import RecentIds
from routing.event import Event, EventData, derive_id, make_event
from routing.instant import SECOND, Instant
from routing.kinds import KINDS, Kind, KindClass

PROTOCOL = "generic"
SUBJECT = "mqtt"
MOST_ITEMS = 100
"""Items of one message; a list of more is read so far and told to be too long."""


@dataclass(frozen=True, slots=True)
class _Message:
    topic: str
    payload: bytes
    retained: bool
    at: Instant
    place: str = ""
    """Of an item of a list its number."""


class GenericSession:
    """The `TopicSession` of one device-side broker."""

    def __init__(self, config: GenericConfig) -> None:
        self._topics = config.topics
        self._source = f"/adapters/{PROTOCOL}/{config.id}"
        self._ids = RecentIds(config.dedupe_window_s * SECOND)
        self._levels = Levels()
        self._redeliveries = Redeliveries()

    def subscriptions(self) -> Sequence[str]:
        return tuple(dict.fromkeys(subscription(topic.topic) for topic in self._topics))

    def message(self, topic: str, payload: bytes, retained: bool, at: Instant) -> Sequence[Event]:
        message = _Message(topic, payload, retained, at)
        found = ((mapping, match(mapping.topic, topic)) for mapping in self._topics)
        matching = [(mapping, named) for mapping, named in found if named is not None]
        if not payload or not matching:
            return ()
        try:
            value = read_json(payload)
        except ValueError as error:
            device = matching[0][1].get("device")
            return (self._undecodable(f"the payload is not JSON: {error}", device, message),)
        return tuple(
            event
            for mapping, named in matching
            for event in self._all(mapping, named.get("device"), value, message)
        )

    def _all(
        self, topic: TopicMapping, device: str | None, value: Json, message: _Message
    ) -> Iterator[Event]:
        found = items(topic.mapping, value)
        if not found or len(found) > MOST_ITEMS:
            fault = f"{topic.mapping.each!r} is a list of {len(found)} items, not 1 to {MOST_ITEMS}"
            yield self._undecodable(fault, device, message)
        for number, item in enumerate(found[:MOST_ITEMS]):
            place = "" if topic.mapping.each is None else f"{number}"
            part = replace(message, place=place)
            yield from self._read(topic, device, item, part)

    def _read(
        self, topic: TopicMapping, device: str | None, value: Json, message: _Message
    ) -> Sequence[Event]:
        device = device or text_at(value, topic.mapping.device)
        if device is None:
            fault = f"there is no device id at {topic.mapping.device!r}"
            return (self._undecodable(fault, None, message),)
        told = sayings(topic.mapping, value, message.at)
        repeat = text_at(value, topic.mapping.dedupe)
        if topic.says == "edge":
            return [
                self._event(saying, device, repeat, message, history=message.retained)
                for saying in told
            ]
        return self._level(topic, device, told, repeat, message)

    def _level(
        self,
        topic: TopicMapping,
        device: str,
        told: Sequence[Saying],
        repeat: str | None,
        message: _Message,
    ) -> Sequence[Event]:
        """A level that did not change is only a sign of life, and retained not even that."""
        place = f"{topic.topic}\n{message.topic}\n{message.place}"
        changes = self._levels.changes(device)
        again = self._redeliveries.again(place, message.payload, changes, message.at)
        if again is not None:
            return again if message.retained else [*again, *self._alive(device, told, message)]
        value = tuple((saying.kind, saying.data.code) for saying in told)
        seen = self._levels.observe(device, place, value)
        if seen is Seen.SAME:
            return [] if message.retained or not told else self._alive(device, told, message)
        events = tuple(
            self._event(
                saying,
                device,
                repeat,
                message,
                history=is_history(saying.kind, seen, retained=message.retained),
            )
            for saying in told
        )
        changes = self._levels.changes(device)
        self._redeliveries.remember(place, message.payload, changes, message.at, events)
        return events

    def _alive(self, device: str, told: Sequence[Saying], message: _Message) -> Sequence[Event]:
        """A repeated sample is told as it is: it carries a measurement, not a state."""
        samples = [saying for saying in told if _is_sample(saying.kind)]
        alive = Saying(Kind.DEVICE_ALIVE, told[0].data, told[0].occurred_at)
        return [
            self._event(saying, device, None, message, history=False)
            for saying in samples or [alive]
        ]

    def _event(
        self,
        saying: Saying,
        device: str,
        repeat: str | None,
        message: _Message,
        *,
        history: bool,
    ) -> Event:
        said = (device, saying.kind, saying.data.code)
        digest = hashlib.blake2b(message.payload, digest_size=16).hexdigest()
        return make_event(
            saying.kind,
            id=derive_id(self._source, message.topic, *said, digest, message.at, *message.place)
            if repeat is None
            else self._ids.id_for(self._source, *said, repeat, *message.place, at=message.at),
            source=self._source,
            subject=subject(SUBJECT, device),
            received_at=message.at,
            occurred_at=saying.occurred_at,
            history=history,
            data=saying.data,
        )

    def _undecodable(self, fault: str, device: str | None, message: _Message) -> Event:
        digest = hashlib.blake2b(message.payload, digest_size=16).hexdigest()
        return make_event(
            Kind.FRAME_UNDECODABLE,
            id=derive_id(self._source, message.topic, digest, message.at),
            source=self._source,
            subject=subject(SUBJECT, device),
            received_at=message.at,
            data=EventData(note=fit(fault, 300), raw=raw_hex(message.payload)),
        )


def _is_sample(kind: Kind) -> bool:
    return KINDS[kind].kind_class is KindClass.SAMPLE
