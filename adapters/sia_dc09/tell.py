"""From the content of a frame to canonical events.

Ids derive from account, sequence, a digest of the data, the place in the frame and the kind: a
frame sent again within 5 minutes gives the same events, whatever time it carries, because a panel
stamps a repeat anew. Sequence 0 counts nothing, so there the time belongs to the key. A sign of
life is a new one each time.
"""

import hashlib
from dataclasses import dataclass

from adapters.fit import fit, raw_hex, subject
from adapters.help_first import help_first, is_call
from adapters.recent import OncePer, RecentIds
from adapters.sia_dc09.blocks import Block
from adapters.sia_dc09.codes import Meaning
from adapters.sia_dc09.content import Content, texts_of
from adapters.sia_dc09.frame import Frame
from routing.event import Event, EventData, derive_id, make_event
from routing.instant import DAY, HOUR, MINUTE, SECOND, Instant, to_rfc3339
from routing.kinds import Kind

PROTOCOL = "sia-dc09"
WINDOW = 5 * MINUTE
MOST_TOLD = 32
"""Events of one frame, help first; the rest is one event with their number."""
_NO_DATA = Content(None, "")


@dataclass(frozen=True, slots=True)
class Told:
    """Who says it, in which frame, and when it came."""

    frame: Frame
    content: Content
    account: str | None
    at: Instant

    @property
    def key(self) -> tuple[object, ...]:
        """What a repeat has in common with its first sending."""
        digest = _digest(repr((self.frame.id, self.content.data, self.content.xdata)))
        counted = self.frame.sequence.strip("0")
        return (self.account, self.frame.sequence, digest, "" if counted else self.content.stamp)


class Teller:
    """Makes the events of one listener."""

    def __init__(self, listener: str) -> None:
        self._source = f"/adapters/{PROTOCOL}/{listener}"
        self._ids = RecentIds(WINDOW)
        self._clocks = OncePer(HOUR)
        self._codes = OncePer(DAY)
        self._strangers = OncePer(HOUR)

    def blocks(self, told: Told, blocks: list[Block]) -> list[Event]:
        """Return an event for each block, help first where there are too many."""
        return self._told(told, list(enumerate(blocks)), None, "")

    def calls(
        self, told: Told, blocks: list[Block], note: str, *, proven: bool = False
    ) -> list[Event]:
        """Return the calls for help only, of a frame that is not believed otherwise. Those that are
        not proven have ids of their own: a forged press never absorbs a true one."""
        calls = [(n, block) for n, block in enumerate(blocks) if is_call(block.meaning.kind)]
        return self._told(told, calls, note, "" if proven else "unproven")

    def _told(
        self, told: Told, places: list[tuple[int, Block]], note: str | None, apart: str
    ) -> list[Event]:
        kept, left = help_first(places, lambda one: one[1].meaning.kind, MOST_TOLD)
        events = [
            self._block(told, (place, apart), block, note)
            for place, block in kept
            if block.meaning.kind is not Kind.CODE_UNKNOWN or self._is_news(told, block)
        ]
        if left:
            rest = Meaning(Kind.CODE_UNKNOWN, "too many codes in one frame")
            more = Block(f"{left} more in one frame", rest)
            events.append(self._block(told, (MOST_TOLD, apart), more, note))
        return events

    def alive(self, told: Told) -> list[Event]:
        """Return the sign of life of a link test, with the position where there is one."""
        kind = Kind.POSITION_REPORTED if told.content.position else Kind.DEVICE_ALIVE
        data = EventData(code=told.frame.id, position=told.content.position)
        event_id = derive_id(PROTOCOL, *told.key, kind, told.at)
        return [self._event(kind, event_id, told, data)]

    def unknown_id(self, told: Told) -> list[Event]:
        """Return the event of a format that is not read."""
        block = Block(f"id={told.frame.id}", Meaning(Kind.CODE_UNKNOWN, "format not supported"))
        return [self._block(told, (0, ""), block, None)] if self._is_news(told, block) else []

    def wrong_clock(self, told: Told, codes: str) -> list[Event]:
        """Return the clock's fault, once an hour for an account and what its frame said."""
        if not self._clocks.first(told.account, codes, by=told.key, at=told.at):
            return []
        stamp = told.content.stamp
        said = "no time" if stamp is None else to_rfc3339(stamp)
        note = f"the panel's clock says {said}, ours {to_rfc3339(told.at)}"
        off_s = None if stamp is None else (stamp - told.at) / SECOND
        data = EventData(note=note, code=fit(codes, 64) or None, duration_s=off_s)
        return [self._event(Kind.CLOCK_WRONG, self._id(told, Kind.CLOCK_WRONG, codes), told, data)]

    def not_encrypted(self, told: Told, codes: str) -> list[Event]:
        """Return the event of a plain frame under an account that has a key, once an hour."""
        if not self._strangers.first(told.account, codes, by=told.key, at=told.at):
            return []
        note = "not encrypted, though the account has a key: check the panel's encryption"
        data = EventData(note=note, code=fit(codes, 64) or None)
        event_id = self._id(told, Kind.DEVICE_UNKNOWN, codes)
        return [self._event(Kind.DEVICE_UNKNOWN, event_id, told, data)]

    def undecodable(
        self, raw: bytes, reason: str, account: str | None, at: Instant, code: str = ""
    ) -> Event:
        """Return the visible trace of octets that could not be read, or not be trusted."""
        name = subject(PROTOCOL, account)
        return make_event(
            Kind.FRAME_UNDECODABLE,
            id=self._ids.id_for(PROTOCOL, name, _digest(raw.hex()), "bad", at=at),
            source=self._source,
            subject=name,
            received_at=at,
            data=EventData(note=fit(reason, 1000), raw=raw_hex(raw), code=fit(code, 64) or None),
        )

    def _is_news(self, told: Told, block: Block) -> bool:
        return self._codes.first(told.account, block.code, by=told.key, at=told.at)

    def _block(self, told: Told, place: tuple[int, str], block: Block, note: str | None) -> Event:
        content = told.content
        words = [note, block.meaning.word, block.text, *texts_of(content)]
        data = EventData(
            code=fit(block.code, 64),
            part=fit(block.zone or "", 64) or None,
            location_code=fit(block.area or "", 16) or None,
            location_text=fit(content.place or "", 200) or None,
            note=fit("; ".join(word for word in words if word), 1000),
            position=content.position,
        )
        kind = block.meaning.kind
        event_id = self._id(told, *place, kind)
        if kind is Kind.DEVICE_ALIVE:
            event_id = derive_id(event_id, told.at)
        return self._event(kind, event_id, told, data, old=block.old)

    def _id(self, told: Told, *what: object) -> str:
        return self._ids.id_for(PROTOCOL, *told.key, *what, at=told.at)

    def _event(
        self, kind: Kind, event_id: str, told: Told, data: EventData, *, old: bool = False
    ) -> Event:
        return make_event(
            kind,
            id=event_id,
            source=self._source,
            subject=subject(PROTOCOL, told.account),
            received_at=told.at,
            occurred_at=told.content.occurred_at,
            sequence=told.frame.sequence or None,
            history=old,
            data=data,
        )


def nothing_of(frame: Frame, at: Instant) -> Told:
    """Return the frame as one whose content is not known."""
    return Told(frame, _NO_DATA, frame.account, at)


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()
