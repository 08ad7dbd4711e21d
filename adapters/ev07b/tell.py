"""From the content of a frame to canonical events.

The dedupe key is device, frame index and digest of the content, the window 10 minutes: a frame that
is sent again gives the same events; later it is a new press.
"""

from adapters.ev07b.alarms import meanings
from adapters.ev07b.config import Ev07bConfig
from adapters.ev07b.content import KNOWN_TYPES, Alarm, Content, FrameType
from adapters.ev07b.frame import Frame
from adapters.tracker import Frame as Told
from adapters.tracker import Saying, Telling, Unreadable, digest
from routing.event import Event, EventData
from routing.instant import MINUTE, Instant
from routing.kinds import Kind

PROTOCOL = "ev07b"
WINDOW = 10 * MINUTE


class Teller:
    """Makes the events of one listener."""

    def __init__(self, config: Ev07bConfig) -> None:
        self._telling = Telling(PROTOCOL, config, WINDOW)

    def events(self, frame: Frame, content: Content, imei: str | None, at: Instant) -> list[Event]:
        """Return the events of a frame from the device (None while its id is unknown)."""
        key = (frame.index, digest(frame.content))
        told = Told(imei, key, at, str(frame.index))
        return self._telling.events(self._sayings(content, told), told)

    def undecodable(self, bad: Unreadable, count: int, imei: str | None, at: Instant) -> Event:
        """Return the event for `count` unreadable stretches, of which `bad` is the last."""
        return self._telling.undecodable(bad, count, imei, at)

    def _sayings(self, content: Content, told: Told) -> list[Saying]:
        sayings = [saying for alarm in content.alarms for saying in _alarm(content, alarm)]
        sayings += self._faults(content, told)
        sayings, left = self._telling.bounded(sayings)
        if left:
            sayings.append(_saying(content, Kind.CODE_UNKNOWN, code=left))
        if content.type == FrameType.DATA:
            sayings += _samples(content, not sayings)
        return sayings

    def _faults(self, content: Content, told: Told) -> list[Saying]:
        faults = [
            _saying(content, Kind.FRAME_UNDECODABLE, note=words, code=f"item={place}")
            for place, words in enumerate(content.broken)
        ]
        codes = [f"key=0x{key:02x}" for key in content.unknown_keys]
        if content.type not in KNOWN_TYPES:
            codes.append(f"type=0x{content.type:02x}")
        new = self._telling.new_codes(codes, told)
        faults += [_saying(content, Kind.CODE_UNKNOWN, code=code) for code in new]
        # An archived frame is old by right; of any other the clock must be near ours.
        wrong = None if content.archived else self._telling.wrong_clock(content.time, told)
        if wrong is not None:
            note, off_s = wrong.note, wrong.duration_s
            faults.append(_saying(content, Kind.CLOCK_WRONG, note=note, duration_s=off_s))
        return faults


def _alarm(content: Content, alarm: Alarm) -> list[Saying]:
    when = alarm.at if alarm.at is not None else content.time
    return [
        _saying(
            content,
            meaning.kind,
            when=when,
            code=f"alarm=0x{1 << bit if bit >= 0 else 0:08x}",
            part=meaning.part,
            note=meaning.word,
        )
        for bit, meaning in meanings(alarm.bits)
    ]


def _samples(content: Content, alone: bool) -> list[Saying]:
    """A position where there is one; else a sign of life, unless another event is one already."""
    if content.position is not None:
        return [_saying(content, Kind.POSITION_REPORTED)]
    return [_saying(content, Kind.DEVICE_ALIVE)] if alone else []


def _saying(
    content: Content,
    kind: Kind,
    *,
    when: Instant | None = None,
    code: str | None = None,
    part: str | None = None,
    note: str | None = None,
    duration_s: float | None = None,
) -> Saying:
    data = EventData(
        code=code,
        part=part,
        note=note,
        battery_pct=content.battery_pct,
        position=content.position,
        duration_s=duration_s,
    )
    return Saying(kind, data, when if when is not None else content.time, content.archived)
