"""What one H02 frame says, whatever its form."""

from dataclasses import dataclass

from adapters.tracker.numbers import utc
from routing.event import Position
from routing.instant import DAY, Instant, to_datetime


@dataclass(slots=True)
class Content:
    """What was found; nothing in it is certain to be there."""

    time: Instant | None = None
    status: int | None = None
    """None where the frame has no status word, which is not the same as an idle one."""
    lacks_status: bool = False
    """True for a place without a status word: some models leave it out."""
    battery_pct: float | None = None
    position: Position | None = None
    fixed: bool = False
    """False when the position is the last known one."""
    broken: str | None = None
    """What could not be read, in plain words."""


def instant(date: str | None, time: str | None, at: Instant) -> Instant | None:
    """Return the instant of ddmmyy and hhmmss; without a date the one nearest to `at`."""
    if time is None:
        return None
    if date is not None:
        return utc(date + time)
    days = (to_datetime(at + shift * DAY).strftime("%d%m%y") for shift in (-1, 0, 1))
    near = [moment for day in days if (moment := utc(day + time)) is not None]
    return min(near, key=lambda moment: abs(moment - at), default=None)


def degrees(whole: int, minutes: float, negative: bool, most: int) -> float | None:
    """Return degrees and minutes as degrees; None where that is no coordinate."""
    value = whole + minutes / 60
    if minutes >= 60 or value > most:
        return None
    return -value if negative else value
