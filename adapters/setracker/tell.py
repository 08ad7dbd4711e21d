"""From the content of a frame to canonical events.

The dedupe key of an alarm or a position is id, type and a digest of the content, the window 10
minutes: there is no serial, but every such frame holds its time. A heartbeat holds none and is
counted each time it comes.
"""

from collections.abc import Iterator

from adapters.setracker.config import SetrackerConfig
from adapters.setracker.content import Content, parse_content
from adapters.setracker.frame import Frame
from adapters.setracker.status import (
    Meaning,
    alarms,
    battery_is_low,
    has_position,
    is_alarm,
    is_buffered,
    is_known,
)
from adapters.tracker import Frame as Told
from adapters.tracker import Saying, Telling, Unreadable, digest
from adapters.tracker.states import States
from routing.event import Event, EventData
from routing.instant import MINUTE, Instant
from routing.kinds import Kind

PROTOCOL = "setracker"
WINDOW = 10 * MINUTE
_NO_FIX = "no fix: the last known position"
_LOW_STATE = Meaning(Kind.BATTERY_LOW, "battery low", "status=0x00000001")


class Teller:
    """Makes the events of one listener."""

    def __init__(self, config: SetrackerConfig) -> None:
        self._telling = Telling(PROTOCOL, config, WINDOW)
        self._states = States()

    def events(self, frame: Frame, at: Instant) -> list[Event]:
        """Return the events of a frame; never none."""
        own = (frame.type, digest(frame.content))
        told = Told(frame.id, own if has_position(frame) else (*own, at), at, frame.index)
        content = parse_content(frame)
        return self._telling.events(self._sayings(frame, content, told), told)

    def undecodable(self, bad: Unreadable, count: int, device: str | None, at: Instant) -> Event:
        """Return the event for `count` unreadable stretches, of which `bad` is the last."""
        return self._telling.undecodable(bad, count, device, at)

    def _sayings(self, frame: Frame, content: Content, told: Told) -> list[Saying]:
        buffered = is_buffered(frame) or self._telling.is_buffered(content.time, told.at)
        sayings = [
            _saying(content, meaning, buffered)
            for meaning in self._meanings(frame, content, buffered, told)
        ]
        if content.broken is not None:
            unreadable = Meaning(Kind.FRAME_UNDECODABLE, content.broken, f"type={frame.type[:16]}")
            sayings.append(_saying(content, unreadable, buffered))
        wrong = None if buffered else self._telling.wrong_clock(content.time, told)
        if wrong is not None:
            sayings.append(Saying(Kind.CLOCK_WRONG, wrong, content.time))
        return sayings + _samples(content, buffered, not sayings)

    def _meanings(
        self, frame: Frame, content: Content, buffered: bool, told: Told
    ) -> Iterator[Meaning]:
        if has_position(frame):
            yield from alarms(frame, content.status, short=content.short_status)
        if has_position(frame) and not buffered:
            low = (0,) if battery_is_low(content.status) else ()
            change = self._states.change(frame.id, low, told.key)
            if change.set and not is_alarm(frame):
                yield _LOW_STATE
        codes = [] if is_known(frame) else [f"type={frame.type}"]
        for code in self._telling.new_codes(codes, told):
            yield Meaning(Kind.CODE_UNKNOWN, "unknown type", code)


def _samples(content: Content, buffered: bool, alone: bool) -> list[Saying]:
    """A position where there is one; else a sign of life, unless another event is one already."""
    if content.position is not None:
        note = None if content.fixed else _NO_FIX
        data = EventData(note=note, battery_pct=content.battery_pct, position=content.position)
        return [Saying(Kind.POSITION_REPORTED, data, content.time, buffered)]
    alive = EventData(battery_pct=content.battery_pct)
    return [Saying(Kind.DEVICE_ALIVE, alive, content.time, buffered)] if alone else []


def _saying(content: Content, meaning: Meaning, buffered: bool) -> Saying:
    data = EventData(
        code=meaning.code,
        note=meaning.word,
        battery_pct=content.battery_pct,
        position=content.position,
    )
    return Saying(meaning.kind, data, content.time, buffered)
