"""From the records of a frame to canonical events.

The dedupe key is IMEI, time and event of a record, and its digest: a record is sent again, in the
same or another frame, until it is acknowledged. The window is an hour.
"""

from adapters.fit import percent, raw_hex
from adapters.teltonika.config import TeltonikaConfig
from adapters.teltonika.frame import Data
from adapters.teltonika.meanings import BATTERY_PCT, Meaning, meanings, unknown_event
from adapters.teltonika.records import LAYOUTS, Record, Records, parse_records
from adapters.tracker import Frame, Saying, Telling, Unreadable, digest
from routing.event import Event, EventData
from routing.instant import HOUR, Instant
from routing.kinds import Kind

PROTOCOL = "teltonika"
WINDOW = HOUR
_MOST_POSITIONS = 32
"""Positions told of one frame, the newest; each replaces the one before it."""
_FIXED = Meaning(Kind.POSITION_REPORTED)
_NO_FIX = Meaning(Kind.POSITION_REPORTED, note="no fix: the last known position")
_ALIVE = Meaning(Kind.DEVICE_ALIVE)


class Teller:
    """Makes the events of one listener."""

    def __init__(self, config: TeltonikaConfig) -> None:
        self._telling = Telling(PROTOCOL, config, WINDOW)

    def login(self, imei: str, at: Instant) -> list[Event]:
        """Return the sign of life that a login is."""
        alive = Saying(Kind.DEVICE_ALIVE, EventData(code="login"))
        return self._telling.events([alive], Frame(imei, ("login", at), at))

    def events(self, data: Data, imei: str | None, at: Instant) -> list[Event]:
        """Return the events of a data frame; never none."""
        frame = Frame(imei, (), at)
        if data.codec not in LAYOUTS:
            return self._telling.events([_unsupported(data)], frame)
        read = parse_records(data.content)
        sayings, left = self._telling.bounded(self._spoken(read, data, frame))
        if left:
            unknown = EventData(code=left)
            sayings.append(Saying(Kind.CODE_UNKNOWN, unknown, key=(digest(data.content),)))
        return self._telling.events([*sayings, *self._samples(read, frame)], frame)

    def undecodable(self, bad: Unreadable, count: int, imei: str | None, at: Instant) -> Event:
        """Return the event for `count` unreadable stretches, of which `bad` is the last."""
        return self._telling.undecodable(bad, count, imei, at)

    def _spoken(self, read: Records, data: Data, frame: Frame) -> list[Saying]:
        sayings = [saying for record in read.records for saying in self._record(record, frame)]
        if read.fault is not None or not read.records:
            note = read.fault or "it holds no record"
            broken = EventData(note=note, raw=raw_hex(data.content))
            sayings.append(Saying(Kind.FRAME_UNDECODABLE, broken, key=(digest(data.content),)))
        return sayings

    def _record(self, record: Record, frame: Frame) -> list[Saying]:
        sayings = [self._saying(record, meaning, frame) for meaning in meanings(record)]
        unknown = unknown_event(record)
        told = Frame(frame.device, _key(record), frame.at)
        for code in self._telling.new_codes([unknown] if unknown else [], told):
            sayings.append(self._saying(record, Meaning(Kind.CODE_UNKNOWN, code), frame))
        return sayings + self._clock(record, told)

    def _clock(self, record: Record, told: Frame) -> list[Saying]:
        """An old record was kept in the device; only what cannot be so is a wrong clock."""
        if self._telling.is_buffered(record.time, told.at):
            return []
        if record.time is None:
            note = "the device's clock tells a time beyond the year 9999"
            return [self._saying(record, Meaning(Kind.CLOCK_WRONG, None, note), told)]
        wrong = self._telling.wrong_clock(record.time, told)
        return [] if wrong is None else [Saying(Kind.CLOCK_WRONG, wrong, key=_key(record))]

    def _samples(self, read: Records, frame: Frame) -> list[Saying]:
        """Where the device was, oldest first; a sign of life where it never says."""
        placed = [record for record in read.records if record.position is not None]
        placed.sort(key=lambda record: record.time or 0)
        sayings = [
            self._saying(record, _FIXED if record.satellites else _NO_FIX, frame)
            for record in placed[-_MOST_POSITIONS:]
        ]
        if not sayings and read.records:
            sayings.append(self._saying(read.records[-1], _ALIVE, frame))
        return sayings

    def _saying(self, record: Record, meaning: Meaning, frame: Frame) -> Saying:
        data = EventData(
            code=meaning.code,
            note=meaning.note,
            part=meaning.part,
            battery_pct=percent(record.io.get(BATTERY_PCT)),
            position=record.position,
        )
        history = self._telling.is_buffered(record.time, frame.at)
        return Saying(meaning.kind, data, record.time, history, _key(record))


def _key(record: Record) -> tuple[object, ...]:
    return (record.time, record.event, digest(record.octets))


def _unsupported(data: Data) -> Saying:
    note = f"codec 0x{data.codec:02x} is not read: set the device to codec 8 or 8 extended"
    unread = EventData(code=f"codec=0x{data.codec:02x}", note=note, raw=raw_hex(data.content))
    return Saying(Kind.FRAME_UNDECODABLE, unread, key=(digest(data.content),))
