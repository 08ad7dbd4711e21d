"""From the content of a frame to canonical events.

The dedupe key of a frame that tells its time is id and a digest of the frame, the window 10
minutes. A frame without a time is counted each time it comes.
"""

from collections.abc import Iterator

from adapters.h02 import status
from adapters.h02.binary import parse_binary
from adapters.h02.config import H02Config
from adapters.h02.content import Content
from adapters.h02.frame import Frame, Text
from adapters.h02.text import is_known, parse_text
from adapters.tracker import Frame as Told
from adapters.tracker import Saying, Telling, Unreadable, digest
from adapters.tracker.states import States
from routing.event import Event, EventData
from routing.instant import MINUTE, Instant
from routing.kinds import KINDS, Kind, Lane

PROTOCOL = "h02"
WINDOW = 10 * MINUTE
_NO_FIX = "no fix: the last known position"


class Teller:
    """Makes the events of one listener."""

    def __init__(self, config: H02Config) -> None:
        self._telling = Telling(PROTOCOL, config, WINDOW)
        self._states = States()

    def events(self, frame: Frame, at: Instant) -> list[Event]:
        """Return the events of a frame; never none."""
        content = parse_text(frame, at) if isinstance(frame, Text) else parse_binary(frame, at)
        key: tuple[object, ...] = (digest(frame.raw),)
        told = Told(frame.id, key if content.time is not None else (*key, at), at)
        return self._telling.events(self._sayings(frame, content, told), told)

    def undecodable(self, bad: Unreadable, count: int, device: str | None, at: Instant) -> Event:
        """Return the event for `count` unreadable stretches, of which `bad` is the last."""
        return self._telling.undecodable(bad, count, device, at)

    def _sayings(self, frame: Frame, content: Content, told: Told) -> list[Saying]:
        buffered = self._telling.is_buffered(content.time, told.at)
        sayings: list[Saying] = []
        if content.status is not None:
            on = status.active(content.status)
            sayings += _history(content, on) if buffered else self._news(content, on, told)
        if content.broken is not None:
            sayings.append(
                _saying(content, Kind.FRAME_UNDECODABLE, "place", content.broken, buffered)
            )
        for code in self._telling.new_codes(_unknown(frame, content), told):
            sayings.append(_saying(content, Kind.CODE_UNKNOWN, code, None, buffered))
        wrong = None if buffered else self._telling.wrong_clock(content.time, told)
        if wrong is not None:
            sayings.append(Saying(Kind.CLOCK_WRONG, wrong, content.time))
        return sayings + _samples(content, buffered, not sayings)

    def _news(self, content: Content, on: frozenset[int], told: Told) -> Iterator[Saying]:
        change = self._states.change(told.device, on, told.key)
        for code, meaning in status.begun(on, change.set):
            yield _saying(content, meaning.kind, code, meaning.word, False)
        for code, kind in status.ended(change.cleared):
            yield _saying(content, kind, code, None, False)


def _history(content: Content, on: frozenset[int]) -> Iterator[Saying]:
    """What was on in an old frame; of that only what brings a person is worth telling."""
    for code, meaning in status.begun(on, on):
        if KINDS[meaning.kind].lane is Lane.HELP:
            yield _saying(content, meaning.kind, code, meaning.word, True)


def _unknown(frame: Frame, content: Content) -> list[str]:
    """Return what a person should know of such frames once."""
    if not isinstance(frame, Text):
        return []
    if content.lacks_status:
        return [f"type={frame.type} without a status"]
    return [] if is_known(frame) else [f"type={frame.type}"]


def _samples(content: Content, buffered: bool, alone: bool) -> list[Saying]:
    """A position where there is one; else a sign of life, unless another event is one already."""
    if content.position is not None:
        note = None if content.fixed else _NO_FIX
        return [_saying(content, Kind.POSITION_REPORTED, None, note, buffered)]
    return [_saying(content, Kind.DEVICE_ALIVE, None, None, buffered)] if alone else []


def _saying(
    content: Content, kind: Kind, code: str | None, note: str | None, buffered: bool
) -> Saying:
    data = EventData(
        code=code, note=note, battery_pct=content.battery_pct, position=content.position
    )
    return Saying(kind, data, content.time, buffered)
