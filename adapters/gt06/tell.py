"""From the content of a frame to canonical events.

The dedupe key is IMEI, type, serial and a digest of the content, the window 10 minutes: serials
begin anew with each connection, so the content has to tell presses apart as well.
"""

from dataclasses import dataclass

from adapters.gt06.alarms import Meaning, meanings
from adapters.gt06.config import Gt06Config
from adapters.gt06.content import Content
from adapters.gt06.frame import WRONG_CHECKSUM, Frame, unchecked
from adapters.gt06.layouts import is_known, parse_content
from adapters.tracker import Frame as Told
from adapters.tracker import Saying, Telling, Unreadable, digest
from routing.event import Event, EventData
from routing.instant import MINUTE, SECOND, Instant
from routing.kinds import Kind

PROTOCOL = "gt06"
WINDOW = 10 * MINUTE
_NO_FIX = "no fix: the last known position"


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who speaks on a connection, as the login says."""

    imei: str | None = None
    offset_s: int = 0
    """The device's time zone, east positive; many tell UTC whatever it is."""


class Teller:
    """Makes the events of one listener."""

    def __init__(self, config: Gt06Config) -> None:
        self._telling = Telling(PROTOCOL, config, WINDOW)

    def login(self, imei: str, at: Instant) -> list[Event]:
        """Return the sign of life that a login is."""
        alive = Saying(Kind.DEVICE_ALIVE, EventData(code="login"))
        return self._telling.events([alive], Told(imei, ("login", at), at))

    def events(self, frame: Frame, speaker: Speaker, at: Instant) -> list[Event]:
        """Return the events of a frame; never none."""
        key = (frame.type, frame.serial, digest(frame.content))
        told = Told(speaker.imei, key, at)
        content = parse_content(frame)
        content.time = self._settled(content.time, speaker, at)
        return self._telling.events(self._sayings(frame, content, told), told)

    def undecodable(self, bad: Unreadable, count: int, imei: str | None, at: Instant) -> Event:
        """Return the event for `count` unreadable stretches, of which `bad` is the last."""
        reason = bad.reason + _reading(bad)
        return self._telling.undecodable(Unreadable(bad.raw, reason), count, imei, at)

    def _settled(self, time: Instant | None, speaker: Speaker, at: Instant) -> Instant | None:
        """Return the time in UTC. Devices that tell local time cannot be told from those that tell
        UTC, so the zone of the login counts where the time is near ours with it only."""
        if time is None:
            return None
        moved = time - speaker.offset_s * SECOND
        return moved if self._telling.is_near(moved, at) else time

    def _sayings(self, frame: Frame, content: Content, told: Told) -> list[Saying]:
        buffered = content.buffered or self._telling.is_buffered(content.time, told.at)
        told_of = meanings(frame, content)
        sayings = [_saying(content, meaning, buffered) for meaning in told_of]
        sayings += [
            _saying(content, Meaning(Kind.FRAME_UNDECODABLE, words, f"part={place}"), buffered)
            for place, words in enumerate(content.broken)
        ]
        codes = [] if is_known(frame) else [f"type=0x{frame.type:02x}"]
        for code in self._telling.new_codes(codes, told):
            sayings.append(_saying(content, Meaning(Kind.CODE_UNKNOWN, code=code), buffered))
        wrong = None if buffered else self._telling.wrong_clock(content.time, told)
        if wrong is not None:
            sayings.append(Saying(Kind.CLOCK_WRONG, wrong, content.time))
        return sayings + _samples(content, buffered, not sayings)


def _samples(content: Content, buffered: bool, alone: bool) -> list[Saying]:
    """A position where there is one; else a sign of life, unless another event is one already."""
    if content.position is not None:
        note = None if content.fixed else _NO_FIX
        return [_saying(content, Meaning(Kind.POSITION_REPORTED, note), buffered)]
    return [_saying(content, Meaning(Kind.DEVICE_ALIVE), buffered)] if alone else []


def _saying(content: Content, meaning: Meaning, buffered: bool) -> Saying:
    data = EventData(
        code=meaning.code,
        part=meaning.part,
        note=meaning.note,
        battery_pct=content.battery_pct,
        position=content.position,
    )
    return Saying(meaning.kind, data, content.time, buffered)


def _reading(bad: Unreadable) -> str:
    """Return what a frame with a wrong checksum seems to say: a hint for who looks for it."""
    frame = unchecked(bad.raw) if bad.reason == WRONG_CHECKSUM else None
    if frame is None:
        return ""
    kinds = ", ".join(meaning.kind for meaning in meanings(frame, parse_content(frame)))
    return f"; type 0x{frame.type:02x}" + (f", which would be {kinds}" if kinds else "")
