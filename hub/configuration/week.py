"""A local week as a set of minutes: one integer, bit 0 is Monday 00:00, bit 10079 Sunday 23:59.

Clock changes need no rule of their own: shifts are wall-clock, so the skipped or doubled hour of a
night belongs to whoever has that night.
"""

from typing import NamedTuple

Minutes = int
"""A set of minutes of the week."""

DAY = 24 * 60
WEEK = 7 * DAY
NEVER: Minutes = 0
ALWAYS: Minutes = (1 << WEEK) - 1


def span(weekday: int, start: int, end: int) -> Minutes:
    """Return the minutes from `start` on the weekday until `end`; not after `start`: next day."""
    length = (end - start) % DAY or DAY
    minutes = ((1 << length) - 1) << (weekday * DAY + start)
    return (minutes | minutes >> WEEK) & ALWAYS


class Gap(NamedTuple):
    """A run of minutes: its start and end as weekday (0 is Monday) and minute of that day."""

    from_day: int
    from_minute: int
    to_day: int
    to_minute: int


def first_gap(covered: Minutes) -> Gap | None:
    """Return the first run of minutes not covered that begins in the week; None when there is none.

    ValueError when nothing at all is covered: that is no gap but the whole week.
    """
    if covered == NEVER:
        raise ValueError("nothing is covered, so there is no gap with a beginning")
    missing = ALWAYS & ~covered
    if not missing:
        return None
    before = ((covered << 1) | (covered >> (WEEK - 1))) & ALWAYS
    start = _lowest(missing & before)
    turned = ((covered >> start) | (covered << (WEEK - start))) & ALWAYS
    end = (start + _lowest(turned)) % WEEK
    return Gap(*divmod(start, DAY), *divmod(end, DAY))


def _lowest(minutes: Minutes) -> int:
    return (minutes & -minutes).bit_length() - 1
