"""What comes in, as the hub's intake would read it: canonical events, payloads and commands."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from itertools import count

from adapters.protocol import Payload
from adapters.protocols import PROTOCOLS
from adapters.session import Outcome
from hub.router import parse
from hub.router.work import Work
from hub.scenario.model import EventEntry, RawEntry
from hub.scenario.story import Story
from hub.scenario.times import NoSuchTime
from routing.event import Event, EventData, Position, derive_id, make_event
from routing.instant import SECOND, Instant, from_rfc3339
from routing.kinds import Kind, Lane

ADAPTER = "scenario"


@dataclass(frozen=True, slots=True)
class Incoming:
    """A message on its way to the hub."""

    lane: Lane
    read: Callable[[Instant], parse.Parsed]
    subject: str = ""
    kind: Kind | None = None

    def work(self, at: Instant, done: Callable[[Outcome], None]) -> Work:
        """Return the message as the intake reads it at the instant."""
        parsed = self.read(at)
        return Work(parsed.task, self.lane, parsed.documents, parsed.position, done)


def from_event(event: Event) -> Incoming:
    """Return a canonical event on its way."""
    body = event.to_json()
    lane = event.treatment.lane
    return Incoming(lane, lambda at: parse.event(ADAPTER, body, at), event.subject, event.type)


def events(
    story: Story, entry: EventEntry, key: str, at: Instant, numbers: "count[int]"
) -> Iterator[tuple[Instant, Event]]:
    """Yield each message of the entry with how much later it comes."""
    kind = Kind.DEVICE_ALIVE if key == "alive" else entry.kind
    who = subjects(story, entry)
    apart = (entry.over or 0) * SECOND // max(1, len(who) - 1) if entry.over else 0
    for turn in _turns(story, entry, at):
        for index, subject in enumerate(who):
            later = turn + index * apart
            number = entry.id or f"n{next(numbers)}"
            event = _event(story, entry, kind, subject=subject, at=at + later, number=number)
            for _ in range(entry.times):
                yield later, event


def subjects(story: Story, entry: EventEntry) -> list[str]:
    """Return the subjects that an entry means: one, or all whose device id fits its pattern."""
    if entry.subject is not None:
        numbers = range(1, entry.count + 1)
        return [entry.subject.replace("{n}", str(number)) for number in numbers]
    every: dict[str, str] = {}
    for town in (story.town, *story.towns.values()):
        every.update(town.subjects)
    pattern = entry.device or entry.devices or ""
    return [subject for id, subject in every.items() if fnmatchcase(id, pattern)]


def _turns(story: Story, entry: EventEntry, at: Instant) -> Iterator[Instant]:
    yield 0
    if entry.every is None or entry.until is None:
        return
    until, step = story.calendar.resolve(entry.until, at), entry.every * SECOND
    yield from range(step, until - at + 1, step)


def _event(
    story: Story, entry: EventEntry, kind: Kind, *, subject: str, at: Instant, number: str
) -> Event:
    where = entry.position
    data = EventData(
        code=entry.code,
        reference=entry.reference,
        part=entry.part,
        level=entry.level,
        position=None if where is None else Position(lat=where.lat, lon=where.lon),
    )
    return make_event(
        kind,
        id=derive_id("scenario", subject, kind, number),
        source=f"/adapters/{subject.partition(':')[0]}/{ADAPTER}",
        subject=subject,
        received_at=at,
        occurred_at=occurred(story, entry, at),
        sequence=entry.sequence,
        history=entry.history,
        data=data,
    )


def occurred(story: Story, entry: EventEntry, at: Instant) -> Instant | None:
    """Return what the device's clock shows, None when it says nothing. ValueError: no time."""
    if entry.occurred_at is None:
        return None
    try:
        return story.calendar.resolve(entry.occurred_at, at)
    except NoSuchTime:
        return from_rfc3339(entry.occurred_at)


def raw(entry: RawEntry, at: Instant) -> Sequence[Event]:
    """Return what the protocol's adapter makes of a payload, received at the instant."""
    payload = bytes.fromhex(entry.hex) if entry.hex else str(entry.text).encode()
    given = Payload(payload, at, topic=entry.topic or "", retained=entry.retained)
    return PROTOCOLS[entry.protocol].decode(given).events


def command(body: bytes) -> Incoming:
    """Return a person's command on its way."""
    return Incoming(Lane.HELP, lambda _at: parse.command(body))
