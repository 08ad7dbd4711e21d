"""A local week as a set of minutes: one integer, bit 0 is Monday 00:00, bit 10079 Sunday 23:59.

Clock changes need no rule of their own: shifts are wall-clock, so the skipped or doubled hour of a
night belongs to whoever has that night.
"""

from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import NamedTuple

Minutes = int
"""A set of minutes of the week."""

DAY = 24 * 60
WEEK = 7 * DAY
NEVER: Minutes = 0
ALWAYS: Minutes = (1 << WEEK) - 1


class Gap(NamedTuple):
    """A run of minutes: its start and end as weekday (0 is Monday) and minute of that day."""

    from_day: int
    from_minute: int
    to_day: int
    to_minute: int


A_WHOLE_WEEK = Gap(0, 0, 0, 0)
"""From Monday to Monday."""


def weekly(days: Iterable[int], start: int, end: int) -> Minutes:
    """Return the minutes from `start` on each of the days until `end`; an end not after the start
    is of the next day, and the week goes round."""
    run = (1 << ((end - start) % DAY or DAY)) - 1
    minutes = reduce(or_, (run << (day * DAY + start) for day in days), NEVER)
    return (minutes | minutes >> WEEK) & ALWAYS


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
